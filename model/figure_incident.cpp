// SPDX-License-Identifier: EUPL-1.2
#include "model/figure_incident.hpp"

#include "model/callback_rate.hpp"
#include "model/incident_figures.hpp"
#include "model/sql_bulk.hpp"

#include <algorithm>

namespace relais::model::figure_incidents {

namespace {

using namespace std::chrono_literals;
constexpr auto hand_over_span = 24h * 21; // K15 is judged over the hand-overs of three weeks more: their last deadline is ten working days
constexpr int told_days = 2;              // K17, working days

std::string text(std::int64_t value) { return std::to_string(value); }
std::string text(sys_seconds value) { return std::to_string(seconds(value)); }

void add(figure_measures& to, const char* name, const incident_figures::commitment& of) {
    to[name] = of.of, to[std::string(name) + "_kept"] = of.kept;
}

struct fix {
    std::int64_t incident = 0;
    sys_seconds fixed_at, last; // until when people are told in time
};

// The fixes whose days end in the period: one an episode, whatever came of it afterwards.
std::vector<fix> fixes(soci::session& sql, const time_span& over, sys_seconds now) {
    constexpr auto longest = 24h * 14; // two working days, whatever holidays lie between
    using row = std::tuple<std::int64_t, sys_seconds>;
    std::vector<fix> out;
    for (const auto& [incident, fixed_at] : sql::all<row>(
             sql,
             "SELECT incident_id, incident_episode.fixed_at FROM incident_episode JOIN incident ON incident.id = incident_id WHERE "
             "incident_episode.fixed_at >= :from AND incident_episode.fixed_at < :to AND merged_into IS NULL LIMIT 1000",
             over.from - longest, over.to)) {
        auto last = incident_figures::deadline(fixed_at, told_days);
        if (last >= over.from && last < std::min(over.to, now)) out.push_back({incident, fixed_at, last});
    }
    return out;
}

using people = std::tuple<std::string, std::int64_t>;

// The people who had written about an incident when it was fixed.
std::vector<people> concerned(soci::session& sql, const fix& one, const figure_scope& of) {
    std::vector<std::string> values = {text(one.incident), text(one.fixed_at)};
    auto from = " FROM report" + of.join("report.ticket_id") + " WHERE report.incident_id = :v0 AND report.received_at < :v1";
    auto where = of.conditions(values);
    return sql::all_bulk<people>(sql, "SELECT " + of.key + ", COUNT(DISTINCT report.person_key)" + from + where + of.grouping(), values);
}

// Those of them to whom a mail or a letter about that fix left in time.
std::vector<people> told(soci::session& sql, const fix& one, const figure_scope& of) {
    std::vector<std::string> values;
    auto bound = [&values](std::string value) {
        values.push_back(std::move(value));
        return ":v" + std::to_string(values.size() - 1);
    };
    std::string mails;
    for (auto each : sql::all<std::int64_t>(sql, "SELECT id FROM broadcast WHERE incident_id = :incident AND kind = 'fix'", one.incident)) {
        auto key = "broadcast:" + text(each);
        mails += mails.empty() ? "(" : " OR (";
        mails += "outbox.unique_key >= " + bound(key + ":");
        mails += " AND outbox.unique_key < " + bound(key + ";") + ")";
    }
    if (mails.empty()) return {};
    auto from = " FROM outbox JOIN report ON report.ticket_id = outbox.ticket_id" + of.join("report.ticket_id") + " WHERE (" + mails + ")";
    from += " AND outbox.sent_at >= " + bound(text(one.fixed_at));
    from += " AND outbox.sent_at <= " + bound(text(one.last));
    from += " AND report.incident_id = " + bound(text(one.incident));
    from += " AND report.received_at < " + bound(text(one.fixed_at));
    auto where = of.conditions(values);
    return sql::all_bulk<people>(sql, "SELECT " + of.key + ", COUNT(DISTINCT report.person_key)" + from + where + of.grouping(), values);
}

} // namespace

void add_callbacks(soci::session& sql, by_key& to, const time_span& over, const figure_scope& of, sys_seconds now) {
    for (const auto& [key, rate] : callback_rates::by(sql, over, of, now)) {
        auto& into = to[key];
        into["callbacks.promised"] = rate.promised, into["callbacks.kept"] = rate.reached_in_slot;
        into["callbacks.called"] = rate.called_in_slot, into["callbacks.reached"] = rate.reached;
    }
}

void add_incidents(soci::session& sql, by_key& to, const time_span& over, const figure_scope& of, sys_seconds now) {
    auto until = std::min(over.to, now);
    for (const auto& [key, times] : incident_figures::lead_times(sql, over.from, until, of)) {
        to[key]["incidents.lead_p50"] = times.p50.count();
        to[key]["incidents.lead_p90"] = times.p90.count();
    }
    for (const auto& [key, judged] : incident_figures::hand_overs(sql, over.from - hand_over_span, until, of)) {
        add(to[key], "escalations.accepted", judged.accepted);
        add(to[key], "escalations.workaround", judged.workaround);
        add(to[key], "escalations.dated", judged.dated);
    }
}

void add_attached(soci::session& sql, by_key& to, const time_span& over, const figure_scope& of, sys_seconds now) {
    for (const auto& [key, attached] : incident_figures::attached(sql, over.from, std::min(over.to, now), of)) {
        to[key]["incidents.attached"] = attached.of, to[key]["incidents.attached_fast"] = attached.kept;
    }
}

void add_told(soci::session& sql, by_key& to, const time_span& over, const figure_scope& of, sys_seconds now) {
    if (!of.is_grouped()) to[figure_scope::all]["told"] = to[figure_scope::all]["told.fast"] = 0;
    for (const auto& one : fixes(sql, over, now)) {
        for (const auto& [key, count] : concerned(sql, one, of)) {
            if (count == 0) continue;
            auto& into = to[key];
            into["told"] += count;
            auto fewest = into.try_emplace("told.fewest", count).first;
            fewest->second = std::min(fewest->second, count);
        }
        for (const auto& [key, count] : told(sql, one, of))
            if (count > 0) to[key]["told.fast"] += count;
    }
}

} // namespace relais::model::figure_incidents
