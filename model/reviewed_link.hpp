// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/report.hpp"

#include <soci/soci.h>

#include <cstdint>

namespace relais::model::reviewed_links {

// Remembers what a correction says of the link that the engine made or suggested before. Nothing when a person had placed the ticket, or
// nobody.
// was_right: the person wants the same.
void remember(soci::session& sql, std::int64_t correction_id, const report& before, bool was_right);

// The probability from which tickets are attached, by the last reviews that nobody undid; `otherwise` while they are few or bad.
// Source: model/grouping/calibration.hpp
double attach_from(soci::session& sql, double otherwise);

} // namespace relais::model::reviewed_links
