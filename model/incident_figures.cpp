// SPDX-License-Identifier: EUPL-1.2
#include "model/incident_figures.hpp"

#include "model/sql_bulk.hpp"
#include "model/working_days.hpp"

#include <date/tz.h>

#include <algorithm>
#include <vector>

namespace relais::model::incident_figures {

namespace {

using seconds_list = std::vector<std::int64_t>;

std::optional<std::chrono::seconds> quantile(const seconds_list& sorted, std::size_t percent) {
    if (sorted.empty()) return std::nullopt;
    auto place = (sorted.size() * percent + 99) / 100;
    return std::chrono::seconds(sorted[std::max<std::size_t>(place, 1) - 1]);
}

// As it was known at an instant.
void judge(commitment& into, sys_seconds from, int days, std::optional<sys_seconds> done, sys_seconds at) {
    auto end = deadline(from, days);
    auto is_done = done && *done <= at;
    if (!is_done && at <= end) return;
    ++into.of;
    if (is_done && *done <= end) ++into.kept;
}

std::string text(sys_seconds at) { return std::to_string(seconds(at)); }

bool has_hand_overs(const figure_scope& of) {
    const auto& whose = of.whose;
    auto is_by_procedure = !of.is_grouped() || of.key == figure_scopes::by(model::figures::dimension::procedure, {}).key;
    return is_by_procedure && !whose.team && !whose.agent && whose.department.empty() && whose.channel.empty();
}

} // namespace

sys_seconds deadline(sys_seconds from, int days) {
    const auto* paris = date::locate_zone("Europe/Paris");
    auto day = date::year_month_day(date::floor<date::days>(paris->to_local(from)));
    auto last = date::local_days(working_days::add(day, days)) + date::days{1};
    return paris->to_sys(date::local_seconds(last), date::choose::earliest) - std::chrono::seconds(1);
}

std::map<std::string, lead> lead_times(soci::session& sql, sys_seconds from, sys_seconds until, const figure_scope& of) {
    std::vector<std::string> values = {text(from), text(until)};
    auto query = "SELECT " + of.key + ", incident.proposed_at - incident.first_ticket_at FROM incident" +
                 of.join(figure_scopes::first_ticket) +
                 " WHERE incident.proposed_at >= :v0 AND incident.proposed_at < :v1 AND incident.first_ticket_at > 0 AND "
                 "incident.merged_into IS NULL";
    query += of.conditions(values) + " LIMIT 10000";
    std::map<std::string, seconds_list> times;
    for (const auto& [key, time] : sql::all_bulk<std::tuple<std::string, std::int64_t>>(sql, query, values))
        times[key].push_back(std::max<std::int64_t>(time, 0));
    constexpr std::size_t half = 50, most = 90;
    std::map<std::string, lead> out;
    for (auto& [key, all] : times) {
        std::sort(all.begin(), all.end());
        out[key] = {*quantile(all, half), *quantile(all, most)};
    }
    return out;
}

std::map<std::string, commitment> attached(soci::session& sql, sys_seconds from, sys_seconds until, const figure_scope& of) {
    std::vector<std::string> values = {text(from), text(until)};
    auto query = "SELECT " + of.key +
                 ", COUNT(*), COALESCE(SUM(CASE WHEN report.decided_at - report.received_at <= 86400 THEN 1 ELSE 0 END), 0) FROM report "
                 "JOIN incident ON incident.id = report.incident_id" +
                 of.join("report.ticket_id") +
                 " WHERE report.received_at >= :v0 AND report.received_at < :v1 AND incident.confirmed_at < report.received_at";
    query += of.conditions(values) + of.grouping();
    std::map<std::string, commitment> out;
    for (const auto& [key, all, kept] : sql::all_bulk<std::tuple<std::string, std::int64_t, std::int64_t>>(sql, query, values))
        out[key] = {kept, all};
    return out;
}

std::map<std::string, judgement> hand_overs(soci::session& sql, sys_seconds from, sys_seconds until, const figure_scope& of) {
    std::map<std::string, judgement> out;
    if (!has_hand_overs(of)) return out;
    if (!of.is_grouped()) out[figure_scope::all];
    std::vector<std::string> values = {text(from), text(until)};
    auto query = "SELECT " + of.key +
                 ", escalation.escalated_at, escalation.outcome, escalation.outcome_at, escalation.workaround_at, escalation.dated_at FROM "
                 "escalation JOIN incident ON incident.id = escalation.incident_id" +
                 of.join(figure_scopes::first_ticket) + " WHERE escalation.escalated_at >= :v0 AND escalation.escalated_at < :v1";
    query += of.conditions(values) + " ORDER BY escalation.id LIMIT 10000";
    using row = std::tuple<std::string, sys_seconds, std::string, std::optional<sys_seconds>, std::optional<sys_seconds>,
                           std::optional<sys_seconds>>;
    for (const auto& [key, at, outcome, answered_at, workaround_at, dated_at] : sql::all_bulk<row>(sql, query, values)) {
        auto& into = out[key];
        // A return is an answer too: it came in time or not. So is a dismissal or a merge, after which nothing is owed.
        judge(into.accepted, at, acceptance_days, answered_at, until);
        auto is_answered = answered_at && *answered_at <= until;
        if (is_answered && outcome == "returned") ++into.returned;
        if (is_answered && outcome != "accepted") continue;
        judge(into.workaround, at, workaround_days, workaround_at, until);
        judge(into.dated, at, date_days, dated_at, until);
    }
    return out;
}

std::map<std::int64_t, hand_over> last_hand_overs(soci::session& sql, sys_seconds until) {
    std::map<std::int64_t, hand_over> out;
    for (auto& each : sql::all<hand_over>(sql,
                                          "SELECT incident_id, escalated_at, outcome_at, workaround_at, dated_at FROM escalation WHERE "
                                          "escalated_at < :until ORDER BY id",
                                          until))
        out[each.incident] = each;
    return out;
}

figures compute(soci::session& sql, sys_seconds from, sys_seconds until) {
    figures out;
    auto times = lead_times(sql, from, until, {});
    if (auto found = times.find(figure_scope::all); found != times.end())
        out.lead_p50 = found->second.p50, out.lead_p90 = found->second.p90;
    out.attached = attached(sql, from, until, {})[figure_scope::all];
    auto judged = hand_overs(sql, from, until, {})[figure_scope::all];
    out.accepted = judged.accepted, out.workaround = judged.workaround, out.dated = judged.dated, out.returned = judged.returned;
    return out;
}

} // namespace relais::model::incident_figures
