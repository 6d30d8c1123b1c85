// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// One application on the agency's side, mirrored read-only. People are joined by NEPH. public_id is what addresses show.
struct dossier {
    std::int64_t id = 0;
    std::string public_id, number, neph, birth_name, usual_name, first_names;
    std::string birth_date; // YYYY-MM-DD, 00 for what is unknown
    std::string procedure_code, status, status_since, step, error_code, portal_release, centre, department, email, phone, driving_school;
    std::string source; // import, registry
    sys_seconds updated_at{};
    static constexpr auto columns =
        "id, public_id, number, neph, birth_name, usual_name, first_names, birth_date, procedure_code, status, status_since, step, "
        "error_code, portal_release, centre, department, email, phone, driving_school, source, updated_at";
    auto fields() {
        return std::tie(id, public_id, number, neph, birth_name, usual_name, first_names, birth_date, procedure_code, status, status_since,
                        step, error_code, portal_release, centre, department, email, phone, driving_school, source, updated_at);
    }
};

// The state of a dossier frozen at a contact. It never changes afterwards.
struct dossier_snapshot {
    std::int64_t id = 0, dossier_id = 0, ticket_id = 0;
    sys_seconds taken_at{};
    std::string source; // mirror, registry
    std::string procedure_code, status, status_since, step, error_code, portal_release, centre;
    static constexpr auto columns =
        "id, dossier_id, ticket_id, taken_at, source, procedure_code, status, status_since, step, error_code, portal_release, centre";
    auto fields() {
        return std::tie(id, dossier_id, ticket_id, taken_at, source, procedure_code, status, status_since, step, error_code, portal_release,
                        centre);
    }
};

// What an agent knows of the dossier looked for; empty members are not known.
struct dossier_query {
    std::string number = {}, neph = {}, name = {}, birth_date = {};
    std::string q = {}; // whatever was typed in one box: a number, a NEPH, a name
};

namespace dossiers {

constexpr int search_limit = 50;

// Throws: not_found.
dossier get(soci::session& sql, std::string_view public_id);
std::optional<dossier> find(soci::session& sql, std::int64_t id);
// number: as typed; spaces, hyphens and case do not matter.
std::optional<dossier> find_by_number(soci::session& sql, std::string_view number);
// The dossiers of one person, newest first, at most search_limit. neph: twelve digits (or an older number), normalised.
std::vector<dossier> find_by_neph(soci::session& sql, std::string_view neph);

// The dossiers that agree with everything given, at most limit, by name then number. Names match by their beginning, folded.
// Throws: invalid, when nothing that an index can find was given.
std::vector<dossier> search(soci::session& sql, const dossier_query& query, int limit = search_limit);

// Freezes the present state of the dossier in the mirror for this ticket. source: mirror or registry. Throws: not_found.
void snapshot(soci::session& sql, std::int64_t dossier_id, std::int64_t ticket_id, std::string_view source, sys_seconds now);
// The same of a state that somebody else told, whatever the mirror holds. state.id is the mirror's row.
void snapshot_of(soci::session& sql, const dossier& state, std::int64_t ticket_id, std::string_view source, sys_seconds now);
// Oldest first.
std::vector<dossier_snapshot> snapshots_of_ticket(soci::session& sql, std::int64_t ticket_id);
std::vector<dossier_snapshot> snapshots_of_dossier(soci::session& sql, std::int64_t dossier_id);

// True while the agency still has something to do or to send (domain.md 3.2); an unknown status is open.
bool is_open(std::string_view status);

} // namespace dossiers

} // namespace relais::model
