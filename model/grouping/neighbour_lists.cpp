// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/neighbour_lists.hpp"

#include <algorithm>
#include <cmath>

namespace relais::model::grouping {

void neighbour_lists::keep(place where, std::span<const neighbour> found) {
    const auto slot = where % tickets_kept;
    if (slot >= lists_.size()) lists_.resize(slot + 1);
    auto& into = lists_[slot];
    into.owner = where;
    into.count = static_cast<std::uint8_t>(std::min(found.size(), kept));
    for (std::size_t at = 0; at < into.count; ++at) {
        into.places[at] = found[at].where;
        into.letters[at] = static_cast<std::uint8_t>(std::lround(std::clamp(found[at].letters, 0.0f, 1.0f) * most_letters));
    }
}

} // namespace relais::model::grouping
