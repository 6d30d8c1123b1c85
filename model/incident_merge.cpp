// SPDX-License-Identifier: EUPL-1.2
#include "model/incident_merge.hpp"

#include "model/incident.hpp"
#include "model/incident_state.hpp"
#include "model/sql_bulk.hpp"
#include "model/ticket_wait.hpp"

#include <nlohmann/json.hpp>

namespace relais::model::incident_merges {

namespace {

// A merge, and those that carried its tickets further since and still stand, in order.
std::vector<correction> merges_from(soci::session& sql, const correction& first) {
    std::vector<correction> out{first};
    while (auto next = merged_since(sql, *out.back().other_id, out.back().id)) out.push_back(*next);
    return out;
}

const std::string carried_along = "ticket_id > :after AND report.ticket_id <= :last AND report.ticket_id IN (SELECT ticket_id FROM "
                                  "correction_ticket WHERE correction_id = :merge AND to_id = :into)";

// Their histories, and what those that wait wait for, of the tickets of a page.
void tell_brought_back(soci::session& sql, const incidents::action& act, const correction& merge, std::int64_t from, std::int64_t after,
                       std::int64_t last) {
    constexpr std::int64_t us_in_s = 1'000'000;
    sql::change(sql,
                "INSERT INTO event (at_us, actor_kind, actor_id, actor_name, action, object_kind, object_id, data) SELECT :at, :kind, "
                ":actor, :name, 'ticket.attached', 'ticket', ticket_id, :data FROM report WHERE incident_id = :home AND report." +
                    carried_along,
                seconds(act.now) * us_in_s, act.who.kind, act.who.id, act.who.name,
                nlohmann::json({{"from", from}, {"to", merge.incident_id}}).dump(), merge.incident_id, after, last, merge.id,
                merge.other_id);
    auto waiting = sql::all<std::int64_t>(sql,
                                          "SELECT report.ticket_id FROM report JOIN ticket ON ticket.id = report.ticket_id WHERE "
                                          "report.incident_id = :home AND ticket.status = 'waiting' AND ticket.waiting_reason = 'incident' "
                                          "AND report." +
                                              carried_along,
                                          merge.incident_id, after, last, merge.id, merge.other_id);
    auto is_awaited = !incident_states::is_fixed(incidents::get(sql, merge.incident_id).state);
    for (auto each : waiting)
        is_awaited ? ticket_waits::follow_incident(sql, each, merge.incident_id) : ticket_waits::leave_incident(sql, each, act.now);
}

} // namespace

std::optional<std::int64_t> end_of_page(soci::session& sql, std::int64_t incident, std::int64_t after) {
    constexpr int page = 2'000;
    auto last = sql::first<std::int64_t>(sql,
                                         "SELECT MAX(ticket_id) FROM (SELECT ticket_id FROM report WHERE incident_id = :incident AND "
                                         "ticket_id > :after ORDER BY ticket_id LIMIT :limit) page",
                                         incident, after, page);
    return last.value_or(0) == 0 ? std::nullopt : last;
}

std::optional<correction> merged_since(soci::session& sql, std::int64_t incident, std::int64_t after) {
    return sql::first<correction>(sql,
                                  "SELECT " + std::string(correction::columns) +
                                      " FROM correction WHERE incident_id = :incident AND kind = 'merge' AND undone_at IS NULL AND id > "
                                      ":after ORDER BY id DESC LIMIT 1",
                                  incident, after);
}

void bring_back(soci::session& sql, const incidents::action& act, const correction& merge) {
    auto merges = merges_from(sql, merge);
    auto from = *merges.back().other_id;
    auto text = [](auto number) { return std::to_string(number); };
    auto at = text(seconds(act.now));
    std::vector<std::string> values = {
        text(merge.incident_id), text(incidents::get(sql, merge.incident_id).episode), act.who.name, at, at, text(from), "", ""};
    constexpr std::size_t after_at = 6, last_at = 7;
    std::string change =
        "UPDATE report SET incident_id = :v0, suggested_id = NULL, episode = :v1, score = 1, runner_up_id = NULL, "
        "runner_up_score = 0, engine = '', reasons = '[]', decided_by = 'person', actor_name = :v2, decided_at = :v3, "
        "verification = '', verified_at = NULL, updated_at = :v4 WHERE incident_id = :v5 AND ticket_id > :v6 AND ticket_id <= :v7";
    for (const auto& each : merges) {
        auto id = values.size();
        change += " AND ticket_id IN (SELECT ticket_id FROM correction_ticket WHERE correction_id = :v" + text(id) + " AND to_id = :v" +
                  text(id + 1) + ")";
        values.push_back(text(each.id)), values.push_back(text(*each.other_id));
    }
    std::int64_t after = 0;
    for (auto last = end_of_page(sql, from, after); last; after = *last, last = end_of_page(sql, from, after)) {
        values[after_at] = text(after), values[last_at] = text(*last);
        sql::change_bulk(sql, change, values);
        tell_brought_back(sql, act, merge, from, after, *last);
    }
}

} // namespace relais::model::incident_merges
