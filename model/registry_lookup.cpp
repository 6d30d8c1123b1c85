// SPDX-License-Identifier: EUPL-1.2
#include "model/registry_lookup.hpp"

#include "model/citizen.hpp"
#include "model/dossier.hpp"
#include "model/error.hpp"
#include "model/event.hpp"
#include "model/registry_health.hpp"
#include "model/registry_reading.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace relais::model::registry_lookups {

namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

constexpr seconds first_wait = 10s, last_wait = 15min, mended_within = 24h;
constexpr std::array<seconds, 3> not_found_again_at_age = {1h, 7h, 31h};

struct due_row {
    std::int64_t id = 0, ticket_id = 0, attempts = 0;
    sys_seconds created_at{};
    static constexpr auto columns = "id, ticket_id, attempts, created_at";
    auto fields() { return std::tie(id, ticket_id, attempts, created_at); }
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
    out.id = row.id, out.ticket_id = row.ticket_id, out.token = row.attempts + 1, out.created_at = row.created_at;
    auto about = tickets::get(sql, row.ticket_id);
    out.evidence = evidence_of(sql, about);
    out.dossier_id = about.dossier_id;
    if (about.dossier_id)
        if (auto found = dossiers::find(sql, *about.dossier_id)) out.dossier_number = found->number;
    return out;
}

// Gives the lease back with the answer's outcome; false when another holds it now. next_at: when to ask again; nothing: never.
bool settle(soci::session& sql, const registry_lookup& what, std::string_view outcome, std::optional<sys_seconds> next_at,
            sys_seconds now) {
    return sql::change(sql,
                       "UPDATE registry_lookup SET state = :state, next_at = :next_at, lease_until = 0, outcome = :outcome, answered_at = "
                       ":now WHERE id = :id AND state = 'waiting' AND attempts = :token",
                       next_at ? "waiting" : "done", next_at.value_or(now), outcome, now, what.id, what.token) == 1;
}

sys_seconds after_unavailable(const registry_lookup& what, sys_seconds now) {
    return now + std::clamp((now - what.created_at) / 2, first_wait, last_wait);
}

std::optional<sys_seconds> after_not_found(const registry_lookup& what, sys_seconds now) {
    if (what.dossier_id) return std::nullopt;
    for (auto age : not_found_again_at_age)
        if (what.created_at + age > now) return what.created_at + age;
    return std::nullopt;
}

std::optional<sys_seconds> after_unreadable(const registry_lookup& what, sys_seconds now) {
    return now < what.created_at + mended_within ? after_unavailable(what, now) : after_not_found(what, now);
}

// What the registry said of a dossier; false when it said nothing of it.
bool freeze(soci::session& sql, const registry_lookup& what, std::int64_t dossier_id, const registry_news& answer) {
    auto held = dossiers::find(sql, dossier_id);
    if (!held || answer.is_from_mirror) return false;
    auto is_it = [&held](const dossier_news& each) { return each.values.number == held->number; };
    auto told = std::find_if(answer.dossiers.begin(), answer.dossiers.end(), is_it);
    if (told == answer.dossiers.end()) return false;
    auto state = told->values;
    state.id = dossier_id;
    dossiers::snapshot_of(sql, state, what.ticket_id, "registry", answer.asked_at);
    return true;
}

std::vector<std::int64_t> candidates_of(soci::session& sql, std::int64_t ticket_id) {
    return sql::all<std::int64_t>(
        sql, "SELECT dossier_id FROM ticket_dossier WHERE ticket_id = :ticket AND role = 'candidate' ORDER BY dossier_id", ticket_id);
}

bool is_news(soci::session& sql, const registry_lookup& what, const dossier_link& found) {
    if (found.dossier_id) return true;
    std::vector<std::int64_t> ids;
    for (const auto& each : found.candidates) ids.push_back(each.dossier_id);
    std::sort(ids.begin(), ids.end());
    return !ids.empty() && ids != candidates_of(sql, what.ticket_id);
}

