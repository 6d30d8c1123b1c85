// SPDX-License-Identifier: EUPL-1.2
#include "model/incident_sheet.hpp"

#include "model/error.hpp"
#include "model/silent_dossier.hpp"
#include "model/sql.hpp"
#include "model/sql_bulk.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <tuple>
#include <unordered_map>

namespace relais::model::incident_sheets {

namespace {

// For one statement of all of them, kept for each of few sizes: the rest is filled with the last.
void fill(std::vector<std::string>& ids) {
    constexpr auto sizes = std::to_array<std::size_t>({8, 51, 201, 500});
    auto fitting = std::find_if(sizes.begin(), sizes.end(), [&ids](auto size) { return size >= ids.size(); });
    ids.resize(fitting == sizes.end() ? ids.size() : *fitting, ids.back());
}

std::vector<incident_ticket> with_words(soci::session& sql, std::vector<report> links) {
    std::vector<incident_ticket> out;
    if (links.empty()) return out;
    std::vector<std::string> ids;
    for (const auto& each : links) ids.push_back(std::to_string(each.ticket_id));
    fill(ids);
    using row = std::tuple<std::int64_t, std::string, std::string, std::string, std::string, std::string, std::string>;
    std::unordered_map<std::int64_t, row> found;
    for (auto& each :
         sql::all_bulk<row>(sql,
                            "SELECT ticket.id, ticket.reference, ticket.subject, COALESCE(message.body, ''), ticket.status, "
                            "ticket.waiting_reason, ticket.procedure_code FROM ticket LEFT JOIN message ON message.id = (SELECT "
                            "MIN(id) FROM message WHERE ticket_id = ticket.id) WHERE ticket.id IN (" +
                                sql::placeholders(ids.size()) + ")",
                            ids))
        found.emplace(std::get<0>(each), std::move(each));
    for (auto& each : links) {
        incident_ticket one;
        if (auto known = found.find(each.ticket_id); known != found.end())
            std::tie(std::ignore, one.reference, one.subject, one.body, one.status, one.waiting_reason, one.procedure_code) =
                std::move(known->second);
        one.link = std::move(each);
        out.push_back(std::move(one));
    }
    return out;
}

// Among the last ones, so that the page costs the same whatever the size of the incident.
std::vector<incident_ticket> examples(soci::session& sql, std::int64_t number) {
    constexpr int among = 50;
    auto links = reports::of_incident(sql, number, among);
    auto is_better = [](const report& one, const report& other) {
        auto by_person = one.decided_by == "person", other_by_person = other.decided_by == "person";
        return by_person != other_by_person ? by_person : one.score > other.score;
    };
    std::stable_sort(links.begin(), links.end(), is_better);
    if (links.size() > example_limit) links.resize(example_limit);
    return with_words(sql, std::move(links));
}

// Incidents about the same error code, or the same procedure and step, whatever their state.
std::vector<incident> alike(soci::session& sql, const incident& of, const std::vector<incident_fact>& facts) {
    auto code = incident_facts::dominant(facts, "error_code"), step = incident_facts::dominant(facts, "step");
    auto name = code.empty() ? "step" : "error_code";
    const auto& value = code.empty() ? step : code;
    if (value.empty()) return {};
    auto ids = sql::all<std::int64_t>(sql,
                                      "SELECT incident_fact.incident_id FROM incident_fact JOIN incident ON incident.id = "
                                      "incident_fact.incident_id WHERE incident_fact.name = :name AND incident_fact.value = :value AND "
                                      "incident_fact.tickets > 0 AND incident.merged_into IS NULL AND incident.state <> 'watched' AND "
                                      "incident.id <> :id ORDER BY incident_fact.tickets DESC LIMIT :limit",
                                      name, value, of.id, alike_limit);
    std::vector<incident> out;
    for (auto id : ids) out.push_back(incidents::get(sql, id));
    return out;
}

std::map<std::int64_t, std::string> standing(soci::session& sql, const std::vector<event>& history) {
    std::vector<std::string> ids;
    for (const auto& each : history)
        if (auto told = nlohmann::json::parse(each.data, nullptr, false); told.is_object() && told.contains("correction"))
            ids.push_back(told["correction"].dump());
    std::map<std::int64_t, std::string> out;
    if (ids.empty()) return out;
    fill(ids);
    using row = std::tuple<std::int64_t, std::string>;
    for (auto& [id, kind] : sql::all_bulk<row>(
             sql, "SELECT id, kind FROM correction WHERE undone_at IS NULL AND id IN (" + sql::placeholders(ids.size()) + ")", ids))
        out.emplace(id, std::move(kind));
    return out;
}

std::vector<std::int64_t> bursts(soci::session& sql, std::int64_t number) {
    return sql::all<std::int64_t>(sql, "SELECT hour FROM incident_burst WHERE incident_id = :incident ORDER BY hour LIMIT 500", number);
}

} // namespace

incident_sheet get(soci::session& sql, std::int64_t number, sys_seconds now) {
    incident_sheet out;
    out.incident = incidents::get(sql, number);
    out.facts = incident_facts::read(sql, number);
    out.hours = incident_facts::hours(sql, number, incident_facts::hour_of(now - trend_span));
    out.episodes = incidents::episodes(sql, number);
    out.escalations = escalations(sql, number);
    out.examples = examples(sql, number);
    out.suggested = with_words(sql, reports::suggested(sql, number, suggestion_limit));
    out.alike = alike(sql, out.incident, out.facts);
    out.history = events::of(sql, "incident", number);
    out.standing = standing(sql, out.history);
    out.silent = silent_dossiers::count(sql, out.incident, silent_dossiers::shown_most);
    for (auto& each : broadcasts::of_incident(sql, number)) {
        auto progress = broadcasts::progress_of(sql, each);
        out.tellings.emplace_back(std::move(each), progress);
    }
    out.trackers = tracker_links::of_incident(sql, number);
    out.verification = verifications::last(sql, number);
    out.bursts = bursts(sql, number);
    out.decisions = decisions::threads(sql, decisions::of_incident(sql, number));
    out.releases = portal_releases::since(sql, now - trend_span);
    return out;
}

ticket_page tickets(soci::session& sql, std::int64_t number, std::string_view after, int limit) {
    std::optional<std::pair<sys_seconds, std::int64_t>> from;
    if (!after.empty()) {
        std::int64_t at = 0, ticket = 0;
        auto end = after.data() + after.size();
        auto first = std::from_chars(after.data(), end, at);
        auto is_read = first.ec == std::errc{} && first.ptr != end && *first.ptr == '-';
        auto second = is_read ? std::from_chars(first.ptr + 1, end, ticket) : first;
        if (!is_read || second.ec != std::errc{} || second.ptr != end) throw invalid({{"after", "malformed", "fault.parameter.malformed"}});
        from.emplace(at_seconds(at), ticket);
    }
    ticket_page out;
    auto links = reports::of_incident(sql, number, limit + 1, from);
    if (static_cast<int>(links.size()) > limit) {
        links.pop_back();
        out.next = std::to_string(seconds(links.back().received_at)) + "-" + std::to_string(links.back().ticket_id);
    }
    out.items = with_words(sql, std::move(links));
    return out;
}

std::vector<event> history(soci::session& sql, std::int64_t number, std::int64_t before, int limit) {
    return sql::all<event>(
        sql,
        "SELECT " + std::string(event::columns) +
            " FROM event WHERE object_kind = 'incident' AND object_id = :incident AND id < :before ORDER BY id DESC LIMIT "
            ":limit",
        number, before, limit);
}

std::vector<escalation> escalations(soci::session& sql, std::int64_t number) {
    return sql::all<escalation>(sql,
                                "SELECT id, episode, rule, numbers, actor_name, escalated_at, outcome, reason, outcome_by, outcome_at FROM "
                                "escalation WHERE incident_id = :incident ORDER BY id LIMIT 200",
                                number);
}

} // namespace relais::model::incident_sheets
