// SPDX-License-Identifier: EUPL-1.2
#include "model/share_incident.hpp"

#include "model/incident_facts.hpp"
#include "model/incident_figures.hpp"
#include "model/incident_state.hpp"
#include "model/share_question.hpp"
#include "model/silent_dossier.hpp"
#include "model/small_cell.hpp"
#include "model/sql_bulk.hpp"

#include <algorithm>

namespace relais::model::share_incidents {

namespace {

using json = nlohmann::json;

template <class Value> const std::vector<Value>& of_one(const std::map<std::int64_t, std::vector<Value>>& all, std::int64_t number) {
    static const std::vector<Value> nothing;
    auto found = all.find(number);
    return found == all.end() ? nothing : found->second;
}

std::vector<std::string> numbers_of(const std::vector<incident>& all) {
    std::vector<std::string> out;
    for (const auto& each : all) out.push_back(std::to_string(each.id));
    return out;
}

// What was said of it later is not said of it: its nature, severity, whose cause it is, its workaround and when it is mended. Its words are
// today's.
incident as_of(incident of, const std::vector<incident_moment>& all, sys_seconds until) {
    json dated;
    auto is_dated_later = false;
    for (auto each = all.rbegin(); each != all.rend(); ++each) {
        auto is_later = !each->is_before(until);
        auto is_dating = each->action == "incident.scheduled" || each->action == "incident.fixed";
        auto data = each->data();
        if (is_later && each->action == "incident.described") of.nature = data.value("from", of.nature);
        if (is_later && each->action == "incident.cause") of.cause_owner = data.value("from", of.cause_owner);
        if (is_later && each->action == "incident.confirmed") {
            of.nature = data.value("nature_from", of.nature);
            of.cause_owner = data.value("cause_owner_from", of.cause_owner);
        }
        if (is_later) of.severity = data.value("severity_from", of.severity);
        if (is_dating && is_later) is_dated_later = true;
        if (is_dating && !is_later && dated.is_null()) dated = std::move(data);
    }
    if (of.workaround_at && *of.workaround_at >= until) of.public_workaround.clear(), of.internal_workaround.clear();
    if (!is_dated_later) return of;
    of.fix_release = dated.is_object() ? dated.value("release", std::string{}) : std::string{};
    auto at = dated.is_object() ? dated.find("at") : dated.end();
    of.fix_at = at == dated.end() ? std::nullopt : std::optional(at_seconds(at->get<std::int64_t>()));
    return of;
}

std::optional<sys_seconds> before(std::optional<sys_seconds> at, sys_seconds until) { return at && *at < until ? at : std::nullopt; }

json commitment(const char* what, sys_seconds from, int days, std::optional<sys_seconds> done, sys_seconds until) {
    auto due = incident_figures::deadline(from, days);
    auto state = done ? (*done <= due ? "kept" : "late") : until > due ? "missed" : "waiting";
    json out = {{"what", what}, {"due_at", seconds(due)}, {"state", state}, {"done_at", nullptr}};
    if (done) out["done_at"] = seconds(*done);
    return out;
}

// The release in which it appeared: what the first of its tickets that name one say. Once told, it is told so.
std::string first_release(soci::session& sql, told_words& words, std::int64_t incident) {
    constexpr int looked_at = 50;
    for (const auto& facts : sql::all<std::string>(
             sql, "SELECT facts FROM report WHERE incident_id = :id ORDER BY incident_id, received_at, ticket_id LIMIT :limit", incident,
             looked_at)) {
        auto said = json::parse(facts, nullptr, false);
        auto release = said.is_object() ? said.value("release", std::string{}) : std::string{};
        if (!release.empty()) return words.of(incident, release);
    }
    return {};
}

void add_nature(const std::vector<incident_fact>& facts, told_words& told, json& to, const incident& of) {
    auto words = [&](const std::string& text) { return told.of(of.id, text); };
    to["title"] = words(of.title);
    for (const char* name : {"category", "procedure", "status"}) to["facts"][name] = incident_facts::dominant(facts, name);
    for (const char* name : {"step", "error_code", "release"}) // citizens write these
        to["facts"][name] = words(incident_facts::dominant(facts, name));
    to["nature"] = of.nature, to["cause_owner"] = of.cause_owner, to["severity"] = of.severity;
    to["is_security"] = of.is_security, to["is_hardship"] = of.is_hardship, to["episode"] = of.episode;
    to["workaround"] = words(of.public_workaround.empty() ? of.internal_workaround : of.public_workaround);
    if (of.nature == "legal_case_not_covered")
        to["law"] = {{"article", words(of.law_article)}, {"persons", words(of.law_persons)}, {"procedure", words(of.law_procedure)}};
}

} // namespace

std::string state_at(soci::session& sql, const incident& of, sys_seconds at) {
    return incident_moments::state_at(of_one(incident_moments::read(sql, {std::to_string(of.id)}), of.id), of, at);
}

told_incidents::told_incidents(soci::session& sql, const time_span& week) : week_(week) {
    auto found =
        sql::all<incident>(sql,
                           "SELECT " + incident_columns +
                               " FROM incident WHERE created_at < :until AND (is_listed = 1 OR updated_at >= :from) AND ((merged_into IS "
                               "NULL AND state <> 'watched') OR updated_at >= :after) ORDER BY id",
                           week.to, week.from, week.to);
    constexpr std::int64_t hour_s = 3600;
    auto bursts = sql::all<std::int64_t>(sql, "SELECT DISTINCT incident_id FROM incident_burst WHERE hour >= :from AND hour < :to",
                                         seconds(week.from) / hour_s, seconds(week.to) / hour_s);
    bursting_ = {bursts.begin(), bursts.end()};
    journals_ = incident_moments::read(sql, numbers_of(found));
    for (const auto& each : found) {
        const auto& journal = of_one(journals_, each.id);
        auto state = incident_moments::state_at(journal, each, week.to);
        if (state == "watched" || state == "dismissed") continue;
        if (!incident_states::is_listed(state) && headings(each.id).empty()) continue;
        if (incident_moments::is_merged_before(sql, journal, each, week.to)) continue;
        all_.push_back(as_of(each, journal, week.to));
    }
    facts_ = incident_facts::read(sql, numbers_of(all_));
    escalated_ = incident_figures::last_hand_overs(sql, week.to);
}

json told_incidents::headings(std::int64_t number) const {
    auto out = json::array();
    auto add = [&out](std::string_view heading) {
        if (!heading.empty() && std::find(out.begin(), out.end(), heading) == out.end()) out.push_back(heading);
    };
    for (const auto& each : of_one(journals_, number))
        if (!each.is_before(week_.from) && each.is_before(week_.to)) add(incident_moments::heading_of(each.action));
    if (bursting_.contains(number)) add("bursting");
    return out;
}

// What was promised at the last hand-over. Source: domain.md 4.6, K15
json told_incidents::commitments(const incident& of) const {
    auto out = json::array();
    auto last = escalated_.find(of.id);
    if (last == escalated_.end()) return out;
    const auto& promise = last->second;
    auto until = week_.to;
    out.push_back(commitment("acceptance", promise.at, incident_figures::acceptance_days, before(promise.answered_at, until), until));
    out.push_back(commitment("workaround", promise.at, incident_figures::workaround_days, before(promise.workaround_at, until), until));
    out.push_back(commitment("date", promise.at, incident_figures::date_days, before(promise.dated_at, until), until));
    return out;
}

// Whether what is there of its tickets is not what was there when the week ended: they went to another incident since, or came from one.
bool told_incidents::is_regrouped_since(std::int64_t number) const {
    const auto& journal = of_one(journals_, number);
    return std::any_of(journal.begin(), journal.end(),
                       [&](const auto& each) { return !each.is_before(week_.to) && incident_moments::is_regrouping(each); });
}

share_counts::joined_counts told_incidents::joined(std::int64_t number, const last_telling& told) const {
    share_counts::joined_counts out;
    for (const auto& each : of_one(journals_, number)) {
        if (each.is_before(week_.from) || !each.is_before(week_.to)) continue;
        auto other = incident_moments::joined_by(each);
        auto before = other ? told(*other) : json();
        if (!before.is_object() || before["counts"]["persons"].is_null()) continue;
        out.persons += before["counts"]["persons"].get<std::int64_t>(), out.tickets += before["counts"]["tickets"].get<std::int64_t>();
    }
    return out;
}

json told_incidents::tell(soci::session& sql, told_words& words, const incident& of, const last_telling& last_told) const {
    auto before_this = last_told(of.id);
    const auto& journal = of_one(journals_, of.id);
    auto state = incident_moments::state_at(journal, of, week_.to);
    json out = {{"number", of.id}, {"state", state}, {"is_open", incident_states::is_listed(state)}};
    add_nature(of_one(facts_, of.id), words, out, of);
    out["happened"] = headings(of.id);
    auto opened = of.proposed_at.value_or(of.created_at);
    out["opened_at"] = seconds(opened);
    out["age_days"] = std::max<std::int64_t>(0, (seconds(week_.to) - seconds(opened)) / 86'400);
    auto counts_before = before_this.is_object() ? before_this["counts"] : json();
    if (is_regrouped_since(of.id)) {
        out["counts"] = share_counts::tell_again(sql, of, counts_before);
        if (before_this.is_object()) out["facts"] = before_this["facts"];
    } else {
        out["counts"] = share_counts::tell(sql, of, week_, counts_before, joined(of.id, last_told));
    }
    auto told = before_this.is_object() ? before_this.value("first_release", std::string{}) : std::string{};
    out["first_release"] = told.empty() ? first_release(sql, words, of.id) : told;
    out["fix_release"] = words.of(of.id, of.fix_release), out["stuck_release"] = words.of(of.id, of.stuck_release);
    out["fix_at"] = of.fix_at ? json(seconds(*of.fix_at)) : json();
    out["legal_on"] = of.legal_on;
    out["commitments"] = commitments(of);
    out["asked"] = share_questions::tell(sql, {of, journal, state, out["commitments"], week_.to});
    return out;
}

} // namespace relais::model::share_incidents
