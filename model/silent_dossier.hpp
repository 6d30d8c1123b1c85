// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/dossier.hpp"
#include "model/incident.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

// The dossiers of an incident: those of its tickets, and the silent ones, stuck in the same way, about which nobody ever wrote.
namespace relais::model::silent_dossiers {

// Whether the stuck state is precise enough for a look-up: an error code, or a procedure with a status and a release.
bool is_known(const incident& of);

// How many there are now; from `most` on they are counted no further. Some incidents hold up a hundred thousand: a page tells that there
// are two hundred at least, and costs the same.
constexpr std::int64_t shown_most = 100, all_of_them = std::numeric_limits<std::int64_t>::max();
std::int64_t count(soci::session& sql, const incident& of, std::int64_t most = all_of_them);
// By number of row, from after on.
std::vector<dossier> list(soci::session& sql, const incident& of, std::int64_t after, int limit);

// The incidents on the board that hold a dossier up in the same way, the oldest first, three at most.
std::vector<std::int64_t> incidents_of(soci::session& sql, const dossier& stuck);

// Works out how the dossiers of an incident are stuck from what their snapshots said at the contacts, unless a person said it: the error
// code of half of them, the procedure, status and release on which four in five agree.
void guess(soci::session& sql, std::int64_t incident_id);
// Whether one that grew is worth it, `counted` tickets or dossiers large now: while it is young, then at 100, 200... 1000, 2000... of them,
// since it costs a look at all.
bool is_time_to_guess(std::int64_t counted);
void guess_in_time(soci::session& sql, std::int64_t incident_id, std::int64_t counted);

// A dossier that somebody wrote about, with its state then and now.
struct reported_dossier {
    std::int64_t ticket_id = 0;
    std::string reference;
    std::int64_t dossier_id = 0;
    std::string public_id, number, status_then, step_then, error_code_then, status_now, step_now, error_code_now, verification;
    auto fields() {
        return std::tie(ticket_id, reference, dossier_id, public_id, number, status_then, step_then, error_code_then, status_now, step_now,
                        error_code_now, verification);
    }
    // What verified closure goes by: another status, another step or another error code than when the person wrote.
    bool has_moved() const { return status_then != status_now || step_then != step_now || error_code_then != error_code_now; }
};
// By ticket, from after on. Dossiers without a snapshot at the contact are told by their present state twice: they have not moved.
std::vector<reported_dossier> reported(soci::session& sql, std::int64_t incident_id, std::int64_t after, int limit);

} // namespace relais::model::silent_dossiers
