// SPDX-License-Identifier: EUPL-1.2
#include "model/share_incident.hpp"

#include "model/decision.hpp"
#include "model/incident_facts.hpp"
#include "model/incident_figures.hpp"
#include "model/incident_state.hpp"
#include "model/sensitive.hpp"
#include "model/share_counts.hpp"
#include "model/silent_dossier.hpp"
#include "model/small_cell.hpp"
#include "model/sql.hpp"

#include <algorithm>
#include <array>

namespace relais::model::share_incidents {

namespace {

using json = nlohmann::json;
constexpr std::int64_t us_in_s = 1'000'000;

// What an event of the journal makes of an incident's state, and under which heading a share tells it.
struct step {
    std::string_view action, state, heading;
};
constexpr auto steps = std::to_array<step>({
    {"incident.opened", "", "new"},
    {"incident.proposed", "proposed", "new"},
    {"incident.confirmed", "confirmed", ""},
    {"incident.escalated", "escalated", "escalated"},
    {"incident.accepted", "accepted", ""},
    {"incident.returned", "confirmed", ""},
    {"incident.scheduled", "fix_scheduled", ""},
    {"incident.fixed", "fixed", "fixed"},
    {"incident.verified", "verified", "verified"},
    {"incident.closed", "closed", "closed"},
    {"incident.reopened", "confirmed", ""},
    {"incident.regressed", "regressed", "regressed"},
    {"incident.dismissed", "dismissed", ""},
    {"incident.workaround", "", "worked_around"},
});

const step* find_step(std::string_view action) {
    auto found = std::find_if(steps.begin(), steps.end(), [action](const auto& each) { return each.action == action; });
    return found == steps.end() ? nullptr : &*found;
}

struct moment {
    std::int64_t at_us = 0;
    std::string action, data;
    auto fields() { return std::tie(at_us, action, data); }
};

std::vector<moment> journal(soci::session& sql, std::int64_t incident) {
    return sql::all<moment>(sql,
                            "SELECT at_us, action, data FROM event WHERE object_kind = 'incident' AND object_id = :id AND action <> "
                            "'incident.attached' AND action <> 'incident.detached' ORDER BY id LIMIT 2000",
                            incident);
}

std::string state_after(const moment& one) {
    if (one.action == "incident.opened") {
        auto data = json::parse(one.data, nullptr, false);
        return data.is_object() ? data.value("state", std::string{}) : std::string{};
    }
    const auto* known = find_step(one.action);
    return known ? std::string(known->state) : std::string{};
}

std::string state_at(const std::vector<moment>& all, const incident& of, sys_seconds at) {
    std::string out;
    auto has_later = false;
    for (const auto& each : all) {
        auto next = state_after(each);
        if (next.empty()) continue;
        if (each.at_us < seconds(at) * us_in_s)
            out = next;
        else
            has_later = true;
    }
    if (!has_later) return of.state; // an undone action is not in the table, and leaves its trace in the row alone
    return out.empty() ? "watched" : out;
}

json headings(soci::session& sql, const std::vector<moment>& all, std::int64_t number, const time_span& week) {
    auto out = json::array();
    auto add = [&out](std::string_view heading) {
        if (!heading.empty() && std::find(out.begin(), out.end(), heading) == out.end()) out.push_back(heading);
    };
    for (const auto& each : all)
        if (each.at_us >= seconds(week.from) * us_in_s && each.at_us < seconds(week.to) * us_in_s)
            if (const auto* known = find_step(each.action)) add(known->heading);
    constexpr std::int64_t hour_s = 3600;
    if (sql::first<std::int64_t>(sql, "SELECT hour FROM incident_burst WHERE incident_id = :id AND hour >= :from AND hour < :to LIMIT 1",
                                 number, seconds(week.from) / hour_s, seconds(week.to) / hour_s))
        add("bursting");
    return out;
}

std::optional<sys_seconds> before(std::optional<sys_seconds> at, sys_seconds until) { return at && *at < until ? at : std::nullopt; }

json commitment(const char* what, sys_seconds from, int days, std::optional<sys_seconds> done, sys_seconds until) {
    auto due = incident_figures::deadline(from, days);
    auto state = done ? (*done <= due ? "kept" : "late") : until > due ? "missed" : "waiting";
    json out = {{"what", what}, {"due_at", seconds(due)}, {"state", state}, {"done_at", nullptr}};
    if (done) out["done_at"] = seconds(*done);
    return out;
}

// What was promised at the last hand-over. Source: domain.md 4.6, K15
json commitments(soci::session& sql, const incident& of, sys_seconds until) {
    using row = std::tuple<sys_seconds, std::optional<sys_seconds>>;
    auto last =
        sql::first<row>(sql,
                        "SELECT escalated_at, outcome_at FROM escalation WHERE incident_id = :id AND escalated_at < :until ORDER BY "
                        "id DESC LIMIT 1",
                        of.id, until);
    auto out = json::array();
    if (!last) return out;
    auto [at, answered] = *last;
    out.push_back(commitment("acceptance", at, incident_figures::acceptance_days, before(answered, until), until));
    out.push_back(commitment("workaround", at, incident_figures::workaround_days, before(of.workaround_at, until), until));
    out.push_back(commitment("date", at, incident_figures::date_days, before(of.dated_at, until), until));
    return out;
}

// A decision that stands answers what was asked, until the state changes what is asked.
bool is_decided(soci::session& sql, std::int64_t number, sys_seconds until) {
    for (const auto& each : decisions::of_incident(sql, number))
        if (each.stands() && each.decided_at < until) return true;
    return false;
}

// What only the product owner can give.
json asked(const incident& of, const std::string& state, const json& promised) {
    auto out = json::array();
    if (of.nature == "legal_case_not_covered" && !incident_states::is_fixed(state)) out.push_back("rule");
    if (state == "regressed" || (incident_states::is_handed_over(state) && of.severity == "critical")) out.push_back("priority");
    for (const auto& each : promised)
        if (each["state"] == "missed" && each["what"] == "date") out.push_back("date");
    if (incident_states::is_handed_over(state) && of.cause_owner == "NATIONAL_SYSTEM" && out.empty()) out.push_back("arbitration");
    return out;
}

// The release in which it appeared: what the first of its tickets that name one say.
std::string first_release(soci::session& sql, std::int64_t incident) {
    constexpr int looked_at = 50;
    for (const auto& facts : sql::all<std::string>(
             sql, "SELECT facts FROM report WHERE incident_id = :id ORDER BY incident_id, received_at, ticket_id LIMIT :limit", incident,
             looked_at)) {
        auto said = json::parse(facts, nullptr, false);
        auto release = said.is_object() ? said.value("release", std::string{}) : std::string{};
        if (!release.empty()) return sensitive::mask_for_export(release);
    }
    return {};
}

void add_nature(soci::session& sql, told_words& told, json& to, const incident& of) {
    auto words = [&](const std::string& text) { return told.of(of.id, text); };
    auto facts = incident_facts::read(sql, of.id);
    to["title"] = words(of.title);
    for (const char* name : {"category", "procedure", "step", "error_code", "status", "release"})
        to["facts"][name] = sensitive::mask_for_export(incident_facts::dominant(facts, name));
    to["nature"] = of.nature, to["cause_owner"] = of.cause_owner, to["severity"] = of.severity;
    to["is_security"] = of.is_security, to["is_hardship"] = of.is_hardship, to["episode"] = of.episode;
    to["workaround"] = words(of.public_workaround.empty() ? of.internal_workaround : of.public_workaround);
    if (of.nature == "legal_case_not_covered")
        to["law"] = {{"article", words(of.law_article)}, {"persons", words(of.law_persons)}, {"procedure", words(of.law_procedure)}};
}

} // namespace

std::string state_at(soci::session& sql, const incident& of, sys_seconds at) { return state_at(journal(sql, of.id), of, at); }

std::vector<incident> of_week(soci::session& sql, const time_span& week) {
    auto found = sql::all<incident>(sql,
                                    "SELECT " + incident_columns +
                                        " FROM incident WHERE merged_into IS NULL AND state <> 'watched' AND created_at < :until AND "
                                        "(is_listed = 1 OR updated_at >= :from) ORDER BY id LIMIT 5000",
                                    week.to, week.from);
    std::vector<incident> out;
    for (auto& each : found) {
        auto all = journal(sql, each.id);
        auto state = state_at(all, each, week.to);
        if (state == "watched" || state == "dismissed") continue;
        if (!incident_states::is_listed(state) && headings(sql, all, each.id, week).empty()) continue;
        out.push_back(std::move(each));
    }
    return out;
}

json tell(soci::session& sql, told_words& words, const incident& of, const time_span& week, const json& before_this) {
    auto all = journal(sql, of.id);
    auto state = state_at(all, of, week.to);
    json out = {{"number", of.id}, {"state", state}, {"is_open", incident_states::is_listed(state)}};
    add_nature(sql, words, out, of);
    out["happened"] = headings(sql, all, of.id, week);
    auto opened = of.proposed_at.value_or(of.created_at);
    out["opened_at"] = seconds(opened);
    out["age_days"] = std::max<std::int64_t>(0, (seconds(week.to) - seconds(opened)) / 86'400);
    out["counts"] = share_counts::tell(sql, of, week, before_this.is_object() ? before_this["counts"] : json());
    out["first_release"] = first_release(sql, of.id);
    out["fix_release"] = of.fix_release, out["stuck_release"] = of.stuck_release;
    out["fix_at"] = of.fix_at ? json(seconds(*of.fix_at)) : json();
    out["legal_on"] = of.legal_on;
    out["commitments"] = commitments(sql, of, week.to);
    out["asked"] = asked(of, state, out["commitments"]);
    if (!out["asked"].empty() && is_decided(sql, of.id, week.to)) out["asked"] = json::array();
    return out;
}

} // namespace relais::model::share_incidents
