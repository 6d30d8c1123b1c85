// SPDX-License-Identifier: EUPL-1.2
#include "api/share_workbook.hpp"

#include "api/share_drawing.hpp"
#include "api/share_text.hpp"
#include "api/share_view.hpp"
#include "api/workbook.hpp"

#include <algorithm>

namespace relais::api::share_workbook {

namespace {

using json = nlohmann::json;
using enum workbook::kind;
using cells = std::vector<json>;

class writer {
public:
    writer(const model::weekly_share& share, const catalogue& texts, std::string_view language)
        : share_(share), body_(json::parse(share.body)), texts_(texts), language_(language), book_(share.week, share.made_at) {
        through_.texts = &texts, through_.language = language, through_.for_people = true;
    }

    std::string write() {
        summary(), decisions(), incidents(), oldest(), departments(), stretches(), legal_cases(), figures(), volumes(), corrections();
        return book_.finish();
    }

private:
    std::string say(const std::string& key) const { return texts_.say(language_, key); }
    std::string label(const char* family, const json& code) const {
        auto text = code.get<std::string>();
        if (text.empty()) return {};
        auto key = std::string(family) + "." + text;
        return texts_.find(language_, key) ? say(key) : text;
    }
    std::string labels(const char* family, const json& codes) const {
        std::string out;
        for (const auto& each : codes) out += (out.empty() ? "" : ", ") + label(family, each);
        return out;
    }
    std::string unit(const std::string& id) const {
        auto code = share_text::unit(id);
        return code.empty() ? std::string{} : say("share.unit." + std::string(code));
    }
    void sheet(const char* name, std::vector<workbook::column> columns) {
        for (auto& each : columns) each.head = say("share.column." + each.head);
        book_.begin_sheet(say(std::string("share.sheet.") + name), columns);
    }

    void summary() {
        sheet("summary", {{"what"}, {"value", wide_text}});
        book_.row({say("share.column.week"), share_.week});
        book_.row({say("share.column.period"), views::week_words(share_.from_at, share_.until_at, through_)});
        book_.row({say("share.column.hours"), body_["hours"]});
        book_.row({say("share.column.sha256"), share_.sha256});
        book_.row({say("share.received"), body_["volumes"]["received"]});
        book_.row({say("share.closed"), body_["volumes"]["closed"]});
        book_.row({say("share.open"), body_["sections"]["open"]});
        for (const char* each : {"promised", "called", "kept", "reached"})
            book_.row({say(std::string("share.callback.") + each), body_["callbacks"][each]});
        for (const char* each : {"new", "regressed", "bursting", "escalated", "worked_around", "fixed", "verified", "closed"})
            book_.row({say(std::string("share.heading.") + each), body_["sections"][each].size()});
        book_.row({say("share.few_title"), say("share.few_text")});
    }

    void decisions() {
        sheet("decisions", {{"number", whole},
                            {"title", wide_text},
                            {"decision"},
                            {"text", wide_text},
                            {"due", day},
                            {"by"},
                            {"decided", day},
                            {"age", whole},
                            {"late"},
                            {"state"}});
        for (const auto& each : body_["decisions"])
            book_.row({each["incident"], each["title"], label("decision", each["decision"]), each["text"], each["due"], each["by"],
                       each["decided_at"], each["age_days"], each["is_late"], label("incident.state", each["state"])});
    }

    void incidents() {
        sheet("incidents", {{"number", whole},
                            {"title", wide_text},
                            {"what_happens", wide_text},
                            {"state"},
                            {"happened"},
                            {"nature"},
                            {"cause_owner"},
                            {"severity"},
                            {"age", whole},
                            {"persons", whole},
                            {"dossiers", whole},
                            {"silent", whole},
                            {"tickets", whole},
                            {"contacts", whole},
                            {"trend"},
                            {"counted_until", day},
                            {"held"},
                            {"regrouped"},
                            {"legal_on", day},
                            {"fix_at", day},
                            {"first_release"},
                            {"release"},
                            {"acceptance"},
                            {"acceptance_due", day},
                            {"workaround"},
                            {"workaround_due", day},
                            {"date"},
                            {"date_due", day},
                            {"workaround_text", wide_text},
                            {"asked", wide_text}});
        for (const auto& each : body_["incidents"]) {
            auto row = nature(each);
            for (const auto& part : {numbers(each["counts"]), releases(each), commitments(each["commitments"])})
                row.insert(row.end(), part.begin(), part.end());
            row.push_back(each["workaround"]), row.push_back(labels("share.asked", each["asked"]));
            book_.row(row);
        }
    }
    cells nature(const json& of) const {
        return {of["number"],
                views::share_title(of, through_),
                views::share_sentence(of, through_),
                label("incident.state", of["state"]),
                labels("share.heading", of["happened"]),
                label("nature", of["nature"]),
                label("cause_owner", of["cause_owner"]),
                label("incident.severity", of["severity"]),
                of["age_days"]};
    }
    cells numbers(const json& counts) const {
        return {counts["persons"],
                counts["dossiers"],
                counts["silent"],
                counts["tickets"],
                counts["contacts"],
                say("share.trend." + counts["trend"].get<std::string>()),
                share_text::last_moment(counts["counted_until"]),
                counts["is_held"],
                counts.value("is_regrouped", false)};
    }
    static cells releases(const json& of) {
        return {of["legal_on"], of["fix_at"], of.value("first_release", std::string{}), of["fix_release"]};
    }
    // Of each promise: whether it is kept, and by when it was due.
    cells commitments(const json& promised) const {
        cells out;
        for (const char* what : {"acceptance", "workaround", "date"}) {
            json state, due;
            for (const auto& one : promised)
                if (one["what"] == what) state = label("share.kept", one["state"]), due = one["due_at"];
            out.push_back(std::move(state)), out.push_back(std::move(due));
        }
        return out;
    }

