// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/calibration.hpp"

#include <algorithm>
#include <vector>

namespace relais::model::grouping {

double attach_threshold(std::span<const reviewed_decision> newest_first, double otherwise) {
    const auto kept = newest_first.first(std::min(newest_first.size(), calibrated_on));
    std::vector<reviewed_decision> surest(kept.begin(), kept.end());
    std::stable_sort(surest.begin(), surest.end(), [](const auto& one, const auto& other) { return one.probability > other.probability; });
    auto threshold = otherwise;
    std::size_t right = 0;
    for (std::size_t at = 0; at < surest.size(); ++at) {
        right += surest[at].was_right;
        // Decisions of one probability stand or fall together.
        const auto next = at + 1 == surest.size() ? 0.0 : surest[at + 1].probability;
        if (at + 1 < calibrated_from || next == surest[at].probability) continue;
        const auto precision = static_cast<double>(right) / static_cast<double>(at + 1);
        if (precision < wanted_precision) continue;
        // Where nobody reviewed less sure ones, that is no reason to ask for more than otherwise.
        threshold = next < otherwise ? std::min(surest[at].probability, otherwise) : surest[at].probability;
    }
    return threshold;
}

} // namespace relais::model::grouping
