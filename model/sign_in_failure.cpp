// SPDX-License-Identifier: EUPL-1.2
#include "model/sign_in_failure.hpp"

#include "model/sql.hpp"

#include <algorithm>
#include <tuple>

namespace relais::model::sign_in_failures {

namespace {

constexpr std::int64_t delay_max_s = 60, hour_s = 3600, day_s = 24 * hour_s;
using tally = std::tuple<std::int64_t, std::int64_t>; // how many, the latest

tally by_account(soci::session& sql, std::string_view login_hash, std::string_view address, std::int64_t since) {
    return sql::first<tally>(sql,
                             "SELECT COUNT(*), COALESCE(MAX(failed_at), 0) FROM sign_in_failure "
                             "WHERE login_hash = :login_hash AND address = :address AND failed_at > :since",
                             login_hash, address, since)
        .value_or(tally{});
}

} // namespace

std::int64_t wait_s(soci::session& sql, std::string_view login_hash, std::string_view address, sys_seconds now) {
    auto since = seconds(now) - window_s;
    // The oldest of the last twenty tells when the address may try again.
    auto oldest = sql::first<std::int64_t>(sql,
                                           "SELECT failed_at FROM sign_in_failure WHERE address = :address AND failed_at > :since "
                                           "ORDER BY failed_at DESC LIMIT 1 OFFSET 19",
                                           address, since);
    std::int64_t wait = oldest ? *oldest + window_s - seconds(now) : 0;
    auto [failures, latest] = by_account(sql, login_hash, address, since);
    if (failures >= free_failures) {
        auto doubled = std::min<std::int64_t>(failures - free_failures, 6);
        wait = std::max(wait, latest + std::min<std::int64_t>(delay_max_s, std::int64_t{1} << doubled) - seconds(now));
    }
    return std::max<std::int64_t>(wait, 0);
}

bool record(soci::session& sql, std::string_view login_hash, std::string_view address, sys_seconds now) {
    sql::change(sql, "INSERT INTO sign_in_failure (login_hash, address, failed_at) VALUES (:login_hash, :address, :failed_at)", login_hash,
                address, now);
    auto count = sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM sign_in_failure WHERE login_hash = :login_hash AND failed_at > :since",
                                          login_hash, seconds(now) - hour_s);
    return count == account_failures;
}

void forget(soci::session& sql, std::string_view login_hash, std::string_view address) {
    sql::change(sql, "DELETE FROM sign_in_failure WHERE login_hash = :login_hash AND address = :address", login_hash, address);
}

std::int64_t purge(soci::session& sql, sys_seconds now, int limit) {
    auto old = sql::all<std::int64_t>(sql, "SELECT id FROM sign_in_failure WHERE failed_at < :before ORDER BY failed_at LIMIT :limit",
                                      seconds(now) - day_s, limit);
    for (auto each : old) sql::change(sql, "DELETE FROM sign_in_failure WHERE id = :id", each);
    return static_cast<std::int64_t>(old.size());
}

} // namespace relais::model::sign_in_failures