    void oldest() {
        sheet("oldest", {{"rank", whole}, {"number", whole}, {"title", wide_text}, {"state"}, {"age", whole}});
        auto rank = 0;
        for (const auto* each : share_text::oldest(body_))
            book_.row({++rank, (*each)["number"], views::share_title(*each, through_), label("incident.state", (*each)["state"]),
                       (*each)["age_days"]});
    }

    void departments() {
        sheet("departments",
              {{"number", whole}, {"department"}, {"name"}, {"new_persons", whole}, {"tickets", whole}, {"from", day}, {"until", day}});
        for (const auto& each : body_["incidents"]) {
            const auto& counts = each["counts"];
            const auto* mapped = share_drawing::mapped_stretch(counts);
            auto from = mapped ? (*mapped)["from_at"] : json(), until = mapped ? share_text::last_moment((*mapped)["until_at"]) : json();
            for (const auto& one : counts["departments"])
                book_.row({each["number"], one["code"], label("department", one["code"]), one["persons"], one["tickets"], from, until});
            if (counts["rest"]["departments"] != 0)
                book_.row({each["number"], "", say("share.rest_departments"), json(), counts["rest"]["tickets"], from, until});
        }
    }

    void stretches() {
        sheet("trend", {{"number", whole}, {"from", day}, {"until", day}, {"tickets", whole}, {"new_persons", whole}});
        // The incident of the most tickets first: it is the one that is drawn.
        std::vector<const json*> all;
        for (const auto& each : body_["incidents"]) all.push_back(&each);
        auto tickets = [](const json* of) {
            const auto& told = (*of)["counts"]["tickets"];
            return told.is_null() ? std::int64_t{0} : told.get<std::int64_t>();
        };
        std::stable_sort(all.begin(), all.end(), [&](const json* one, const json* other) { return tickets(one) > tickets(other); });
        for (const auto* each : all)
            for (const auto& one : (*each)["counts"]["stretches"])
                book_.row({(*each)["number"], one["from_at"], share_text::last_moment(one["until_at"]), one["tickets"], one["persons"]});
        if (!all.empty()) book_.chart(views::share_title(*all.front(), through_), 2, {3}, (*all.front())["counts"]["stretches"].size());
    }

    void legal_cases() {
        sheet("legal", {{"number", whole},
                        {"title", wide_text},
                        {"article", wide_text},
                        {"concerned", wide_text},
                        {"by_hand", wide_text},
                        {"state"},
                        {"persons", whole}});
        for (const auto& each : body_["incidents"])
            if (each.contains("law"))
                book_.row({each["number"], views::share_title(each, through_), share_text::article(each["law"], texts_, language_),
                           each["law"]["persons"], each["law"]["procedure"], label("incident.state", each["state"]),
                           each["counts"]["persons"]});
    }

    void figures() {
        sheet("figures", {{"figure"},
                          {"name", wide_text},
                          {"value", decimal},
                          {"unit"},
                          {"part", whole},
                          {"whole", whole},
                          {"target", decimal},
                          {"met"},
                          {"before", decimal},
                          {"note", wide_text},
                          {"formula", wide_text}});
        for (const auto& each : body_["figures"]) {
            auto id = each["id"].get<std::string>();
            book_.row({id, share_text::name(id, texts_, language_), each["value"], unit(id), each["part"], each["whole"], each["target"],
                       each["is_met"], each["before"], share_text::note(each, texts_, language_), say(share_text::key(id, "formula"))});
        }
    }

    void volumes() {
        sheet("volumes", {{"kind"}, {"name", wide_text}, {"tickets", whole}});
        std::size_t channels = 0;
        for (const auto& [name, family] : {std::pair{"channels", "channel_name"}, {"procedures", "procedure"}}) {
            const auto& of = body_["volumes"][name];
            auto kind = say(std::string("share.") + name);
            for (const auto& each : of["rows"]) book_.row({kind, label(family, each["code"]), each["tickets"]});
            if (of["rest"]["rows"] != 0) book_.row({kind, say("share.rest_rows"), of["rest"]["tickets"]});
            if (channels == 0) channels = of["rows"].size();
        }
        book_.chart(say("share.channels"), 1, {2}, channels);
    }

    void corrections() {
        sheet("corrections", {{"week"}, {"figure"}, {"name", wide_text}, {"was", decimal}, {"is", decimal}, {"unit"}});
        for (const auto& each : body_["corrections"]) {
            auto id = each["id"].get<std::string>();
            book_.row(
                {each["week"], id, share_text::corrected_name(id, texts_, language_), each["was"]["value"], each["is"]["value"], unit(id)});
        }
    }

    const model::weekly_share& share_;
    json body_;
    const catalogue& texts_;
    std::string language_;
    lens through_;
    workbook book_;
};

} // namespace

std::string make(const model::weekly_share& share, const catalogue& texts, std::string_view language) {
    return writer(share, texts, language).write();
}

} // namespace relais::api::share_workbook
