// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/registry_lookup.hpp"
#include "server/registry.hpp"

#include <cstddef>
#include <functional>

namespace relais::server {

// Asks and waits; the answer in the words of the model. now: after it has come.
model::registry_news ask_registry(registry& whom, const registry_query& query, const model::clock_function& now);

// Does `one(i)` for each i below `count`, as many at once as the registry has lanes, and waits for all.
void in_lanes(const registry& whom, std::size_t count, const std::function<void(std::size_t)>& one);

} // namespace relais::server
