// SPDX-License-Identifier: EUPL-1.2
#include "model/calendar_week.hpp"
#include "model/call_figures.hpp"
#include "model/figure.hpp"
#include "model/figure_group.hpp"
#include "model/figure_incident.hpp"
#include "model/figure_scope.hpp"
#include "model/figure_sum.hpp"
#include "model/incident_figures.hpp"
#include "model/share_link.hpp"
#include "model/sql_bulk.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace relais::model::figures {

namespace {

using namespace std::chrono_literals;
using by_key = std::map<std::string, figure_measures>;
constexpr auto old_ticket = 24h * 30; // K20
constexpr int share_days = 2;         // K16: working days

const std::string each_hour = "hour"; // of the instant that a group counts by

std::string seconds_text(sys_seconds at) { return std::to_string(seconds(at)); }

// What rows are put together by, as text.
std::string key_text(const std::string& key, const std::string& at) {
    return key == each_hour ? "CAST(" + at + " - " + at + " % 3600 AS CHAR(20))" : key;
}

// The measures of a group by a key: a column, the hour, or one key for all.
void add_group(soci::session& sql, by_key& to, const figure_groups::group& group, const time_span& over, const figure_scope& of) {
    using row = std::tuple<std::string, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t>;
    std::vector<std::string> values = {seconds_text(over.from), seconds_text(over.to)};
    auto text = "SELECT " + key_text(of.key, group.at);
    for (const auto& each : group.sums) text += std::string(", COALESCE(SUM(") + each.expression + "), 0)";
    text += std::string(" FROM ") + group.from + " WHERE " + group.at + " >= :v0 AND " + group.at + " < :v1" + of.conditions(values);
    text += of.grouping();
    for (const auto& [name, a, b, c, d, e, f] : sql::all_bulk<row>(sql, text, values)) {
        const std::array<std::int64_t, figure_groups::sums_limit> counted = {a, b, c, d, e, f};
        for (std::size_t i = 0; i < counted.size(); ++i)
            if (group.sums[i].name) to[name][group.sums[i].name] = counted[i];
    }
}

by_key ticket_measures(soci::session& sql, const time_span& over, const figure_scope& of) {
    std::map<std::string, figure_measures> out;
    for (const auto& group : figure_groups::tickets) add_group(sql, out, group, over, of);
    add_group(sql, out, figure_groups::reviews, over, of);
    return out;
}

// K20 by a key: what was open at the end of the period, or is open now.
void add_backlog(soci::session& sql, by_key& to, const time_span& over, const figure_scope& of_whom, sys_seconds now) {
    auto at = std::min(over.to, now);
    using row = std::tuple<std::string, std::int64_t, std::optional<std::int64_t>>;
    for (const auto* closing : {"closed_at IS NULL AND :v1 = :v2", "closed_at >= :v1 AND closed_at >= :v2"}) {
        std::vector<std::string> values = {seconds_text(at - old_ticket), seconds_text(at), seconds_text(at)};
        auto text = "SELECT " + of_whom.key +
                    ", COUNT(*), MIN(received_at) FROM figure_fact WHERE received_at < :v0 AND is_merged = 0 AND " + closing +
                    of_whom.conditions(values) + of_whom.grouping();
        for (const auto& [name, count, first] : sql::all_bulk<row>(sql, text, values)) {
            auto& of = to[name];
            of["backlog.old"] += count;
            if (!first) continue;
            auto& oldest = of["backlog.oldest_days"];
            oldest = std::max(oldest, (seconds(at) - *first) / 86'400);
        }
    }
}

// Everybody's tickets in whole days that are over: kept summed by day.
void add_summed(soci::session& sql, by_key& to, const time_span& over) {
    auto& whole = to[figure_scope::all];
    whole.merge(figure_sums::between(sql, over));
    add_group(sql, to, figure_groups::reviews, over, {});
    whole["backlog.old"] = figure_sums::old_at(sql, over.to);
    auto oldest = sql::first<std::int64_t>(sql,
                                           "SELECT received_at FROM figure_fact WHERE old_at < :at AND COALESCE(closed_at, :open) >= "
                                           ":until ORDER BY old_at LIMIT 1",
                                           over.to, over.to, over.to);
    if (oldest) whole["backlog.oldest_days"] = (seconds(over.to) - *oldest) / 86'400;
}

// K4 to K11, K18 to K20.
void add_tickets(soci::session& sql, by_key& to, const time_span& over, const figure_scope& of, sys_seconds now) {
    if (of.is_whole() && over.to <= now && figure_sums::are_days(over)) return add_summed(sql, to, over);
    to.merge(ticket_measures(sql, over, of));
    add_backlog(sql, to, over, of, now);
}

void add_calls(figure_measures& to, const call_figure& counted) {
    to["calls.offered"] = counted.offered, to["calls.answered"] = counted.answered;
    to["calls.fast"] = counted.fast, to["calls.lost"] = counted.lost;
    if (auto wait = counted.wait_at(0.5)) to["calls.wait_p50"] = *wait;
    if (auto wait = counted.wait_at(0.9)) to["calls.wait_p90"] = *wait;
}

// The calls of a period, in as many readings as it takes. each: what is done with those of one.
template <class Visit> void for_calls(soci::session& sql, const time_span& over, Visit each) {
    auto longest = 24h * call_stats::longest_days;
    for (auto from = over.from; from < over.to; from += longest) each(call_stats::between(sql, from, std::min(over.to, from + longest)));
}

// Calls know their team alone.
void add_calls(soci::session& sql, figure_measures& to, const time_span& over, const figure_filter& whose) {
    if (whose.agent || !whose.department.empty() || !whose.procedure.empty() || (!whose.channel.empty() && whose.channel != "phone"))
        return;
    call_figure counted;
    for_calls(sql, over, [&](const call_figures& some) {
        if (!whose.team) counted.add(some.whole);
        for (const auto& each : some.by_team)
            if (whose.team && each.key == std::to_string(*whose.team)) counted.add(each);
    });
    add_calls(to, counted);
}

void add_calls_by_team(soci::session& sql, by_key& to, const time_span& over) {
    std::map<std::string, call_figure> teams;
    for_calls(sql, over, [&](const call_figures& some) {
        for (const auto& each : some.by_team) teams[each.key].add(each);
    });
    for (const auto& [team, counted] : teams) add_calls(to[team], counted);
}

// Weeks that ended in the period, after the first that was shared, and have no share the day after.
std::int64_t missing_shares(soci::session& sql, const time_span& over, const std::set<std::string>& made, sys_seconds now) {
    auto first = sql::first<sys_seconds>(sql, "SELECT from_at FROM weekly_share ORDER BY week LIMIT 1");
    std::int64_t out = 0;
    if (!first) return out;
    auto week = calendar_weeks::of(std::max(*first, over.from - 24h * 7));
    for (auto end = calendar_weeks::span_of(week).to; end < over.to && end + 24h < now;) {
        if (end >= over.from && !made.contains(calendar_weeks::text(week))) ++out;
        week = calendar_weeks::next(week), end = calendar_weeks::span_of(week).to;
    }
    return out;
}

// K16: a share of a week that ended in the period counts once it was acknowledged or its two working days are over; it is kept when its
// mails left on its Monday and it was acknowledged in time. It is made with every open incident in it.
void add_shares(soci::session& sql, figure_measures& to, const time_span& over, sys_seconds now) {
    using row = std::tuple<std::int64_t, std::string, sys_seconds, sys_seconds, std::optional<sys_seconds>>;
    std::int64_t judged = 0, kept = 0;
    std::set<std::string> weeks;
    for (const auto& [id, week, until, made, acknowledged] :
         sql::all<row>(sql,
                       "SELECT id, week, until_at, made_at, (SELECT MIN(made_at) FROM share_receipt WHERE share_id = "
                       "weekly_share.id) FROM weekly_share WHERE until_at >= :from AND until_at < :to ORDER BY until_at LIMIT 1000",
                       over.from, over.to)) {
        weeks.insert(week);
        auto last = incident_figures::deadline(made, share_days);
        if (!acknowledged && now <= last) continue;
        ++judged;
        if (acknowledged && *acknowledged <= last && share_links::is_sent(sql, id, until + 24h)) ++kept;
    }
    to["shares"] = judged + missing_shares(sql, over, weeks, now), to["shares.kept"] = kept;
}

// What no longer moves when its period is over.
by_key settled(soci::session& sql, const time_span& over, const figure_scope& of, sys_seconds now) {
    by_key out;
    add_tickets(sql, out, over, of, now);
    add_calls(sql, out[figure_scope::all], over, of.whose);
    figure_incidents::add_callbacks(sql, out, over, of, now);
    figure_incidents::add_incidents(sql, out, over, of, now);
    figure_incidents::add_told(sql, out, over, of, now);
    if (of.is_whole()) add_shares(sql, out[figure_scope::all], over, now);
    return out;
}

} // namespace

figure_measures measure(soci::session& sql, const time_span& over, const figure_filter& whose, sys_seconds now) {
    figure_scope of{whose};
    auto measured = settled(sql, over, of, now);
    figure_incidents::add_attached(sql, measured, over, of, now);
    return std::move(measured[figure_scope::all]);
}

figure_measures measure_settled(soci::session& sql, const time_span& over, sys_seconds now) {
    return std::move(settled(sql, over, {}, now)[figure_scope::all]);
}

figure_measures backlog(soci::session& sql, sys_seconds at, const figure_filter& whose, sys_seconds now) {
    by_key out;
    add_backlog(sql, out, {at, at}, {whose}, now);
    return std::move(out[figure_scope::all]);
}

ticket_course course(soci::session& sql, const time_span& over, const figure_filter& whose, sys_seconds now) {
    ticket_course out;
    for (auto& [hour, measured] : ticket_measures(sql, over, {whose, each_hour})) {
        for (const auto& [name, counted] : measured) out.whole[name] += counted;
        out.by_hour.emplace(at_seconds(std::stoll(hour)), std::move(measured));
    }
    out.whole.merge(backlog(sql, over.to, whose, now));
    return out;
}

std::map<std::string, figure_measures> measure_by(soci::session& sql, const time_span& over, dimension by, const figure_filter& whose,
                                                  sys_seconds now) {
    auto of = figure_scopes::by(by, whose);
    by_key out;
    add_tickets(sql, out, over, of, now);
    figure_incidents::add_callbacks(sql, out, over, of, now);
    figure_incidents::add_incidents(sql, out, over, of, now);
    figure_incidents::add_attached(sql, out, over, of, now);
    figure_incidents::add_told(sql, out, over, of, now);
    if (by == dimension::channel) { // every call is one of the telephone
        figure_measures calls;
        add_calls(sql, calls, over, whose);
        if (calls["calls.offered"] > 0) out["phone"].merge(calls);
    }
    if (by == dimension::team && whose.is_empty()) add_calls_by_team(sql, out, over);
    return out;
}

} // namespace relais::model::figures
