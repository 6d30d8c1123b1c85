// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_move.hpp"

#include "model/legal_clock.hpp"
#include "model/sql_bulk.hpp"

#include <algorithm>
#include <set>

namespace relais::model::dossier_moves {

namespace {

constexpr std::size_t ids_a_statement = 128;
constexpr int tickets_a_dossier = 200;

std::set<std::int64_t> with_tickets(soci::session& sql, std::span<const dossier_move> moves) {
    static const auto text = "SELECT DISTINCT dossier_id FROM ticket WHERE dossier_id IN (" + sql::placeholders(ids_a_statement) + ")";
    std::vector<std::string> ids(ids_a_statement);
    // Places left over ask for the first one again.
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = std::to_string(moves[i < moves.size() ? i : 0].dossier_id);
    auto found = sql::all_bulk<std::int64_t>(sql, text, ids);
    return {found.begin(), found.end()};
}

void follow_one(soci::session& sql, const dossier_move& move, sys_seconds now) {
    for (const auto& [status, since] : move.left)
        sql::change(sql, "INSERT INTO dossier_past_state (dossier_id, status, since, left_at) VALUES (:dossier, :status, :since, :now)",
                    move.dossier_id, status, since, now);
    for (auto ticket : sql::all<std::int64_t>(sql,
                                              "SELECT id FROM ticket WHERE dossier_id = :dossier AND status NOT IN ('closed', 'merged') "
                                              "ORDER BY received_at DESC LIMIT :limit",
                                              move.dossier_id, tickets_a_dossier))
        legal_clocks::place(sql, ticket);
}

} // namespace

void follow(soci::session& sql, std::span<const dossier_move> moves, sys_seconds now) {
    for (std::size_t from = 0; from < moves.size(); from += ids_a_statement) {
        auto some = moves.subspan(from, std::min(ids_a_statement, moves.size() - from));
        auto concerned = with_tickets(sql, some);
        for (const auto& each : some)
            if (concerned.contains(each.dossier_id)) follow_one(sql, each, now);
    }
}

} // namespace relais::model::dossier_moves
