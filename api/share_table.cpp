// SPDX-License-Identifier: EUPL-1.2
#include "api/share_table.hpp"

#include "api/share_drawing.hpp"
#include "api/share_text.hpp"
#include "api/share_view.hpp"
#include "api/view_text.hpp"
#include "model/clock.hpp"
#include "model/csv_writer.hpp"

namespace relais::api::share_table {

namespace {

using json = nlohmann::json;

std::string text(const json& value) {
    if (value.is_null()) return {};
    return value.is_string() ? value.get<std::string>() : value.dump();
}

// Days are those of Paris, YYYY-MM-DD.
json day(const json& at) { return at.is_null() ? json() : json(view_text::local_day(model::at_seconds(at.get<std::int64_t>()))); }
json last_day(const json& until) { return day(share_text::last_moment(until)); }

class lines {
public:
    lines(std::string& out, const catalogue& texts, std::string_view language) : csv_(out), texts_(texts), language_(language) {
        through_.texts = &texts, through_.language = language, through_.for_people = true;
    }
    void add(std::string_view section, const std::string& code, const std::string& label, std::string_view measure, const json& value,
             std::string_view unit = {}) {
        csv_.row({section, code, label, measure, text(value), unit});
    }

    void decision(const json& of) {
        auto id = of["id"].dump();
        auto title = of["title"].get<std::string>();
        add("decision", id, title, of["decision"].get<std::string>(), of["text"]);
        for (const char* name : {"incident", "by", "due", "is_late", "state", "age_days"}) add("decision", id, title, name, of[name]);
        add("decision", id, title, "decided_on", day(of["decided_at"]));
    }

    void incident(const json& of) {
        number_ = of["number"].dump(), title_ = views::share_title(of, through_);
        const auto& counts = of["counts"];
        tell("incident", "what_happens", views::share_sentence(of, through_));
        if (of.contains("first_release")) tell("incident", "first_release", of["first_release"]);
        for (const char* name : {"state", "nature", "cause_owner", "severity", "age_days", "legal_on", "fix_release", "workaround"})
            tell("incident", name, of[name]);
        tell("incident", "fix_on", day(of["fix_at"]));
        for (const char* name : {"persons", "dossiers", "silent", "tickets", "contacts", "trend", "is_held"})
            tell("incident", name, counts[name]);
        if (counts.value("is_regrouped", false)) tell("incident", "is_regrouped", true);
        tell("incident", "counted_until", last_day(counts["counted_until"]));
        for (const char* name : {"happened", "asked"})
            for (const auto& each : of[name]) tell("incident", name, each);
        stretches(counts), departments(counts), commitments(of);
        if (of.contains("law")) legal_case(of["law"]);
    }

    void oldest(const json& of, std::size_t rank) { add("oldest", of["number"].dump(), views::share_title(of, through_), "rank", rank); }

    void figure(const json& of) {
        auto id = of["id"].get<std::string>(), name = share_text::name(id, texts_, language_);
        for (const char* measure : {"value", "target", "before"}) add("figure", id, name, measure, of[measure], share_text::unit(id));
        add("figure", id, name, "part", of["part"], share_text::part_unit(id));
        add("figure", id, name, "whole", of["whole"], of["whole"].is_null() ? "" : "count");
        add("figure", id, name, "is_met", of["is_met"]);
        if (auto note = share_text::note(of, texts_, language_); !note.empty()) add("figure", id, name, "note", note);
    }

private:
    // Of the incident that is told.
    void tell(std::string_view section, std::string_view measure, const json& value) { add(section, number_, title_, measure, value); }

    void stretches(const json& counts) {
        for (const auto& each : counts["stretches"]) {
            auto days = text(day(each["from_at"])) + "/" + text(last_day(each["until_at"])); // an interval of ISO 8601
            for (const char* name : {"tickets", "persons"}) tell(std::string("incident.stretch.") + name, days, each[name]);
        }
    }

    void departments(const json& counts) {
        for (const auto& each : counts["departments"]) {
            auto code = each["code"].get<std::string>();
            tell("incident.department", code, each["tickets"]), tell("incident.department.persons", code, each["persons"]);
        }
        if (counts["rest"]["departments"] != 0)
            for (const char* name : {"departments", "tickets"}) tell("incident.department.rest", name, counts["rest"][name]);
        if (const auto* of = share_drawing::mapped_stretch(counts)) {
            tell("incident.department.period", "from", day((*of)["from_at"]));
            tell("incident.department.period", "until", last_day((*of)["until_at"]));
        }
    }

    void commitments(const json& of) {
        for (const auto& each : of["commitments"]) {
            auto what = each["what"].get<std::string>();
            tell("incident.commitment", what, each["state"]), tell("incident.commitment.due", what, day(each["due_at"]));
        }
    }

    void legal_case(const json& law) {
        tell("legal_case", "article", share_text::article(law, texts_, language_));
        for (const char* name : {"persons", "procedure"}) tell("legal_case", name, law[name]);
    }

    model::csv_writer csv_;
    const catalogue& texts_;
    std::string language_;
    lens through_;
    std::string number_, title_;
};

void incidents(lines& to, const json& body) {
    for (const auto& each : body["incidents"]) to.incident(each);
    std::size_t rank = 0;
    for (const auto* each : share_text::oldest(body)) to.oldest(*each, ++rank);
}

void volumes(lines& to, const json& of, const char* section) {
    for (const auto& each : of["rows"]) to.add(section, each["code"], "", "tickets", each["tickets"]);
    if (of["rest"]["rows"] != 0) to.add(section, "rest", "", "tickets", of["rest"]["tickets"]);
}

void corrections(lines& to, const json& body) {
    for (const auto& each : body["corrections"])
        for (const char* side : {"was", "is"})
            to.add("correction", each["week"], each["id"], side, each[side]["value"], share_text::unit(each["id"].get<std::string>()));
}

} // namespace

std::string csv(const model::weekly_share& share, const catalogue& texts, std::string_view language) {
    auto body = json::parse(share.body);
    std::string out;
    lines to(out, texts, language);
    to.add("section", "code", "label", "measure", "value", "unit");
    to.add("share", share.week, "", "sha256", share.sha256);
    to.add("share", share.week, "", "from", day(body["from_at"]));
    to.add("share", share.week, "", "until", last_day(body["until_at"]));
    to.add("share", share.week, "", "hours", body["hours"]);
    to.add("share", share.week, "", "open", body["sections"]["open"]);
    for (const auto& each : body["decisions"]) to.decision(each);
    incidents(to, body);
    for (const auto& each : body["figures"]) to.figure(each);
    for (const char* name : {"received", "closed"}) to.add("volume", "", "", name, body["volumes"][name]);
    volumes(to, body["volumes"]["channels"], "channel");
    volumes(to, body["volumes"]["procedures"], "procedure");
    for (const auto& [name, value] : body["callbacks"].items()) to.add("callback", "", "", name, value);
    corrections(to, body);
    return out;
}

} // namespace relais::api::share_table
