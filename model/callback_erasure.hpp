// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>

// An ended callback needs its person no more: what K12, the forecast and the history of the ticket tell of it does not name them.
namespace relais::model::callback_erasures {

// Erases number, name, address, needs and code word of those that ended more than `days` ago; at most `limit`; returns how many.
// Source: security.md 75.
std::int64_t erase(soci::session& sql, int days, sys_seconds now, int limit = 500);

} // namespace relais::model::callback_erasures
