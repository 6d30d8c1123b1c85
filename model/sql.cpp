// SPDX-License-Identifier: EUPL-1.2
#include "model/sql.hpp"

#include "model/backend.hpp"
#include "model/lease_clock.hpp"

namespace relais::model::sql {

namespace {
// A session lives on one thread, so what it keeps needs no lock.
thread_local std::unordered_map<soci::session*, detail::statements> kept;

std::function<std::int64_t()> simulated_clock;
} // namespace

namespace detail {
statements& of(soci::session& session) { return kept[&session]; }
} // namespace detail

void forget_statements(soci::session& session) { kept.erase(&session); }

bool is_duplicate(const std::exception& error) { return sqlite::is_duplicate(error) || mariadb::is_duplicate(error); }

void set_lease_clock(std::function<std::int64_t()> clock) { simulated_clock = std::move(clock); }

std::int64_t lease_now(soci::session& session) {
    if (simulated_clock) return simulated_clock();
    if (session.get_backend_name() == "mysql") return *first<std::int64_t>(session, "SELECT UNIX_TIMESTAMP()");
    return *first<std::int64_t>(session, "SELECT CAST(strftime('%s', 'now') AS INTEGER)");
}

} // namespace relais::model::sql
