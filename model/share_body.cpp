// SPDX-License-Identifier: EUPL-1.2
#include "model/decision.hpp"
#include "model/error.hpp"
#include "model/figure.hpp"
#include "model/incident.hpp"
#include "model/share_correction.hpp"
#include "model/share_figure.hpp"
#include "model/share_incident.hpp"
#include "model/share_volume.hpp"
#include "model/small_cell.hpp"
#include "model/sql_bulk.hpp"
#include "model/weekly_share.hpp"

#include <algorithm>
#include <array>
#include <map>

// What a share says. Everything but the first and last lines, and what decision 115 names, is as it was when the week ended: a week that
// was missed is told as it would have been.
namespace relais::model::weekly_shares {

namespace {

using json = nlohmann::json;

constexpr int body_version = 2; // 1: hand-overs judged by what was known when the share was made (decision 195)
constexpr auto headings =
    std::to_array<std::string_view>({"new", "regressed", "bursting", "escalated", "worked_around", "fixed", "verified", "closed"});
constexpr std::size_t oldest_limit = 10;

const json* find_by(const json& list, const char* name, const json& wanted) {
    for (const auto& each : list)
        if (each[name] == wanted) return &each;
    return nullptr;
}

// Decisions that wait, the oldest first: the share begins with them.
json decisions_waiting(soci::session& sql, told_words& words, sys_seconds until) {
    auto out = json::array();
    for (const auto& each : decisions::outstanding(sql, until)) {
        auto of = incidents::get(sql, each.incident_id);
        auto age = (seconds(until) - seconds(each.decided_at)) / 86'400;
        auto today = date::format("%F", calendars::day_of("Europe/Paris", until));
        out.push_back({{"id", each.id},
                       {"incident", each.incident_id},
                       {"title", words.of(of.id, of.title)},
                       {"state", share_incidents::state_at(sql, of, until)},
                       {"decision", each.kind},
                       {"text", words.of(of.id, each.text)},
                       {"due", each.due},
                       {"is_late", !each.due.empty() && each.due < today},
                       {"by", each.actor_name},
                       {"decided_at", seconds(each.decided_at)},
                       {"week", each.week},
                       {"age_days", age}});
    }
    return out;
}

// Whether the share tells an incident's tickets of just this week.
bool is_told_alone(const json& incident, const time_span& week) {
    const auto& stretches = incident["counts"]["stretches"];
    if (incident["counts"]["is_held"] == true || stretches.empty()) return false;
    return stretches.back()["from_at"] == seconds(week.from) && stretches.back()["until_at"] == seconds(week.to);
}

// K14 counts the tickets of all incidents: less those that are told beside it, it would tell the tickets of the others, when that is one
// incident or few persons.
bool gives_away_others(soci::session& sql, const time_span& week, const json& incidents) {
    std::vector<std::string> values = {std::to_string(seconds(week.from)), std::to_string(seconds(week.to))};
    for (const auto& each : incidents)
        if (!is_told_alone(each, week)) values.push_back(std::to_string(each["number"].get<std::int64_t>()));
    if (values.size() == 2) return false;
    std::int64_t others = 0, persons = 0;
    for (const auto& each : sql::all_bulk<std::int64_t>(
             sql,
             "SELECT COUNT(DISTINCT report.person_key) FROM report JOIN incident ON incident.id = report.incident_id WHERE "
             "report.received_at >= :v0 AND report.received_at < :v1 AND incident.confirmed_at < report.received_at AND report.incident_id "
             "IN (" +
                 sql::placeholders(values.size() - 2, 2) + ") GROUP BY report.incident_id",
             values))
        ++others, persons += each;
    return others == 1 || small_cells::is_small(persons);
}

// Where the share before told of each incident: some leave and come back, even after years.
class last_told {
public:
    last_told(soci::session& sql, sys_seconds until) {
        constexpr int looked_back = 12;
        for (const auto& body : sql::all<std::string>(
                 sql, "SELECT body FROM weekly_share WHERE until_at <= :until ORDER BY from_at DESC LIMIT :limit", until, looked_back))
            bodies_.push_back(json::parse(body));
    }
    // Looks for those that the last shares do not tell in all that are older, each read as a text first: few come back.
    void look_further(soci::session& sql, const std::vector<incident>& wanted) {
        if (bodies_.empty()) return;
        auto before = at_seconds(bodies_.back()["from_at"].get<std::int64_t>());
        auto missing = wanted;
        std::erase_if(missing, [&](const incident& each) { return each.created_at >= before || !of(each.id).is_null(); });
        while (!missing.empty()) {
            using row = std::tuple<sys_seconds, std::string>;
            auto older = sql::first<row>(
                sql, "SELECT from_at, body FROM weekly_share WHERE from_at < :before ORDER BY from_at DESC LIMIT 1", before);
            if (!older) return;
            before = std::get<0>(*older);
            keep_older(std::get<1>(*older), missing);
            std::erase_if(missing, [&](const incident& each) { return each.created_at >= before || older_.contains(each.id); });
        }
    }
    json of(std::int64_t incident) const {
        for (const auto& body : bodies_)
            if (const auto* found = find_by(body["incidents"], "number", incident)) return *found;
        auto found = older_.find(incident);
        return found == older_.end() ? json() : found->second;
    }
    const json* previous() const { return bodies_.empty() ? nullptr : &bodies_.front(); }
    const std::vector<json>& bodies() const { return bodies_; } // the last first

private:
    void keep_older(const std::string& text, const std::vector<incident>& wanted) {
        json body;
        for (const auto& each : wanted) {
            if (text.find("\"number\":" + std::to_string(each.id) + ",") == std::string::npos) continue;
            if (body.is_null()) body = json::parse(text);
            if (const auto* found = find_by(body["incidents"], "number", each.id)) older_[each.id] = *found;
        }
    }

