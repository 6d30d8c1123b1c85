// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <soci/soci.h>

#include <string>
#include <vector>

// Whether the shares and the decisions are still what the journal saw written: nothing of them may be changed unseen.
namespace relais::model::share_audits {

// One sentence for each that was changed or taken away since. Reads every share, and the events of every incident.
std::vector<std::string> differences(soci::session& sql);

} // namespace relais::model::share_audits
