// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string_view>

// The right to do a job for a while, given to one node at a time. Whoever takes it from another gets a higher token, and every effect of
// the job checks its token in its own transaction: a node that slept past its lease changes nothing. Source: security.md 4.11.
namespace relais::model::leases {

constexpr int ttl_s = 30; // by the database's clock, shared by every node

// Takes the lease or keeps it: the token to show with every effect; nothing while another owner holds it.
std::optional<std::int64_t> take(soci::session& sql, std::string_view name, std::string_view owner);

// Throws conflict("conflict.lease") unless this token is the last that was given. Called first in each transaction of the job.
void check(soci::session& sql, std::string_view name, std::int64_t token);

// Gives it back, so that another node need not wait.
void release(soci::session& sql, std::string_view name, std::string_view owner);

// Gives back every lease whose owner's name begins so: those of a process that is known to be dead.
void release_all(soci::session& sql, std::string_view owners);

} // namespace relais::model::leases
