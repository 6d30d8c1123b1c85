// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <nlohmann/json.hpp>
#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// Who does something: a colleague ("staff"), a program ("token"), the citizen ("citizen") or Relais itself ("system").
struct actor {
    std::string kind = "system";
    std::optional<std::int64_t> id = {};
    std::string name = {};
    std::string quality = {}; // shown to the citizen beside the name (CRPA L.111-2)
};

// Who did or read what, when, on which object: append-only. From it come a ticket's history, the change feed and the journal.
struct event {
    std::int64_t id = 0;
    std::int64_t at_us = 0; // microseconds since 1970, UTC
    std::string actor_kind;
    std::optional<std::int64_t> actor_id;
    std::string actor_name;
    std::string action; // "ticket.opened", "ticket.replied", "ticket.read"...
    std::string object_kind;
    std::int64_t object_id = 0;
    std::string data; // JSON: what changed, from what to what; never the citizen's words

    static constexpr auto columns = "id, at_us, actor_kind, actor_id, actor_name, action, object_kind, object_id, data";
    auto fields() { return std::tie(id, at_us, actor_kind, actor_id, actor_name, action, object_kind, object_id, data); }
};

namespace events {

// Writes an event in the transaction of what it tells: no event, no effect.
void record(soci::session& sql, const actor& who, std::string_view action, std::string_view object_kind, std::int64_t object_id,
            const nlohmann::json& data, sys_seconds now);

// The history of one object, oldest first, at most `limit`.
std::vector<event> of(soci::session& sql, std::string_view object_kind, std::int64_t object_id, int limit = 500);

} // namespace events

} // namespace relais::model
