// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <span>

namespace relais::model::grouping {

// A link that the engine proposed or made and that a person then confirmed or refused.
struct reviewed_decision {
    double probability = 0; // the engine's, at the time
    bool was_right = false;
};

constexpr std::size_t calibrated_on = 500; // decisions, the last ones: words and bugs change
constexpr std::size_t calibrated_from = 50;
constexpr double wanted_precision = 0.95; // a wrong link misleads a citizen

// The probability from which tickets are attached: the lowest from which the decisions reviewed were right often enough. newest first; only
// the first 500 count. `otherwise` while fewer than 50 were reviewed at that probability or above, or when none is right often enough.
double attach_threshold(std::span<const reviewed_decision> newest_first, double otherwise);

} // namespace relais::model::grouping
