// SPDX-License-Identifier: EUPL-1.2
#include "model/silent_dossier.hpp"

#include "model/sql.hpp"

namespace relais::model::silent_dossiers {

namespace {

// An empty member does not matter: every text is at or above the empty one. A dossier that a ticket names, unless as somebody else's, is
// not silent.
std::string stuck_and_silent(const incident& of) {
    auto is = [](const char* column, const std::string& value) {
        return std::string(column) + (value.empty() ? " >= :" : " = :") + column;
    };
    return " FROM dossier WHERE error_code = :error_code AND " + is("procedure_code", of.stuck_procedure) + " AND " +
           is("status", of.stuck_status) + " AND " + is("portal_release", of.stuck_release) +
           " AND NOT EXISTS (SELECT 1 FROM ticket_dossier WHERE ticket_dossier.dossier_id = dossier.id AND ticket_dossier.role <> "
           "'homonym')";
}

} // namespace

bool is_known(const incident& of) {
    return !of.stuck_error_code.empty() || (!of.stuck_procedure.empty() && !of.stuck_status.empty() && !of.stuck_release.empty());
}

std::int64_t count(soci::session& sql, const incident& of, std::int64_t most) {
    if (!is_known(of)) return 0;
    return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM (SELECT dossier.id" + stuck_and_silent(of) + " LIMIT :most) AS bounded",
                                     of.stuck_error_code, of.stuck_procedure, of.stuck_status, of.stuck_release, most);
}

std::vector<dossier> list(soci::session& sql, const incident& of, std::int64_t after, int limit) {
    if (!is_known(of)) return {};
    return sql::all<dossier>(sql,
                             "SELECT " + std::string(dossier::columns) + stuck_and_silent(of) + " AND id > :after ORDER BY id LIMIT :limit",
                             of.stuck_error_code, of.stuck_procedure, of.stuck_status, of.stuck_release, after, limit);
}

std::vector<std::int64_t> incidents_of(soci::session& sql, const dossier& stuck) {
    // What an incident leaves empty does not matter, as in stuck_and_silent().
    return sql::all<std::int64_t>(
        sql,
        "SELECT id FROM incident WHERE is_listed = 1 AND stuck_error_code = :error_code AND (stuck_procedure = '' OR stuck_procedure = "
        ":procedure_code) AND (stuck_status = '' OR stuck_status = :status) AND (stuck_release = '' OR stuck_release = :release) AND "
        "(stuck_error_code <> '' OR (stuck_procedure <> '' AND stuck_status <> '' AND stuck_release <> '')) ORDER BY id LIMIT 3",
        stuck.error_code, stuck.procedure_code, stuck.status, stuck.portal_release);
}

void guess(soci::session& sql, std::int64_t incident_id) {
    const std::string seen = " FROM report JOIN dossier_snapshot seen ON seen.id = (SELECT MIN(id) FROM dossier_snapshot WHERE ticket_id = "
                             "report.ticket_id AND dossier_id = report.dossier_id) WHERE report.incident_id = :incident";
    auto dossiers = *sql::first<std::int64_t>(sql, "SELECT COUNT(*)" + seen, incident_id);
    if (dossiers == 0) return;
    auto agreed = [&](const std::string& column, std::int64_t percent) {
        using share = std::tuple<std::string, std::int64_t>;
        auto most = *sql::first<share>(sql,
                                       "SELECT seen." + column + ", COUNT(*)" + seen + " GROUP BY seen." + column +
                                           " ORDER BY COUNT(*) DESC, seen." + column + " DESC LIMIT 1",
                                       incident_id);
        return std::get<1>(most) * 100 >= dossiers * percent ? std::get<0>(most) : std::string{};
    };
    // The portal shows its code to some only; the other facts tell apart only what nearly all agree on.
    constexpr std::int64_t half = 50, most = 80;
    sql::change(sql,
                "UPDATE incident SET stuck_procedure = :procedure, stuck_status = :status, stuck_error_code = :code, stuck_release = "
                ":release WHERE id = :id AND is_stuck_chosen = 0",
                agreed("procedure_code", most), agreed("status", most), agreed("error_code", half), agreed("portal_release", most),
                incident_id);
}

bool is_time_to_guess(std::int64_t counted) {
    constexpr std::int64_t young = 20;
    std::int64_t seldom = 100;
    while (seldom * 10 <= counted) seldom *= 10;
    return counted <= young || counted % seldom == 0;
}

void guess_in_time(soci::session& sql, std::int64_t incident_id, std::int64_t counted) {
    if (is_time_to_guess(counted)) guess(sql, incident_id);
}

// The state at the contact is the last one known within a day of it and before the fix: the registry answers after the mirror.
std::vector<reported_dossier> reported(soci::session& sql, std::int64_t incident_id, std::int64_t after, int limit) {
    return sql::all<reported_dossier>(
        sql,
        "SELECT report.ticket_id, ticket.reference, dossier.id, dossier.public_id, dossier.number, COALESCE(seen.status, dossier.status), "
        "COALESCE(seen.step, dossier.step), COALESCE(seen.error_code, dossier.error_code), dossier.status, dossier.step, "
        "dossier.error_code, report.verification FROM report JOIN incident ON incident.id = report.incident_id JOIN ticket ON ticket.id = "
        "report.ticket_id JOIN dossier ON dossier.id = "
        "ticket.dossier_id LEFT JOIN dossier_snapshot seen ON seen.id = COALESCE((SELECT MAX(id) FROM dossier_snapshot WHERE "
        "ticket_id = report.ticket_id AND dossier_id = ticket.dossier_id AND taken_at <= ticket.received_at + 86400 AND taken_at < "
        "COALESCE(incident.fixed_at, taken_at + 1)), (SELECT MIN(id) FROM "
        "dossier_snapshot WHERE ticket_id = report.ticket_id AND dossier_id = ticket.dossier_id)) WHERE report.incident_id = :incident AND "
        "report.ticket_id > :after ORDER BY "
        "report.ticket_id LIMIT :limit",
        incident_id, after, limit);
}

} // namespace relais::model::silent_dossiers
