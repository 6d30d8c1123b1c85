// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <nlohmann/json.hpp>
#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace relais::model {

// What must leave after the commit: a mail, or a letter to print. Written in the transaction of what it announces, once a unique key.
struct outbox_entry {
    std::string unique_key; // "acknowledgement:<ticket>", "reply:<message>"
    std::string kind;       // template: "acknowledgement", "reply", "code", "closure", "forwarding"
    std::string recipient;  // mail address; empty: a letter to the requester's postal address, or said by telephone
    std::string language = "fr";
    std::optional<std::int64_t> ticket_id = {};
    std::optional<std::int64_t> message_id = {};
    std::optional<std::int64_t> participant_id = {};   // to whom it goes, when it is not the requester
    nlohmann::json payload = nlohmann::json::object(); // what the template needs; links are made again from the server's key
    bool is_capped = false;                     // acknowledgement of an anonymous submission: limited per recipient, delayed, never dropped
    std::optional<sys_seconds> not_before = {}; // when it may leave; nothing: at once
};

namespace outbox {

// Queues the entry and returns its row. The same unique key twice is one row: the first.
std::int64_t add(soci::session& sql, const outbox_entry& entry, sys_seconds now);

// Takes back what still waits and nobody is sending: a reminder of what was cancelled. False when it has left, or never was.
bool withdraw(soci::session& sql, std::string_view unique_key);

} // namespace outbox

} // namespace relais::model
