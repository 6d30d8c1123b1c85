// SPDX-License-Identifier: EUPL-1.2
#include "model/registry_lookup.hpp"

#include "model/citizen.hpp"
#include "model/dossier.hpp"
#include "model/event.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"

#include <algorithm>
#include <array>

namespace relais::model::registry_lookups {

namespace {

constexpr std::array<std::int64_t, 3> unavailable_after_s = {10, 60, 300};
constexpr std::array<std::int64_t, 3> not_found_after_s = {3600, 6 * 3600, 24 * 3600};
constexpr std::int64_t unavailable_then_s = 900, give_up_after_s = 5 * 24 * 3600;

struct due_row {
    std::int64_t id = 0, ticket_id = 0, attempts = 0, next_at = 0;
    static constexpr auto columns = "id, ticket_id, attempts, next_at";
    auto fields() { return std::tie(id, ticket_id, attempts, next_at); }
};

// As tickets::open saw it.
dossier_evidence evidence_of(soci::session& sql, const ticket& about) {
    dossier_evidence out;
    out.number = about.dossier_number_typed, out.neph = about.neph_typed;
    out.department = about.department, out.procedure_code = about.procedure_code;
    auto is_own = about.subject_person_id == about.requester_id;
    auto is_for_another = about.relation != "self" || about.channel == "driving_school" || about.channel == "france_services" ||
                          about.channel == "prefecture";
    if (is_own && is_for_another) return out;
    auto person = citizens::get(sql, about.subject_person_id);
    out.name = person.name, out.birth_name = person.birth_name, out.first_names = person.first_names, out.birth_date = person.birth_date;
    if (is_own) out.email = person.email, out.phone = person.phone;
    return out;
}

registry_lookup read(soci::session& sql, const due_row& row) {
    registry_lookup out;
    out.id = row.id, out.ticket_id = row.ticket_id, out.attempts = row.attempts + 1;
    auto about = tickets::get(sql, row.ticket_id);
    out.evidence = evidence_of(sql, about);
    out.dossier_id = about.dossier_id;
    if (about.dossier_id)
        if (auto found = dossiers::find(sql, *about.dossier_id)) out.dossier_number = found->number;
    return out;
}

void put_off(soci::session& sql, const registry_lookup& what, std::int64_t after_s, std::string_view outcome, sys_seconds now) {
    sql::change(
        sql, "UPDATE registry_lookup SET next_at = :next_at, outcome = :outcome, answered_at = :now WHERE id = :id AND state = 'waiting'",
        seconds(now) + after_s, outcome, now, what.id);
    sql::change(sql, "UPDATE registry_lookup SET state = 'given_up' WHERE id = :id AND state = 'waiting' AND created_at < :oldest", what.id,
                seconds(now) - give_up_after_s);
}

void end(soci::session& sql, const registry_lookup& what, std::string_view outcome, sys_seconds now) {
    sql::change(sql, "UPDATE registry_lookup SET state = 'done', outcome = :outcome, answered_at = :now WHERE id = :id", outcome, now,
                what.id);
}

// The second snapshot shows what the registry said, whatever the mirror made of it.
void freeze(soci::session& sql, const registry_lookup& what, std::int64_t dossier_id, const registry_news& answer, sys_seconds now) {
    if (answer.source == "mirror") return;
    auto held = dossiers::find(sql, dossier_id);
    if (!held) return;
    for (const auto& each : answer.dossiers) {
        if (each.values.number != held->number) continue;
        auto state = each.values;
        state.id = dossier_id;
        dossiers::snapshot_of(sql, state, what.ticket_id, answer.source, now);
    }
}

// Links a ticket that still has no dossier; an agent who was quicker is right.
bool link(soci::session& sql, const registry_lookup& what, const dossier_link& found, sys_seconds now) {
    if (!found.dossier_id && found.candidates.empty()) return false;
    auto changed = sql::change(sql,
                               "UPDATE ticket SET dossier_id = :dossier, dossier_link = :link, updated_at = :now, version = version + 1 "
                               "WHERE id = :id AND dossier_id IS NULL AND is_active = 1",
                               found.dossier_id, dossiers::word(found.outcome), now, what.ticket_id);
    if (changed == 0) return false;
    sql::change(sql, "DELETE FROM ticket_dossier WHERE ticket_id = :ticket AND role = 'candidate'", what.ticket_id);
    dossiers::keep_link(sql, what.ticket_id, found, now);
    if (!found.dossier_id) return false;
    events::record(sql, actor{}, "ticket.linked", "ticket", what.ticket_id,
                   {{"from", 0}, {"to", *found.dossier_id}, {"reason", found.reason}}, now);
    return true;
}

bool apply(soci::session& sql, const registry_lookup& what, const registry_news& answer, sys_seconds now) {
    if (answer.source != "mirror") dossiers::store(sql, answer.dossiers, now);
    if (what.dossier_id) {
        freeze(sql, what, *what.dossier_id, answer, now);
        return false;
    }
    auto found = dossiers::match(sql, what.evidence);
    auto linked = link(sql, what, found, now);
    if (linked) freeze(sql, what, *found.dossier_id, answer, now);
    return linked;
}

} // namespace

std::vector<registry_lookup> take(soci::session& sql, int limit, sys_seconds now) {
    static const auto select_due = std::string("SELECT ") + due_row::columns +
                                   " FROM registry_lookup WHERE state = 'waiting' AND next_at <= :now ORDER BY next_at, id LIMIT :limit";
    std::vector<registry_lookup> out;
    for (const auto& each : sql::all<due_row>(sql, select_due, now, limit)) {
        auto taken =
            sql::change(sql,
                        "UPDATE registry_lookup SET next_at = :until, attempts = attempts + 1 WHERE id = :id AND state = 'waiting' "
                        "AND next_at = :seen AND attempts = :attempts",
                        seconds(now) + claim_s, each.id, each.next_at, each.attempts);
        if (taken == 1) out.push_back(read(sql, each));
    }
    return out;
}

bool finish(soci::session& sql, const registry_lookup& what, const registry_news& answer, sys_seconds now) {
    auto turn = static_cast<std::size_t>(std::max<std::int64_t>(what.attempts, 1) - 1);
    switch (answer.what) {
    case registry_news::outcome::unavailable:
        put_off(sql, what, turn < unavailable_after_s.size() ? unavailable_after_s[turn] : unavailable_then_s, "unavailable", now);
        return false;
    case registry_news::outcome::not_found:
        if (what.dossier_id || turn >= not_found_after_s.size())
            end(sql, what, "not_found", now);
        else
            put_off(sql, what, not_found_after_s[turn], "not_found", now);
        return false;
    case registry_news::outcome::unreadable:
        end(sql, what, "unreadable", now);
        return false;
    case registry_news::outcome::answered:
        break;
    }
    auto linked = apply(sql, what, answer, now);
    end(sql, what, linked ? "linked" : what.dossier_id ? "refreshed" : "undecided", now);
    return linked;
}

std::int64_t hasten(soci::session& sql, sys_seconds now) {
    auto waiting = sql::all<std::int64_t>(
        sql,
        "SELECT id FROM registry_lookup WHERE state = 'waiting' AND next_at > :now AND outcome = 'unavailable' ORDER BY next_at LIMIT 500",
        now);
    std::int64_t hastened = 0;
    for (auto id : waiting)
        hastened +=
            sql::change(sql, "UPDATE registry_lookup SET next_at = :now, outcome = '' WHERE id = :id AND state = 'waiting'", now, id);
    return hastened;
}

std::int64_t count_waiting(soci::session& sql) {
    return *sql::first<std::int64_t>(sql,
                                     "SELECT COUNT(*) FROM (SELECT id FROM registry_lookup WHERE state = 'waiting' LIMIT 10000) AS some");
}

} // namespace relais::model::registry_lookups
