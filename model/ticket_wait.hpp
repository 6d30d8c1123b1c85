// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock_book.hpp"
#include "model/ticket_actions.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// A stretch of time in which a ticket did not wait for us: for the citizen, the centre, an incident, an external owner, or closed.
struct ticket_wait {
    std::int64_t id = 0, ticket_id = 0;
    std::string reason; // a waiting reason, or "closed"
    std::string detail; // the incident's number, or who the other service is
    sys_seconds began_at;
    std::optional<sys_seconds> ended_at;
    std::int64_t reminders = 0; // sent so far
    std::optional<sys_seconds> next_at;

    static constexpr auto columns = "id, ticket_id, reason, detail, began_at, ended_at, reminders, next_at";
    auto fields() { return std::tie(id, ticket_id, reason, detail, began_at, ended_at, reminders, next_at); }
};

namespace ticket_waits {

// Lets a ticket wait for something: reasons of contract.md. An incident's number is its detail; it is not over. One that
// became part of another is waited for as the other.
// Throws: as every action (ticket_actions.hpp); invalid on "reason" or "detail".
void begin(soci::session& sql, const tickets::action& act, std::string_view reason, std::string_view detail);
// It waits for us again. Throws: conflict("conflict.status") when it does not wait.
void end(soci::session& sql, const tickets::action& act);

// Writes down what the ticket's status says since its last change: called whenever it changes, in the same transaction.
void follow(soci::session& sql, std::int64_t ticket_id);
// The stretch that goes on now: a wait, or the time since the ticket was closed.
std::optional<ticket_wait> standing(soci::session& sql, std::int64_t ticket_id);
// Takes a stretch up again that ended when its ticket was merged, in place of the one that its parting began: nothing tells it from one
// that never ended. What fell due meanwhile begins anew instead, the reminders sent being counted: nobody is hurried for time in which
// nothing could be answered. next_at: as it was.
void take_up(soci::session& sql, std::int64_t id, std::optional<sys_seconds> next_at, sys_seconds now);
// Counts the present wait from now on.
void restart(soci::session& sql, std::int64_t ticket_id, sys_seconds now);
// Says what the present wait is for, more precisely.
void set_detail(soci::session& sql, std::int64_t ticket_id, std::string_view detail);

// Of a ticket that waits for an incident: it waits for this one; or for none any more, and comes back to those who treat it. Nothing
// happens to another ticket.
void follow_incident(soci::session& sql, std::int64_t ticket_id, std::int64_t incident);
void leave_incident(soci::session& sql, std::int64_t ticket_id, sys_seconds now);
// What waits for an incident that becomes part of another waits for the other.
void follow_merge(soci::session& sql, std::int64_t from, std::int64_t into);

// All of a ticket's, oldest first.
std::vector<ticket_wait> of(soci::session& sql, std::int64_t ticket_id);
// What it waits for now.
std::optional<ticket_wait> current(soci::session& sql, std::int64_t ticket_id);

// What comes next in a wait: a reminder, or its end. Never outside the centre's hours. Pure.
struct step {
    enum class kind { remind, close, give_back } what;
    sys_seconds at;
};
std::optional<step> next_step(const ticket_wait& of, const clock_book& book);

} // namespace ticket_waits
} // namespace relais::model
