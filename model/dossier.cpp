// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier.hpp"

#include "model/dossier_keys.hpp"
#include "model/dossier_status.hpp"
#include "model/error.hpp"
#include "model/sql.hpp"

namespace relais::model::dossiers {

namespace {

const auto select_dossier = std::string("SELECT ") + dossier::columns + " FROM dossier ";
const auto select_snapshot = std::string("SELECT ") + dossier_snapshot::columns + " FROM dossier_snapshot ";

} // namespace

dossier get(soci::session& sql, std::string_view public_id) {
    auto found = sql::first<dossier>(sql, select_dossier + "WHERE public_id = :public_id", public_id);
    if (!found) throw not_found();
    return *found;
}

std::optional<dossier> find(soci::session& sql, std::int64_t id) { return sql::first<dossier>(sql, select_dossier + "WHERE id = :id", id); }

std::optional<dossier> find_by_number(soci::session& sql, std::string_view number) {
    auto key = number_key(number);
    if (key.empty()) return {};
    auto found = sql::all<dossier>(sql, select_dossier + "WHERE number_key = :key ORDER BY id LIMIT 5", key);
    for (const auto& each : found)
        if (each.number == number) return each;
    // Two numbers that differ by a hyphen are two dossiers: then only the exact one will do.
    if (found.size() != 1) return {};
    return found.front();
}

std::vector<dossier> find_by_neph(soci::session& sql, std::string_view neph) {
    auto key = number_key(neph);
    if (key.empty()) return {};
    return sql::all<dossier>(sql, select_dossier + "WHERE neph = :neph ORDER BY id DESC LIMIT 50", key);
}

void snapshot(soci::session& sql, std::int64_t dossier_id, std::int64_t ticket_id, std::string_view source, sys_seconds now) {
    auto taken = sql::change(sql,
                             "INSERT INTO dossier_snapshot (dossier_id, ticket_id, taken_at, source, procedure_code, status, status_since, "
                             "step, error_code, portal_release, centre) SELECT id, :ticket, :now, :source, procedure_code, status, "
                             "status_since, step, error_code, portal_release, centre FROM dossier WHERE id = :id",
                             ticket_id, now, source, dossier_id);
    if (taken == 0) throw not_found();
}

void snapshot_of(soci::session& sql, const dossier& state, std::int64_t ticket_id, std::string_view source, sys_seconds now) {
    sql::change(sql,
                "INSERT INTO dossier_snapshot (dossier_id, ticket_id, taken_at, source, procedure_code, status, status_since, step, "
                "error_code, portal_release, centre) VALUES (:id, :ticket, :now, :source, :procedure, :status, :since, :step, :error, "
                ":release, :centre)",
                state.id, ticket_id, now, source, state.procedure_code, state.status, state.status_since, state.step, state.error_code,
                state.portal_release, state.centre);
}

std::vector<dossier_snapshot> snapshots_of_ticket(soci::session& sql, std::int64_t ticket_id) {
    return sql::all<dossier_snapshot>(sql, select_snapshot + "WHERE ticket_id = :ticket ORDER BY taken_at, id LIMIT 200", ticket_id);
}

std::vector<dossier_snapshot> snapshots_of_dossier(soci::session& sql, std::int64_t dossier_id) {
    return sql::all<dossier_snapshot>(sql, select_snapshot + "WHERE dossier_id = :dossier ORDER BY taken_at, id LIMIT 200", dossier_id);
}

bool is_open(std::string_view status) { return !dossier_statuses::is_final(status); }

} // namespace relais::model::dossiers
