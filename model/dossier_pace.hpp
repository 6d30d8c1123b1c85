// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"
#include "model/dossier.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace relais::model {

// For how many days the dossiers of a procedure, a centre and a state have been in that state: half of them for longer than the median.
struct dossier_pace {
    std::int64_t median_days = 0, dossiers = 0;
    auto fields() { return std::tie(median_days, dossiers); }
};

namespace dossier_paces {

constexpr int fewest = 5; // below, a median says nothing, and tells too much of somebody

// Of the dossiers like this one; nothing when they are too few, or not counted yet.
std::optional<dossier_pace> like(soci::session& sql, const dossier& of);

// Counts all of them again when it was last done more than 20 hours ago: one reading of the mirror, then one transaction. True when it did.
bool refresh(database& in, sys_seconds now);

} // namespace dossier_paces
} // namespace relais::model
