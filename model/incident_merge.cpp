// SPDX-License-Identifier: EUPL-1.2
#include "model/incident_merge.hpp"

#include "model/incident.hpp"
#include "model/incident_state.hpp"
#include "model/sql_bulk.hpp"
#include "model/ticket_facts.hpp"
#include "model/ticket_wait.hpp"

namespace relais::model::incident_merges {

namespace {

// A merge, and those that carried its tickets further since and still stand, in order.
std::vector<correction> merges_from(soci::session& sql, const correction& first) {
    std::vector<correction> out{first};
    while (auto next = merged_since(sql, *out.back().other_id, out.back().id)) out.push_back(*next);
    return out;
}

// A page of the tickets that a merge moved.
struct ticket_page {
    std::int64_t after = 0, last = 0;
};

// The next ones; nothing when none is left. Whoever merges wrote these rows and sees them all: the tickets of an incident may be more than
// the transaction sees, since on MariaDB one that is placed meanwhile is moved along.
std::optional<ticket_page> next_page(soci::session& sql, const correction& merge, std::int64_t after, int limit) {
    auto last = sql::first<std::int64_t>(sql,
                                         "SELECT MAX(ticket_id) FROM (SELECT ticket_id FROM correction_ticket WHERE correction_id = :merge "
                                         "AND to_id = :into AND ticket_id > :after ORDER BY ticket_id LIMIT :limit) page",
                                         merge.id, merge.other_id, after, limit);
    if (last.value_or(0) == 0) return std::nullopt;
    return ticket_page{after, *last};
}

const std::string carried_along = "report.ticket_id IN (SELECT ticket_id FROM correction_ticket WHERE correction_id = :merge AND to_id = "
                                  ":into AND ticket_id > :after AND ticket_id <= :last)";

// Their histories, with what rules read of each, and what those that wait wait for, of the tickets of a page.
void tell_brought_back(soci::session& sql, const incidents::action& act, const correction& merge, std::int64_t from,
                       const ticket_page& page) {
    constexpr std::int64_t us_in_s = 1'000'000;
    sql::change(sql,
                "INSERT INTO event (at_us, actor_kind, actor_id, actor_name, action, object_kind, object_id, data) SELECT :at, :kind, "
                ":actor, :name, 'ticket.attached', 'ticket', ticket.id, JSON_OBJECT('from', :from, 'to', :to, '" +
                    std::string(ticket_facts::key) + "', JSON_ARRAY(" + ticket_facts::columns + ")) FROM " + ticket_facts::tables +
                    " JOIN report ON report.ticket_id = ticket.id WHERE report.incident_id = :home AND " + carried_along,
                seconds(act.now) * us_in_s, act.who.kind, act.who.id, act.who.name, from, merge.incident_id, merge.incident_id, merge.id,
                merge.other_id, page.after, page.last);
    auto waiting = sql::all<std::int64_t>(sql,
                                          "SELECT report.ticket_id FROM report JOIN ticket ON ticket.id = report.ticket_id WHERE "
                                          "report.incident_id = :home AND ticket.status = 'waiting' AND ticket.waiting_reason = 'incident' "
                                          "AND " +
                                              carried_along,
                                          merge.incident_id, merge.id, merge.other_id, page.after, page.last);
    auto is_awaited = !incident_states::is_fixed(incidents::get(sql, merge.incident_id).state);
    for (auto each : waiting)
        is_awaited ? ticket_waits::follow_incident(sql, each, merge.incident_id) : ticket_waits::leave_incident(sql, each, act.now);
}

// The tickets of a page that every one of these merges carried along go home, unless somebody moved them since.
void bring_page_back(soci::session& sql, const incidents::action& act, const std::vector<correction>& merges, const ticket_page& page) {
    auto text = [](auto number) { return std::to_string(number); };
    const auto& merge = merges.front();
    auto at = text(seconds(act.now)), home = text(merge.incident_id), episode = text(incidents::get(sql, merge.incident_id).episode);
    std::vector<std::string> values = {home, episode, act.who.name, at, at, text(*merges.back().other_id)};
    std::string change = "UPDATE report SET incident_id = :v0, suggested_id = NULL, episode = :v1, score = 1, runner_up_id = NULL, "
                         "runner_up_score = 0, engine = '', reasons = '[]', decided_by = 'person', actor_name = :v2, decided_at = :v3, "
                         "verification = '', verified_at = NULL, updated_at = :v4 WHERE incident_id = :v5";
    auto bind = [&values](const std::string& value) {
        values.push_back(value);
        return ":v" + std::to_string(values.size() - 1);
    };
    auto inside = [&] {
        auto from = bind(text(page.after));
        return " AND ticket_id > " + from + " AND ticket_id <= " + bind(text(page.last));
    };
    change += inside();
    for (const auto& each : merges) {
        change += " AND ticket_id IN (SELECT ticket_id FROM correction_ticket WHERE correction_id = " + bind(text(each.id));
        change += " AND to_id = " + bind(text(*each.other_id));
        change += inside() + ")";
    }
    sql::change_bulk(sql, change, values);
}

} // namespace

std::optional<correction> merged_since(soci::session& sql, std::int64_t incident, std::int64_t after) {
    return sql::first<correction>(sql,
                                  "SELECT " + std::string(correction::columns) +
                                      " FROM correction WHERE incident_id = :incident AND kind = 'merge' AND undone_at IS NULL AND id > "
                                      ":after ORDER BY id DESC LIMIT 1",
                                  incident, after);
}

void carry(soci::session& sql, const correction& merge, sys_seconds now, int at_once) {
    auto episode = incidents::get(sql, *merge.other_id).episode;
    for (auto page = next_page(sql, merge, 0, at_once); page; page = next_page(sql, merge, page->last, at_once))
        sql::change(sql,
                    "UPDATE report SET incident_id = :to, episode = :episode, updated_at = :now WHERE incident_id = :from AND ticket_id > "
                    ":after AND ticket_id <= :last",
                    merge.other_id, episode, now, merge.incident_id, page->after, page->last);
}

void bring_back(soci::session& sql, const incidents::action& act, const correction& merge, int at_once) {
    auto merges = merges_from(sql, merge);
    for (auto page = next_page(sql, merge, 0, at_once); page; page = next_page(sql, merge, page->last, at_once)) {
        bring_page_back(sql, act, merges, *page);
        tell_brought_back(sql, act, merge, *merges.back().other_id, *page);
    }
}

} // namespace relais::model::incident_merges
