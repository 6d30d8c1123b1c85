// SPDX-License-Identifier: EUPL-1.2
#include "model/category.hpp"
#include "model/department.hpp"
#include "model/dossier_status.hpp"
#include "model/error.hpp"
#include "model/procedure.hpp"
#include "model/rule.hpp"
#include "model/rule_decision.hpp"
#include "model/sql.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace relais::model::rules {

namespace {

class checker {
public:
    void fault(std::string field, std::string code, std::string message, std::string value = {}) {
        faults_.push_back({std::move(field), std::move(code), std::move(message), std::move(value)});
    }

    // A text in its stored form; required: with a fault of its own when it is empty.
    std::string words(std::string field, std::string_view typed, std::size_t limit, const char* missing = nullptr, bool is_long = false) {
        auto read = is_long ? text::check_message(typed, limit) : text::check_line(typed, limit);
        if (!read.accepted())
            faults_.push_back(model::fault(std::move(field), "text", read));
        else if (missing && read.normalised.find_first_not_of(" \n\t") == std::string::npos)
            fault(std::move(field), "missing", missing);
        return read.normalised;
    }

    template <class Known> void codes(const char* field, std::vector<std::string>& given, const Known& is_known) {
        std::sort(given.begin(), given.end());
        given.erase(std::unique(given.begin(), given.end()), given.end());
        for (const auto& each : given)
            if (!is_known(each)) return fault(field, "unknown", "fault.rule.code", each);
    }

    void done() {
        if (!faults_.empty()) throw invalid(std::move(faults_));
    }

private:
    std::vector<field_fault> faults_;
};

template <class List> auto one_of(const List& list) {
    return [&list](std::string_view code) { return std::find(list.begin(), list.end(), code) != list.end(); };
}

template <class Key> bool has_row(soci::session& sql, const char* query, const Key& key) {
    return sql::first<std::int64_t>(sql, query, key).has_value();
}

void check_conditions(soci::session& sql, checker& to, rule_conditions& when) {
    to.codes("procedures", when.procedures, procedures::is_known);
    to.codes("categories", when.categories, categories::is_known);
    to.codes("departments", when.departments, [](std::string_view code) { return departments::find(code) != nullptr; });
    to.codes("channels", when.channels, one_of(channels));
    to.codes("statuses", when.statuses, one_of(statuses));
    to.codes("waiting_reasons", when.waiting_reasons, one_of(waiting_reasons));
    to.codes("dossier_statuses", when.dossier_statuses, dossier_statuses::is_known);
    to.codes("flags", when.flags, one_of(flags));
    to.codes("clocks", when.clocks, one_of(clocks));
    to.codes("teams", when.teams, [&sql](const std::string& code) { return has_row(sql, "SELECT id FROM team WHERE code = :code", code); });
    if (when.legal_days && (*when.legal_days < 0 || *when.legal_days > days_limit))
        to.fault("legal_days", "out_of_range", "fault.rule.days", std::to_string(days_limit));
    if (when.words.size() > words_limit) to.fault("words", "too_many", "fault.rule.words", std::to_string(words_limit));
    for (auto& each : when.words) {
        auto read = text::check_line(each, word_limit);
        if (!read.accepted() || rule_words(read.normalised).size() < 2) {
            to.fault("words", "malformed", "fault.rule.word", each.substr(0, word_limit));
            break;
        }
        each = read.normalised;
    }
}

void check_actions(soci::session& sql, checker& to, rule_actions& then) {
    if (then.is_nothing()) to.fault("actions", "missing", "fault.rule.nothing");
    if (!then.category.empty() && !categories::is_known(then.category)) to.fault("set_category", "unknown", "fault.category.unknown");
    if (!then.team.empty() && !has_row(sql, "SELECT id FROM team WHERE code = :code", then.team))
        to.fault("set_team", "unknown", "fault.team.unknown");
    if (then.assignee != 0 &&
        !has_row(sql, "SELECT id FROM user_account WHERE id = :id AND disabled_at IS NULL AND role IN ('agent', 'resolver', 'supervisor')",
                 then.assignee))
        to.fault("set_assignee", "unknown", "fault.assignee.unknown");
    if (!then.hold.empty() && !one_of(holds)(then.hold)) to.fault("hold", "unknown", "fault.waiting.reason");
    if (then.hold.empty()) then.hold_detail.clear();
    then.hold_detail =
        to.words("hold_detail", then.hold_detail, detail_limit, then.hold == "external_owner" ? "fault.waiting.owner" : nullptr);
    then.note = to.words("note", then.note, note_limit, nullptr, true);
}

} // namespace

rule_text check(soci::session& sql, rule_text typed) {
    checker to;
    typed.title = to.words("title", typed.title, title_limit, "fault.rule.title");
    if (!one_of(events)(typed.event)) to.fault("event", "unknown", "fault.rule.event");
    if (typed.event != "waited") typed.after_hours = 0;
    if (typed.event == "waited" && (typed.after_hours < 1 || typed.after_hours > hours_limit))
        to.fault("after_hours", "out_of_range", "fault.rule.hours", std::to_string(hours_limit));
    check_conditions(sql, to, typed.when);
    check_actions(sql, to, typed.then);
    to.done();
    return typed;
}

} // namespace relais::model::rules
