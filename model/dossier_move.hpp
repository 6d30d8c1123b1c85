// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace relais::model {

// A dossier of the mirror that has changed, and the states that it has left, the oldest first: several, when several came together.
struct dossier_move {
    struct past_state {
        std::string status, since; // since: YYYY-MM-DD
    };
    std::int64_t dossier_id = 0;
    std::vector<past_state> left;
};

namespace dossier_moves {

// What a change of dossiers means to the tickets about them: the states they left are kept for their timeline, and their open tickets go to
// their place in the order of legal deadlines. Dossiers without a ticket cost one question for all of them.
void follow(soci::session& sql, std::span<const dossier_move> moves, sys_seconds now);

} // namespace dossier_moves

} // namespace relais::model
