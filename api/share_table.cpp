// SPDX-License-Identifier: EUPL-1.2
#include "api/share_table.hpp"

#include "api/share_text.hpp"
#include "api/share_view.hpp"
#include "model/csv_writer.hpp"

namespace relais::api::share_table {

namespace {

using json = nlohmann::json;

std::string text(const json& value) {
    if (value.is_null()) return {};
    return value.is_string() ? value.get<std::string>() : value.dump();
}

class lines {
public:
    lines(std::string& out, const lens& through) : csv_(out), through_(through) {}
    void add(std::string_view section, const std::string& code, const std::string& label, std::string_view measure, const json& value) {
        csv_.row({section, code, label, measure, text(value)});
    }

    void incident(const json& of) {
        auto number = of["number"].dump(), title = views::share_title(of, through_);
        add("incident", number, title, "what_happens", views::share_sentence(of, through_));
        if (of.contains("first_release")) add("incident", number, title, "first_release", of["first_release"]);
        for (const char* name : {"state", "nature", "cause_owner", "severity", "age_days", "legal_on", "fix_release"})
            add("incident", number, title, name, of[name]);
        for (const char* name : {"persons", "dossiers", "silent", "tickets", "contacts", "trend"})
            add("incident", number, title, name, of["counts"][name]);
        for (const auto& each : of["happened"]) add("incident", number, title, "happened", each);
        for (const auto& each : of["asked"]) add("incident", number, title, "asked", each);
        for (const auto& each : of["counts"]["departments"])
            add("incident.department", number, title, each["code"].get<std::string>(), each["tickets"]);
        for (const auto& each : of["commitments"])
            add("incident.commitment", number, title, each["what"].get<std::string>(), each["state"]);
        if (of.contains("law")) add("legal_case", number, title, "article", of["law"]["article"]);
    }

private:
    model::csv_writer csv_;
    const lens& through_;
};

void volumes(lines& to, const json& of, const char* section) {
    for (const auto& each : of["rows"]) to.add(section, each["code"], "", "tickets", each["tickets"]);
    if (of["rest"]["rows"] != 0) to.add(section, "rest", "", "tickets", of["rest"]["tickets"]);
}

} // namespace

std::string csv(const model::weekly_share& share, const catalogue& texts, std::string_view language) {
    lens through;
    through.texts = &texts, through.language = language, through.for_people = true;
    auto body = json::parse(share.body);
    std::string out;
    lines to(out, through);
    to.add("section", "code", "label", "measure", "value");
    to.add("share", share.week, "", "sha256", share.sha256);
    to.add("share", share.week, "", "hours", body["hours"]);
    for (const auto& each : body["decisions"]) {
        to.add("decision", each["id"].dump(), each["title"], each["decision"].get<std::string>(), each["text"]);
        to.add("decision", each["id"].dump(), each["title"], "age_days", each["age_days"]);
        to.add("decision", each["id"].dump(), each["title"], "due", each["due"]);
    }
    for (const auto& each : body["incidents"]) to.incident(each);
    for (const auto& each : body["figures"]) {
        auto id = each["id"].get<std::string>();
        for (const char* name : {"value", "part", "whole", "target", "is_met"})
            to.add("figure", id, share_text::name(id, texts, language), name, each[name]);
        if (auto note = share_text::note(each, texts, language); !note.empty())
            to.add("figure", id, share_text::name(id, texts, language), "note", note);
    }
    to.add("volume", "", "", "received", body["volumes"]["received"]);
    to.add("volume", "", "", "closed", body["volumes"]["closed"]);
    volumes(to, body["volumes"]["channels"], "channel");
    volumes(to, body["volumes"]["procedures"], "procedure");
    for (const auto& [name, value] : body["callbacks"].items()) to.add("callback", "", "", name, value);
    for (const auto& each : body["corrections"]) {
        to.add("correction", each["week"], each["id"], "was", each["was"]["value"]);
        to.add("correction", each["week"], each["id"], "is", each["is"]["value"]);
    }
    return out;
}

} // namespace relais::api::share_table
