// SPDX-License-Identifier: EUPL-1.2
#include "model/incident_figures.hpp"

#include "model/sql.hpp"
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

void judge(commitment& into, sys_seconds from, int days, std::optional<sys_seconds> done, sys_seconds now) {
    auto end = deadline(from, days);
    if (!done && now <= end) return;
    ++into.of;
    if (done && *done <= end) ++into.kept;
}

void add_lead_times(soci::session& sql, figures& out, sys_seconds from, sys_seconds until) {
    auto times = sql::all<std::int64_t>(sql,
                                        "SELECT proposed_at - first_ticket_at FROM incident WHERE proposed_at >= :from AND proposed_at < "
                                        ":until AND first_ticket_at > 0 AND merged_into IS NULL LIMIT 10000",
                                        from, until);
    for (auto& each : times) each = std::max<std::int64_t>(each, 0);
    std::sort(times.begin(), times.end());
    constexpr std::size_t half = 50, most = 90;
    out.lead_p50 = quantile(times, half), out.lead_p90 = quantile(times, most);
}

void add_commitments(soci::session& sql, figures& out, sys_seconds from, sys_seconds until) {
    using row = std::tuple<sys_seconds, std::string, std::optional<sys_seconds>, std::optional<sys_seconds>, std::optional<sys_seconds>>;
    auto all = sql::all<row>(sql,
                             "SELECT escalation.escalated_at, escalation.outcome, escalation.outcome_at, incident.workaround_at, "
                             "incident.dated_at FROM escalation JOIN incident ON incident.id = escalation.incident_id WHERE "
                             "escalation.escalated_at >= :from AND escalation.escalated_at < :until ORDER BY escalation.id LIMIT 10000",
                             from, until);
    for (const auto& [at, outcome, answered_at, workaround_at, dated_at] : all) {
        // A return is an answer too: it came in time or not.
        judge(out.accepted, at, acceptance_days, answered_at, until);
        if (outcome == "returned") {
            ++out.returned;
            continue;
        }
        judge(out.workaround, at, workaround_days, workaround_at, until);
        judge(out.dated, at, date_days, dated_at, until);
    }
}

} // namespace

sys_seconds deadline(sys_seconds from, int days) {
    const auto* paris = date::locate_zone("Europe/Paris");
    auto day = date::year_month_day(date::floor<date::days>(paris->to_local(from)));
    auto last = date::local_days(working_days::add(day, days)) + date::days{1};
    return paris->to_sys(date::local_seconds(last), date::choose::earliest) - std::chrono::seconds(1);
}

figures compute(soci::session& sql, sys_seconds from, sys_seconds until) {
    figures out;
    add_lead_times(sql, out, from, until);
    add_commitments(sql, out, from, until);
    constexpr std::int64_t day_s = 86400;
    using row = std::tuple<std::int64_t, std::int64_t>;
    auto counted =
        sql::first<row>(sql,
                        "SELECT COUNT(*), COALESCE(SUM(CASE WHEN report.decided_at - report.received_at <= :day THEN 1 ELSE 0 "
                        "END), 0) FROM report JOIN incident ON incident.id = report.incident_id WHERE report.received_at >= :from "
                        "AND report.received_at < :until AND incident.confirmed_at < report.received_at",
                        day_s, from, until);
    if (counted) std::tie(out.attached.of, out.attached.kept) = *counted;
    return out;
}

} // namespace relais::model::incident_figures