    std::vector<json> bodies_;
    std::map<std::int64_t, json> older_;
};

// Incident numbers by heading; `oldest`: those that have been open longest.
json sections(const json& incidents) {
    json out = json::object();
    for (auto heading : headings) {
        out[std::string(heading)] = json::array();
        for (const auto& each : incidents)
            if (std::find(each["happened"].begin(), each["happened"].end(), heading) != each["happened"].end())
                out[std::string(heading)].push_back(each["number"]);
    }
    std::vector<std::pair<std::int64_t, std::int64_t>> open;
    for (const auto& each : incidents)
        if (each["is_open"].get<bool>()) open.emplace_back(each["opened_at"].get<std::int64_t>(), each["number"].get<std::int64_t>());
    std::sort(open.begin(), open.end());
    out["oldest"] = json::array(), out["legal"] = json::array();
    for (std::size_t i = 0; i < open.size() && i < oldest_limit; ++i) out["oldest"].push_back(open[i].second);
    for (const auto& each : incidents)
        if (each["nature"] == "legal_case_not_covered") out["legal"].push_back(each["number"]);
    out["open"] = open.size();
    return out;
}

} // namespace

json compose(soci::session& sql, calendar_week week, sys_seconds now) {
    auto span = calendar_weeks::span_of(week);
    if (now < span.to) throw invalid({{"week", "not_ended", "fault.share.not_ended"}});
    last_told told(sql, span.from);
    told_words words(sql);
    json out = {{"version", body_version},
                {"week", calendar_weeks::text(week)},
                {"from_at", seconds(span.from)},
                {"until_at", seconds(span.to)},
                {"hours", (seconds(span.to) - seconds(span.from)) / 3600},
                {"made_at", seconds(now)},
                {"least_persons", small_cells::least}};
    out["decisions"] = decisions_waiting(sql, words, span.to);
    out["incidents"] = json::array();
    share_incidents::told_incidents incidents(sql, span);
    told.look_further(sql, incidents.all());
    for (const auto& each : incidents.all())
        out["incidents"].push_back(incidents.tell(sql, words, each, [&](auto number) { return told.of(number); }));
    out["sections"] = sections(out["incidents"]);
    auto measured = figures::measure(sql, span, {}, now);
    auto counts = share_figures::counts_of(sql, span, measured);
    if (gives_away_others(sql, span, out["incidents"]))
        for (const char* each : {"incidents.attached", "incidents.attached_fast"}) counts.hold(each);
    if (share_corrections::settles_few(told.bodies(), week, counts.count("settled")))
        for (const char* each : {"settled", "settled.first_contact"}) counts.hold(each);
    out["figures"] = share_figures::tell(measured, counts);
    for (auto& each : out["figures"]) {
        const auto* before = told.previous() ? find_by((*told.previous())["figures"], "id", each["id"]) : nullptr;
        each["before"] = before ? (*before)["value"] : json();
    }
    out["volumes"] = share_volumes::tell(sql, span);
    for (const char* each : {"received", "closed"}) out["volumes"][each] = counts.count(each);
    for (const char* each : {"promised", "called", "kept", "reached"})
        out["callbacks"][each] = counts.count(std::string("callbacks.") + each);
    out["corrections"] = share_corrections::since(sql, told.bodies(), now);
    out["corrected"] = {{"weeks", share_corrections::corrected_weeks}, {"but_not", {"K14"}}};
    return out;
}

} // namespace relais::model::weekly_shares