// Links a ticket that still has no dossier; an agent who was quicker is right.
bool link(soci::session& sql, const registry_lookup& what, const dossier_link& found, const registry_news& answer, sys_seconds now) {
    if (!is_news(sql, what, found)) return false;
    auto changed = sql::change(sql,
                               "UPDATE ticket SET dossier_id = :dossier, dossier_link = :link, updated_at = :now, version = version + 1 "
                               "WHERE id = :id AND dossier_id IS NULL AND status <> 'merged'",
                               found.dossier_id, dossiers::word(found.outcome), now, what.ticket_id);
    if (changed == 0) return false;
    sql::change(sql, "DELETE FROM ticket_dossier WHERE ticket_id = :ticket AND role = 'candidate'", what.ticket_id);
    dossiers::keep_roles(sql, what.ticket_id, found);
    if (!found.dossier_id) return false;
    if (!freeze(sql, what, *found.dossier_id, answer)) dossiers::snapshot(sql, *found.dossier_id, what.ticket_id, "mirror", now);
    events::record(sql, actor{}, "ticket.linked", "ticket", what.ticket_id,
                   {{"from", 0}, {"to", *found.dossier_id}, {"reason", found.reason}}, now);
    return true;
}

bool apply(soci::session& sql, const registry_lookup& what, const registry_news& answer, sys_seconds now) {
    if (!answer.is_from_mirror) dossiers::store(sql, answer.dossiers, now);
    if (!what.dossier_id) return link(sql, what, dossiers::match(sql, what.evidence), answer, now);
    if (freeze(sql, what, *what.dossier_id, answer)) registry_readings::note(sql, *what.dossier_id, answer.asked_at, now);
    return false;
}

} // namespace

bool has_due(soci::session& sql, sys_seconds now) {
    constexpr auto due = "SELECT id FROM registry_lookup WHERE state = 'waiting' AND next_at <= :now AND lease_until <= :clock LIMIT 1";
    return sql::first<std::int64_t>(sql, due, now, sql::lease_now(sql)).has_value();
}

std::vector<registry_lookup> take(soci::session& sql, int limit, sys_seconds now) {
    static const auto select_due = std::string("SELECT ") + due_row::columns +
                                   " FROM registry_lookup WHERE state = 'waiting' AND next_at <= :now AND lease_until <= :clock "
                                   "ORDER BY next_at, id LIMIT :limit";
    auto clock = sql::lease_now(sql);
    std::vector<registry_lookup> out;
    for (const auto& each : sql::all<due_row>(sql, select_due, now, clock, limit)) {
        auto taken = sql::change(sql,
                                 "UPDATE registry_lookup SET lease_until = :until, attempts = attempts + 1 WHERE id = :id "
                                 "AND state = 'waiting' AND lease_until <= :clock AND attempts = :attempts",
                                 clock + lease_s, each.id, clock, each.attempts);
        if (taken == 0) continue;
        try {
            out.push_back(read(sql, each));
        } catch (const not_found&) { // the ticket or its people are gone: nobody is left to ask for
            sql::change(sql, "DELETE FROM registry_lookup WHERE id = :id", each.id);
        }
    }
    return out;
}

bool finish(soci::session& sql, const registry_lookup& what, const registry_news& answer, sys_seconds now) {
    switch (answer.what) {
    case registry_news::outcome::unavailable:
        settle(sql, what, "unavailable", after_unavailable(what, now), now);
        return false;
    case registry_news::outcome::not_found:
        settle(sql, what, "not_found", after_not_found(what, now), now);
        return false;
    case registry_news::outcome::unreadable:
        if (settle(sql, what, "unreadable", after_unreadable(what, now), now))
            registry_refusals::note(sql, answer.column, answer.reason, now);
        return false;
    case registry_news::outcome::answered:
        break;
    }
    if (!settle(sql, what, what.dossier_id ? "refreshed" : "answered", std::nullopt, now)) return false;
    return apply(sql, what, answer, now);
}

std::int64_t hasten(soci::session& sql, sys_seconds now) {
    auto waiting = sql::all<std::int64_t>(sql,
                                          "SELECT id FROM registry_lookup WHERE state = 'waiting' AND next_at > :now AND outcome IN "
                                          "('unavailable', 'unreadable') ORDER BY next_at LIMIT :limit",
                                          now, hasten_limit);
    std::int64_t hastened = 0;
    for (auto id : waiting)
        hastened += sql::change(sql, "UPDATE registry_lookup SET next_at = :now WHERE id = :id AND state = 'waiting'", now, id);
    return hastened;
}

void forget(soci::session& sql, std::int64_t ticket_id) {
    sql::change(sql, "UPDATE registry_lookup SET state = 'done', outcome = 'forgotten' WHERE ticket_id = :ticket AND state = 'waiting'",
                ticket_id);
}

std::int64_t count_waiting(soci::session& sql) {
    return *sql::first<std::int64_t>(sql,
                                     "SELECT COUNT(*) FROM (SELECT id FROM registry_lookup WHERE state = 'waiting' LIMIT 10000) AS some");
}

} // namespace relais::model::registry_lookups
