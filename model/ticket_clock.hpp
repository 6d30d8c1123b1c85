// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock_book.hpp"
#include "model/ticket_wait.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// A clock of a ticket as it was last read: what the console shows, and what the job that keeps it up goes by.
struct ticket_clock {
    std::int64_t id = 0, ticket_id = 0;
    std::string clock;
    std::int64_t target_s = 0, spent_s = 0; // open time allowed; and counted before since_at
    std::optional<sys_seconds> since_at;    // it runs from here; nothing: it stands still
    std::optional<sys_seconds> due_at;      // when it reaches its target; nothing: it stands still or stopped before
    std::optional<sys_seconds> stopped_at;
    std::int64_t steps_done = 0;        // per cent
    std::optional<sys_seconds> next_at; // when the job looks again

    static constexpr auto columns = "id, ticket_id, clock, target_s, spent_s, since_at, due_at, stopped_at, steps_done, next_at";
    bool is_breached(sys_seconds now) const { return due_at && *due_at <= now; }
    auto fields() { return std::tie(id, ticket_id, clock, target_s, spent_s, since_at, due_at, stopped_at, steps_done, next_at); }
};

// What the clocks of a ticket are made from.
struct clock_facts {
    std::int64_t id = 0;
    std::string status, channel, procedure;
    sys_seconds received_at;
    std::optional<sys_seconds> first_reply_at, closed_at;
    std::string answer_before; // YYYY-MM-DD: the date that the acknowledgement announced
    bool owes_acknowledgement = false;
    std::optional<sys_seconds> acknowledged_at;
    std::vector<ticket_wait> waits;
};

// A clock worked out from the facts.
struct clock_reading {
    std::string clock;
    const clock_target* target = nullptr;
    std::chrono::seconds within{0}; // open time allowed
    std::vector<time_span> running; // in order; the last may end at `forever`
    std::optional<sys_seconds> stopped_at;

    static constexpr sys_seconds forever = sys_seconds::max();
    bool is_running() const { return !running.empty() && running.back().to == forever; }
};

namespace ticket_clocks {

constexpr std::string_view acknowledgement = "acknowledgement", answer = "answer", announced = "announced";

// Every clock that the book gives this ticket. The answer's stands still while a wait that pauses lasts, and while the ticket is closed;
// the announced day is a promise made in writing and does not move. Pure.
// Source: docs/decisions/0085-clocks-are-read-again.md
std::vector<clock_reading> read(const clock_facts& of, const clock_book& book);
// When a clock has counted so much open time: the first instant in which it runs and has. Nothing: it never gets there. Pure.
std::optional<sys_seconds> reaches(const clock_reading& of, std::chrono::seconds amount, const clock_book& book);

// The facts of a ticket; nothing when it is gone or merged.
std::optional<clock_facts> facts(soci::session& sql, std::int64_t ticket_id);
// What was last read of a ticket's clocks, in the order of the book's names.
std::vector<ticket_clock> of(soci::session& sql, std::int64_t ticket_id);
// The clocks of these tickets that are neither stopped nor nobody's work: what a list shows beside them. At most 201 tickets are asked for.
std::vector<ticket_clock> pending(soci::session& sql, const std::vector<std::int64_t>& ticket_ids);

// Reads a ticket's clocks again and keeps what they say; the queue's order (ticket.due_at) follows the first that is due.
void refresh(soci::session& sql, std::int64_t ticket_id, const clock_book& book, sys_seconds now);

} // namespace ticket_clocks
} // namespace relais::model
