// SPDX-License-Identifier: EUPL-1.2
#include "model/callback_erasure.hpp"

#include "model/sql.hpp"

namespace relais::model::callback_erasures {

std::int64_t erase(soci::session& sql, int days, sys_seconds now, int limit) {
    auto old = sql::all<std::int64_t>(sql,
                                      "SELECT id FROM callback WHERE erased_at IS NULL AND ended_at < :before "
                                      "ORDER BY ended_at LIMIT :limit",
                                      now - std::chrono::hours(24) * days, limit);
    for (auto each : old)
        sql::change(sql,
                    "UPDATE callback SET phone = '', name = '', email = '', spoken = '', access_need = '', code_word = '', "
                    "erased_at = :now, version = version + 1 WHERE id = :id",
                    now, each);
    return static_cast<std::int64_t>(old.size());
}

} // namespace relais::model::callback_erasures
