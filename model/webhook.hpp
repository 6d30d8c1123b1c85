// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/event.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// A program that is told what changes, by a POST for each event.
struct webhook {
    std::int64_t id = 0;
    std::string url;
    std::string actions; // the beginnings of the actions it wants ("ticket. incident.fixed"), separated by a space; empty: every change
    std::string fed;     // the cursor of the change feed up to which its deliveries were written
    sys_seconds created_at;

    static constexpr auto columns = "id, url, actions, fed, created_at";
    auto fields() { return std::tie(id, url, actions, fed, created_at); }
};

// One event for one webhook.
struct webhook_delivery {
    std::int64_t id = 0, webhook_id = 0, event_id = 0;
    std::string state;                     // waiting, sent, failed (tried for about a day)
    std::int64_t attempts = 0, status = 0; // status: what was answered last, 0: nothing
    std::string error;                     // for operators: no personal data
    sys_seconds updated_at;

    static constexpr auto columns = "id, webhook_id, event_id, state, attempts, status, error, updated_at";
    auto fields() { return std::tie(id, webhook_id, event_id, state, attempts, status, error, updated_at); }
};

// A delivery to be sent now, with what it says.
struct due_delivery {
    webhook_delivery what;
    webhook to;
    event about;
    std::string reference; // of the ticket, when the event is about one
};

namespace webhooks {

constexpr std::size_t count_limit = 20;
constexpr std::int64_t attempts_limit = 14; // about a day: 1, 2, 4... minutes, at most 4 hours apart
constexpr std::int64_t kept_days = 30;      // the log of deliveries

// It is told of what happens from now on. Throws: conflict("conflict.webhooks") beyond count_limit.
std::int64_t add(soci::session& sql, std::string_view url, const std::vector<std::string>& actions, const actor& who, sys_seconds now);
std::vector<webhook> all(soci::session& sql);
// Throws: not_found.
void remove(soci::session& sql, std::int64_t id, const actor& who, sys_seconds now);
// The log, newest first. Throws: not_found.
std::vector<webhook_delivery> deliveries(soci::session& sql, std::int64_t id, int limit);

// Writes the deliveries of what the change feed holds since the last time, for every webhook; returns how many. Several nodes may do it:
// an event is delivered once. Deliveries older than kept_days are forgotten.
int plan(soci::session& sql, sys_seconds now);
// The webhooks to which something is due now.
std::vector<std::int64_t> due(soci::session& sql, sys_seconds now);
// What is to be sent to this webhook now, if anything is. It is put off first: for a minute, longer than a post may last, neither another
// node nor a server that crashed and came back sends it a second time.
std::optional<due_delivery> take_next(soci::session& sql, std::int64_t hook, sys_seconds now);
// What became of it. error empty: it was taken.
void settle(soci::session& sql, const webhook_delivery& delivery, std::int64_t status, std::string_view error, sys_seconds now);

} // namespace webhooks

} // namespace relais::model
