// SPDX-License-Identifier: EUPL-1.2
#include "model/call_figures.hpp"

#include "model/sql.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace relais::model {

namespace {

constexpr std::int64_t us_in_s = 1'000'000;

std::optional<double> share(std::int64_t part, std::int64_t whole) {
    if (whole == 0) return std::nullopt;
    return static_cast<double>(part) / static_cast<double>(whole);
}

} // namespace

std::optional<double> call_figure::answer_rate() const { return share(answered, offered); }
std::optional<double> call_figure::loss_rate() const { return share(lost, offered); }
std::optional<double> call_figure::fast_rate() const { return share(fast, answered); }

std::optional<std::int64_t> call_figure::wait_at(double part) const {
    if (answered == 0) return std::nullopt;
    auto rank = static_cast<std::int64_t>(std::ceil(part * static_cast<double>(answered)));
    std::int64_t seen = 0;
    for (const auto& [wait, count] : waits)
        if ((seen += count) >= rank) return wait;
    return waits.rbegin()->first;
}

std::optional<std::int64_t> call_figure::mean_talk_s() const {
    if (answered == 0) return std::nullopt;
    return talk_s / answered;
}

void call_figure::add(const call_figure& other) {
    offered += other.offered, answered += other.answered, fast += other.fast, lost += other.lost, brief += other.brief;
    talk_s += other.talk_s;
    for (const auto& [wait, count] : other.waits) waits[wait] += count;
}

namespace call_stats {

namespace {

struct count_row {
    std::int64_t hour_us = 0, team = 0;
    std::string outcome;
    std::int64_t wait_s = 0, calls = 0, talk_us = 0;
    auto fields() { return std::tie(hour_us, team, outcome, wait_s, calls, talk_us); }
};

// By hour, team, outcome and wait; waits beyond a minute rounded up to tens of seconds, beyond ten minutes as one. SUM of integers is a
// decimal in MariaDB: read as an integer all the same.
constexpr auto count_calls =
    "SELECT started_at_us - started_at_us % 3600000000, COALESCE(team_id, 0), outcome, "
    "CASE WHEN wait_s <= 60 THEN wait_s WHEN wait_s < 600 THEN wait_s + 9 - (wait_s + 9) % 10 ELSE 600 END AS waited, "
    "COUNT(*), SUM(COALESCE(ended_at_us - answered_at_us, 0)) FROM phone_call "
    "WHERE direction = 'in' AND started_at_us >= :from AND started_at_us < :to "
    "AND outcome IN ('answered', 'missed', 'abandoned', 'busy', 'voicemail') "
    "GROUP BY started_at_us - started_at_us % 3600000000, COALESCE(team_id, 0), outcome, "
    "CASE WHEN wait_s <= 60 THEN wait_s WHEN wait_s < 600 THEN wait_s + 9 - (wait_s + 9) % 10 ELSE 600 END";

call_figure figure_of(const count_row& row) {
    call_figure out;
    out.offered = row.calls;
    if (row.outcome == "answered") {
        out.answered = row.calls, out.talk_s = row.talk_us / us_in_s;
        out.waits[row.wait_s] = row.calls;
        if (row.wait_s <= fast_s) out.fast = row.calls;
    } else {
        (row.wait_s > patient_s ? out.lost : out.brief) = row.calls;
    }
    return out;
}

void add_to(std::map<std::string, call_figure>& into, const std::string& key, const call_figure& part) {
    auto& figure = into[key];
    figure.key = key;
    figure.add(part);
}

std::vector<call_figure> list_of(std::map<std::string, call_figure> figures) {
    std::vector<call_figure> out;
    for (auto& [key, figure] : figures) out.push_back(std::move(figure));
    return out;
}

} // namespace

call_figures between(soci::session& sql, sys_seconds from, sys_seconds to) {
    to = std::min(to, from + std::chrono::hours(24) * longest_days);
    const auto* paris = date::locate_zone("Europe/Paris");
    call_figures out;
    std::map<std::string, call_figure> days, hours, teams;
    for (const auto& row : sql::all<count_row>(sql, count_calls, seconds(from) * us_in_s, seconds(to) * us_in_s)) {
        auto part = figure_of(row);
        auto local = paris->to_local(at_seconds(row.hour_us / us_in_s));
        add_to(days, date::format("%F", local), part);
        add_to(hours, date::format("%H", local), part);
        add_to(teams, std::to_string(row.team), part);
        out.whole.add(part);
    }
    out.by_day = list_of(std::move(days)), out.by_hour = list_of(std::move(hours)), out.by_team = list_of(std::move(teams));
    for (auto& each : out.by_team)
        each.label = sql::first<std::string>(sql, "SELECT name FROM team WHERE id = :id", std::stoll(each.key)).value_or("");
    return out;
}

std::vector<half_hour_volume> half_hours(soci::session& sql, sys_seconds from, sys_seconds to) {
    using row = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t>;
    std::vector<half_hour_volume> out;
    for (const auto& [start_us, offered, answered, talk_us] : sql::all<row>(
             sql,
             "SELECT started_at_us - started_at_us % 1800000000, COUNT(*), SUM(CASE WHEN outcome = 'answered' THEN 1 ELSE 0 END), "
             "SUM(COALESCE(ended_at_us - answered_at_us, 0)) FROM phone_call "
             "WHERE direction = 'in' AND started_at_us >= :from AND started_at_us < :to "
             "AND outcome IN ('answered', 'missed', 'abandoned', 'busy', 'voicemail') "
             "GROUP BY started_at_us - started_at_us % 1800000000 ORDER BY 1",
             seconds(from) * us_in_s, seconds(to) * us_in_s))
        out.push_back({at_seconds(start_us / us_in_s), offered, answered, talk_us / us_in_s});
    return out;
}

} // namespace call_stats

} // namespace relais::model
