// SPDX-License-Identifier: EUPL-1.2
#include "model/verification_code.hpp"

#include "model/error.hpp"
#include "model/sql.hpp"

namespace relais::model::verification_codes {

std::int64_t add(soci::session& sql, std::int64_t ticket_id, std::int64_t participant, std::string_view code_hash, sys_seconds now) {
    auto recent = sql::all<std::int64_t>(
        sql,
        "SELECT id FROM verification_code WHERE ticket_id = :ticket_id AND participant_id = :participant AND created_at > :since "
        "ORDER BY id DESC LIMIT 3",
        ticket_id, participant, seconds(now) - valid_s);
    if (recent.size() >= codes_limit) throw busy(valid_s);
    return sql::insert(sql,
                       "INSERT INTO verification_code (ticket_id, participant_id, code_hash, created_at) VALUES (:ticket_id, "
                       ":participant_id, :code_hash, :created_at)",
                       ticket_id, participant, code_hash, now);
}

bool use(soci::session& sql, std::int64_t ticket_id, std::int64_t participant, std::string_view code_hash, sys_seconds now) {
    auto last = sql::first<std::int64_t>(
        sql, "SELECT id FROM verification_code WHERE ticket_id = :ticket_id AND participant_id = :participant ORDER BY id DESC LIMIT 1",
        ticket_id, participant);
    if (!last) return false;
    // The try is counted by the same statement that allows it: parallel guesses cannot have more than five.
    auto allowed = sql::change(sql,
                               "UPDATE verification_code SET tries = tries + 1 WHERE id = :id AND tries < :tries_limit AND used_at IS NULL "
                               "AND created_at > :since",
                               *last, tries_limit, seconds(now) - valid_s);
    if (allowed == 0) return false;
    return sql::change(sql, "UPDATE verification_code SET used_at = :used_at WHERE id = :id AND code_hash = :code_hash AND used_at IS NULL",
                       now, *last, code_hash) > 0;
}

} // namespace relais::model::verification_codes
