// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/ticket_actions.hpp"

#include <string_view>

namespace relais::model::tickets {

// Says what another dossier is to the ticket than its subject: duplicate, homonym or pupil.
// Throws: not_found; invalid on "role" or "dossier"; conflict when it is the subject, or on the version.
void relate_dossier(soci::session& sql, const action& act, std::int64_t dossier, std::string_view role, std::string_view reason);

} // namespace relais::model::tickets
