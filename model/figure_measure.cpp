// SPDX-License-Identifier: EUPL-1.2
#include "model/calendar_week.hpp"
#include "model/call_figures.hpp"
#include "model/callback_rate.hpp"
#include "model/figure.hpp"
#include "model/incident_figures.hpp"
#include "model/sql_bulk.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace relais::model::figures {

namespace {

using namespace std::chrono_literals;
constexpr auto old_ticket = 24h * 30;     // K20
constexpr auto hand_over_span = 24h * 21; // K15 is judged over the hand-overs of three weeks more: their last deadline is ten working days
constexpr int share_days = 2, told_days = 2; // K16, K17: working days

const std::string everything = "'all'"; // one key
const std::string each_hour = "hour";   // of the instant that a group counts by

std::string seconds_text(sys_seconds at) { return std::to_string(seconds(at)); }

// The conditions of a filter, with their values after those that stand already.
std::string conditions(const figure_filter& whose, std::vector<std::string>& values) {
    std::string out;
    auto add = [&](const char* column, const std::string& value) {
        out += std::string(" AND ") + column + " = :v" + std::to_string(values.size());
        values.push_back(value);
    };
    if (whose.team) add("team_id", std::to_string(*whose.team));
    if (!whose.department.empty()) add("department", whose.department);
    if (!whose.procedure.empty()) add("procedure_code", whose.procedure);
    if (!whose.channel.empty()) add("channel", whose.channel);
    if (whose.agent) add("agent_id", std::to_string(*whose.agent));
    return out;
}

// Sums over the rows whose instant `at` lies in the period.
struct sum {
    const char *name = nullptr, *expression = "0";
};
constexpr std::size_t sums_limit = 6;
struct sum_group {
    const char* at;
    std::array<sum, sums_limit> sums;
    const char* from = "figure_fact";
};
const std::array<sum_group, 7> groups = {{
    {"received_at",
     {{{"received", "1"},
       {"received.repeat", "is_repeat"},
       {"acknowledged", "is_acknowledged"},
       {"acknowledged.fast", "is_acknowledged_fast"},
       {"acknowledged.late", "is_acknowledged_late"},
       {}}}},
    {"judged_at",
     {{{"replied", "CASE WHEN channel <> 'letter' THEN 1 ELSE 0 END"},
       {"replied.fast", "CASE WHEN channel <> 'letter' THEN is_fast ELSE 0 END"},
       {"replied.in_time", "CASE WHEN channel <> 'letter' THEN is_in_time ELSE 0 END"},
       {"letters", "CASE WHEN channel = 'letter' THEN 1 ELSE 0 END"},
       {"letters.fast", "CASE WHEN channel = 'letter' THEN is_fast ELSE 0 END"},
       {"letters.in_time", "CASE WHEN channel = 'letter' THEN is_in_time ELSE 0 END"}}}},
    {"closed_at",
     {{{"closed", "1"},
       {"closed.announced", "is_announced"},
       {"closed.kept", "is_kept"},
       {"closed.linkable", "is_linkable"},
       {"closed.linked", "is_linked"},
       {}}}},
    {"settled_at", {{{"settled", "1"}, {"settled.first_contact", "is_first_contact"}, {}, {}, {}, {}}}},
    {"rated_at", {{{"rated", "1"}, {"rated.sum", "rating"}, {"rated.high", "CASE WHEN rating >= 8 THEN 1 ELSE 0 END"}, {}, {}, {}}}},
    {"access_at", {{{"access", "1"}, {"access.kept", "is_access_kept"}, {}, {}, {}, {}}}},
    {"reviewed_at",
     {{{"reviews", "1"}, {"reviews.met", "met"}, {"reviews.asked", "asked"}, {}, {}, {}}},
     "quality_review JOIN figure_fact ON figure_fact.ticket_id = quality_review.ticket_id"},
}};

// What rows are put together by, as text.
std::string key_text(const std::string& key, const std::string& at) {
    return key == each_hour ? "CAST(" + at + " - " + at + " % 3600 AS CHAR(20))" : key;
}

// The measures of tickets by a key: a column, the hour, or one key for all.
std::map<std::string, figure_measures> ticket_measures(soci::session& sql, const time_span& over, const figure_filter& whose,
                                                       const std::string& key) {
    std::map<std::string, figure_measures> out;
    using row = std::tuple<std::string, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t>;
    for (const auto& group : groups) {
        std::vector<std::string> values = {seconds_text(over.from), seconds_text(over.to)};
        auto by = key_text(key, group.at);
        std::string text = "SELECT " + by;
        for (const auto& each : group.sums) text += std::string(", COALESCE(SUM(") + each.expression + "), 0)";
        text +=
            std::string(" FROM ") + group.from + " WHERE " + group.at + " >= :v0 AND " + group.at + " < :v1" + conditions(whose, values);
        if (key != everything) text += " GROUP BY " + by;
        for (const auto& [name, a, b, c, d, e, f] : sql::all_bulk<row>(sql, text, values)) {
            const std::array<std::int64_t, sums_limit> counted = {a, b, c, d, e, f};
            for (std::size_t i = 0; i < sums_limit; ++i)
                if (group.sums[i].name) out[name][group.sums[i].name] = counted[i];
        }
    }
    return out;
}

void add_tickets(soci::session& sql, figure_measures& to, const time_span& over, const figure_filter& whose) {
    for (auto& [name, measured] : ticket_measures(sql, over, whose, everything)) to.merge(measured);
}

// K20 by a key: what was open at the end of the period, or is open now.
void add_backlog(soci::session& sql, std::map<std::string, figure_measures>& to, const time_span& over, const figure_filter& whose,
                 sys_seconds now, const std::string& key) {
    auto at = std::min(over.to, now);
    using row = std::tuple<std::string, std::int64_t, std::optional<std::int64_t>>;
    for (const auto* closing : {"closed_at IS NULL AND :v1 = :v2", "closed_at >= :v1 AND closed_at >= :v2"}) {
        std::vector<std::string> values = {seconds_text(at - old_ticket), seconds_text(at), seconds_text(at)};
        auto text = "SELECT " + key + ", COUNT(*), MIN(received_at) FROM figure_fact WHERE received_at < :v0 AND is_merged = 0 AND " +
                    closing + conditions(whose, values);
        if (key != everything) text += " GROUP BY " + key;
        for (const auto& [name, count, first] : sql::all_bulk<row>(sql, text, values)) {
            auto& of = to[name];
            of["backlog.old"] += count;
            if (!first) continue;
            auto& oldest = of["backlog.oldest_days"];
            oldest = std::max(oldest, (seconds(at) - *first) / 86'400);
        }
    }
}

void add_backlog(soci::session& sql, figure_measures& to, const time_span& over, const figure_filter& whose, sys_seconds now) {
    std::map<std::string, figure_measures> counted;
    add_backlog(sql, counted, over, whose, now, everything);
    for (auto& [name, measured] : counted) to.merge(measured);
}

void add_calls(figure_measures& to, const call_figure& counted) {
    to["calls.offered"] = counted.offered, to["calls.answered"] = counted.answered;
    to["calls.fast"] = counted.fast, to["calls.lost"] = counted.lost;
    if (auto wait = counted.wait_at(0.5)) to["calls.wait_p50"] = *wait;
    if (auto wait = counted.wait_at(0.9)) to["calls.wait_p90"] = *wait;
}

// Calls know their team alone.
void add_calls(soci::session& sql, figure_measures& to, const time_span& over, const figure_filter& whose) {
    if (whose.agent || !whose.department.empty() || !whose.procedure.empty() || (!whose.channel.empty() && whose.channel != "phone"))
        return;
    call_figure counted;
    auto longest = 24h * call_stats::longest_days;
    for (auto from = over.from; from < over.to; from += longest) {
        auto some = call_stats::between(sql, from, std::min(over.to, from + longest));
        if (!whose.team) counted.add(some.whole);
        for (const auto& each : some.by_team)
            if (whose.team && each.key == std::to_string(*whose.team)) counted.add(each);
    }
    add_calls(to, counted);
}

void add_callbacks(soci::session& sql, figure_measures& to, const time_span& over, sys_seconds now) {
    auto rate = callback_rates::between(sql, over.from, over.to, now);
    to["callbacks.promised"] = rate.promised, to["callbacks.kept"] = rate.reached_in_slot;
    to["callbacks.called"] = rate.called_in_slot, to["callbacks.reached"] = rate.reached;
}

void add_incidents(soci::session& sql, figure_measures& to, const time_span& over, sys_seconds now) {
    auto until = std::min(over.to, now);
    auto found = incident_figures::compute(sql, over.from, until);
    if (found.lead_p50) to["incidents.lead_p50"] = found.lead_p50->count();
    if (found.lead_p90) to["incidents.lead_p90"] = found.lead_p90->count();
    to["incidents.attached"] = found.attached.of, to["incidents.attached_fast"] = found.attached.kept;
    auto longer = incident_figures::compute(sql, over.from - hand_over_span, until);
    to["escalations.accepted"] = longer.accepted.of, to["escalations.accepted_kept"] = longer.accepted.kept;
    to["escalations.workaround"] = longer.workaround.of, to["escalations.workaround_kept"] = longer.workaround.kept;
    to["escalations.dated"] = longer.dated.of, to["escalations.dated_kept"] = longer.dated.kept;
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

// K16: a share of a week that ended in the period counts once it was acknowledged or its two working days are over; it is kept when it was
// made on its Monday, sent to somebody and acknowledged in time. It is made with every open incident in it.
void add_shares(soci::session& sql, figure_measures& to, const time_span& over, sys_seconds now) {
    using row = std::tuple<std::string, sys_seconds, sys_seconds, std::optional<sys_seconds>, std::int64_t>;
    std::int64_t judged = 0, kept = 0;
    std::set<std::string> weeks;
    for (const auto& [week, until, made, acknowledged, links] :
         sql::all<row>(sql,
                       "SELECT week, until_at, made_at, (SELECT MIN(made_at) FROM share_acknowledgement WHERE share_id = weekly_share.id), "
                       "(SELECT COUNT(*) FROM share_link WHERE share_id = weekly_share.id) FROM weekly_share WHERE until_at >= :from AND "
                       "until_at < :to ORDER BY until_at LIMIT 1000",
                       over.from, over.to)) {
        weeks.insert(week);
        auto last = incident_figures::deadline(made, share_days);
        if (!acknowledged && now <= last) continue;
        ++judged;
        if (acknowledged && *acknowledged <= last && made < until + 24h && links > 0) ++kept;
    }
    to["shares"] = judged + missing_shares(sql, over, weeks, now), to["shares.kept"] = kept;
}

// People of an incident to whom a mail or a letter about its fix left by then.
std::int64_t told_by(soci::session& sql, std::int64_t incident, sys_seconds fixed_at, sys_seconds last) {
    std::int64_t out = 0;
    for (auto id : sql::all<std::int64_t>(sql, "SELECT id FROM broadcast WHERE incident_id = :incident AND kind = 'fix'", incident)) {
        auto key = "broadcast:" + std::to_string(id) + ":";
        auto end = "broadcast:" + std::to_string(id) + ";";
        out += *sql::first<std::int64_t>(sql,
                                         "SELECT COUNT(DISTINCT report.person_key) FROM outbox JOIN report ON report.ticket_id = "
                                         "outbox.ticket_id WHERE outbox.unique_key >= :key AND outbox.unique_key < :end AND outbox.sent_at "
                                         "<= :last AND report.incident_id = :incident AND report.received_at < :fixed",
                                         key, end, last, incident, fixed_at);
    }
    return out;
}

// K17: the people who had written about an incident when it was fixed, and those of them who were told within two working days. A fix
// counts in the period in which these days end: one of a Friday is not judged on Monday morning, and would be in no share at all.
void add_told(soci::session& sql, figure_measures& to, const time_span& over, sys_seconds now) {
    constexpr auto longest = 24h * 14; // two working days, whatever holidays lie between
    using row = std::tuple<std::int64_t, sys_seconds>;
    std::int64_t people = 0, fast = 0;
    for (const auto& [incident, fixed_at] : sql::all<row>(
             sql, "SELECT id, fixed_at FROM incident WHERE fixed_at >= :from AND fixed_at < :to AND merged_into IS NULL LIMIT 1000",
             over.from - longest, over.to)) {
        auto last = incident_figures::deadline(fixed_at, told_days);
        if (last < over.from || last >= std::min(over.to, now)) continue;
        auto all = *sql::first<std::int64_t>(
            sql, "SELECT COUNT(DISTINCT person_key) FROM report WHERE incident_id = :incident AND received_at < :fixed", incident,
            fixed_at);
        people += all, fast += std::min(all, told_by(sql, incident, fixed_at, last));
    }
    to["told"] = people, to["told.fast"] = fast;
}

const char* column_of(dimension by) {
    switch (by) {
    case dimension::team:
        return "team_id";
    case dimension::department:
        return "department";
    case dimension::procedure:
        return "procedure_code";
    case dimension::channel:
        return "channel";
    }
    return "channel";
}

} // namespace

figure_measures measure(soci::session& sql, const time_span& over, const figure_filter& whose, sys_seconds now) {
    figure_measures out;
    add_tickets(sql, out, over, whose);
    add_backlog(sql, out, over, whose, now);
    add_calls(sql, out, over, whose);
    if (!whose.is_empty()) return out; // what follows is known for the whole centre alone
    add_callbacks(sql, out, over, now);
    add_incidents(sql, out, over, now);
    add_shares(sql, out, over, now);
    add_told(sql, out, over, now);
    return out;
}

figure_measures backlog(soci::session& sql, sys_seconds at, const figure_filter& whose, sys_seconds now) {
    figure_measures out;
    add_backlog(sql, out, {at, at}, whose, now);
    return out;
}

ticket_course course(soci::session& sql, const time_span& over, const figure_filter& whose, sys_seconds now) {
    ticket_course out;
    for (auto& [hour, measured] : ticket_measures(sql, over, whose, each_hour)) {
        for (const auto& [name, counted] : measured) out.whole[name] += counted;
        out.by_hour.emplace(at_seconds(std::stoll(hour)), std::move(measured));
    }
    out.whole.merge(backlog(sql, over.to, whose, now));
    return out;
}

std::map<std::string, figure_measures> measure_by(soci::session& sql, const time_span& over, dimension by, const figure_filter& whose,
                                                  sys_seconds now) {
    std::string key = by == dimension::team ? "CAST(team_id AS CHAR(20))" : column_of(by);
    auto out = ticket_measures(sql, over, whose, key);
    add_backlog(sql, out, over, whose, now, key);
    if (by != dimension::team || !whose.is_empty()) return out;
    auto to = std::min(over.to, over.from + 24h * call_stats::longest_days);
    for (const auto& each : call_stats::between(sql, over.from, to).by_team) add_calls(out[each.key], each);
    return out;
}

} // namespace relais::model::figures
