// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/event.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace relais::model {

// A view of the queue under a name: its filters, order and columns, as they stand in its address. Personal, or shared with the desk.
struct saved_view {
    std::int64_t id = 0, owner_id = 0;
    bool is_shared = false;
    std::string name, query;
    std::int64_t version = 1;
    auto fields() { return std::tie(id, owner_id, is_shared, name, query, version); }
};

namespace saved_views {

constexpr int own_limit = 50, shared_limit = 100;

// The shared ones and this colleague's, by name.
std::vector<saved_view> of(soci::session& sql, std::int64_t user_id);
// Throws: not_found, for somebody else's too.
saved_view get(soci::session& sql, std::int64_t id, std::int64_t user_id);
// Keeps a view; one of the same name and kind is replaced: a shared one by whoever had it open as it is now (what.id and what.version).
// Throws: invalid on "name" when it is empty or too long, or there are too many; conflict("conflict.view") when a colleague's shared view
// has that name, or has changed since.
std::int64_t add(soci::session& sql, const saved_view& what, const actor& who, sys_seconds now);
// seen: the version of the shared view that was open. Throws: not_found; forbidden, when it is shared and this colleague does not write
// shared ones; conflict("conflict.view") when it has changed since.
void remove(soci::session& sql, std::int64_t id, std::int64_t seen, const actor& who, bool writes_shared, sys_seconds now);

} // namespace saved_views

} // namespace relais::model
