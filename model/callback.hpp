// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/callback_slot.hpp"
#include "model/clock.hpp"
#include "model/contact.hpp"
#include "model/error.hpp"
#include "model/event.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// A call that we owe somebody: promised in a slot they chose ("booked"), or because they rang and nobody answered ("missed_call").
struct callback {
    std::int64_t id = 0;
    std::string public_id; // opaque, for addresses
    std::optional<std::int64_t> ticket_id;
    std::string origin, name;
    std::string phone; // E.164
    std::string email, language, zone, department;
    std::string spoken;      // a language other than French, in the person's words
    std::string access_need; // of a disability, in the person's words
    std::string subject;
    std::string code_word;                                   // that our agent says first
    std::string state;                                       // callback_state.hpp
    std::optional<sys_seconds> slot_starts_at, slot_ends_at; // what was promised
    sys_seconds due_at;                                      // when the next attempt is due
    sys_seconds expires_at;                                  // after which none is made
    std::int64_t attempts = 0;
    std::int64_t rings = 0; // calls that nobody answered
    std::optional<sys_seconds> first_dialled_at, reached_at, ended_at;
    std::string end_reason;
    std::string lease_owner, lease_name;
    std::int64_t lease_token = 0; // of the last claim: an agent whose lease lapsed shows an old one
    std::int64_t lease_until = 0; // by the database's clock
    sys_seconds created_at, updated_at;
    std::int64_t version = 1;

    auto fields() {
        return std::tie(id, public_id, ticket_id, origin, name, phone, email, language, zone, department, spoken, access_need, subject,
                        code_word, state, slot_starts_at, slot_ends_at, due_at, expires_at, attempts, rings, first_dialled_at, reached_at,
                        ended_at, end_reason, lease_owner, lease_name, lease_token, lease_until, created_at, updated_at, version);
    }
    callback_place place() const { return {zone, department}; }
    bool is_booked() const { return slot_starts_at.has_value(); }
    // The state as people see it: "due" once its time has come.
    std::string_view shown_state(sys_seconds now) const { return state == "scheduled" && due_at <= now ? std::string_view("due") : state; }
};
// The columns of `callback::fields`, in their order, to stand after SELECT.
extern const std::string callback_columns;

// What somebody asks for, checked and normalised.
struct callback_wish {
    std::string name, phone, email, language = "fr";
    callback_place place;
    std::string spoken, access_need, subject;
    sys_seconds slot_starts_at;
    std::optional<contact> opens;          // the ticket to open
    std::optional<std::int64_t> ticket_id; // or the one it is about
    bool is_anonymous = true;              // its mails are capped for each recipient
};

// The slot was full, or filled meanwhile: here are the nearest that are not.
struct callback_slot_full : conflict {
    explicit callback_slot_full(std::vector<callback_slot> others) : conflict("conflict.callback_slot"), nearest(std::move(others)) {}
    std::vector<callback_slot> nearest;
};

namespace callbacks {

// Promises a call: the ticket, the seat, the callback, the mails of the promise and of the day before, in one transaction.
// Throws: invalid on slot_start (not one that is offered); conflict "conflict.callback_closed" (registering is switched off),
// "conflict.callback_open" (this number has one already), "conflict.callback_many" (too many wait); callback_slot_full.
callback book(soci::session& sql, const callback_wish& wish, const callback_rules& rules, const actor& who, sys_seconds now);

// Throws: not_found.
callback get(soci::session& sql, std::string_view public_id);
callback get(soci::session& sql, std::int64_t id);
// The open one of a number; the newest of a ticket.
std::optional<callback> find_open(soci::session& sql, std::string_view phone_e164);
std::optional<callback> find_of_ticket(soci::session& sql, std::int64_t ticket_id);

// Somebody rang and nobody answered: one callback a number, due at once, however often it rings. A promise already made to that number
// stands. Returns its row; nothing for a number that cannot be called back. zone: of the number, when the caller knows the calendars;
// otherwise it is worked out when the call is made.
std::optional<std::int64_t> want_for_missed_call(soci::session& sql, std::string_view phone_e164, sys_seconds now,
                                                 std::string_view zone = {});
// They got through: what only a missed call had asked for is dropped, unless it is ringing there now. A promise stands.
// True when one was dropped.
bool drop_for_answered_call(soci::session& sql, std::string_view phone_e164, sys_seconds now);

// Follows a transition of callback_state.hpp. Throws: conflict "conflict.callback_state".
void advance(callback& of, std::string_view event, sys_seconds now);
// Writes the row as it now is. False when somebody changed it since it was read: nothing was written.
bool try_save(soci::session& sql, callback& what, sys_seconds now);
// The same. Throws: conflict "conflict.callback_moved".
void save(soci::session& sql, callback& what, sys_seconds now);
// Tells the journal, and the history of its ticket.
void tell(soci::session& sql, const callback& about, const actor& who, std::string_view action, nlohmann::json data, sys_seconds now);

} // namespace callbacks
} // namespace relais::model
