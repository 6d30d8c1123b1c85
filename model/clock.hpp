// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace relais::model {

using std::chrono::sys_seconds;

// Business time: always a parameter of the model; simulations replace it.
using clock_function = std::function<sys_seconds()>;

inline sys_seconds system_now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

// Seconds since 1970 UTC, as columns ending in _at hold them.
inline std::int64_t seconds(sys_seconds at) { return at.time_since_epoch().count(); }
inline sys_seconds at_seconds(std::int64_t value) { return sys_seconds{std::chrono::seconds{value}}; }

} // namespace relais::model
