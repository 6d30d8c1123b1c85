// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <soci/soci.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// What a few typed characters may mean, found at once by index: a reference, a dossier number, a NEPH, a telephone, a name.
struct found_ticket {
    std::int64_t id = 0;
    std::string reference, subject, status, requester;
    auto fields() { return std::tie(id, reference, subject, status, requester); }
};
struct found_dossier {
    std::int64_t id = 0;
    std::string public_id, number, neph, birth_name, first_names, status;
    auto fields() { return std::tie(id, public_id, number, neph, birth_name, first_names, status); }
};
struct found_incident {
    std::int64_t id = 0;
    std::string title, state;
    auto fields() { return std::tie(id, title, state); }
};
struct quick_answer {
    std::vector<found_ticket> tickets;
    std::vector<found_dossier> dossiers;
};

namespace quick_finds {

// typed: as it is being typed; the beginning of a reference (dashes and case do not matter), of a dossier number or NEPH (digits),
// of a telephone (French or international form), or of a name (folded). From six digits on, the tickets about those dossiers too. At most
// `limit` of each kind. Fewer than 2 characters find nothing.
quick_answer find(soci::session& sql, std::string_view typed, int limit = 8);

// The incident of this number, or those of the board (at most 500 are looked at) whose title has every word typed, the last perhaps
// unfinished.
std::vector<found_incident> incidents(soci::session& sql, std::string_view typed, int limit = 8);

} // namespace quick_finds

} // namespace relais::model
