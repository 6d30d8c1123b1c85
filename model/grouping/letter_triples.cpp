// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/letter_triples.hpp"

#include <cmath>

namespace relais::model::grouping {

void letter_triples::count(const std::vector<std::uint32_t>& triples) {
    ++total_;
    for (auto triple : triples) {
        ++tickets_[triple];
        rarities_[triple] = rarity_of(triple);
    }
    if (total_ < refresh_at_) return;
    for (std::uint32_t triple = 0; triple < size; ++triple) rarities_[triple] = rarity_of(triple);
    refresh_at_ = total_ + total_ / 10 + 1;
}

float letter_triples::rarity_of(std::uint32_t triple) const {
    return std::log1p((static_cast<float>(total_) + 1) / (static_cast<float>(tickets_[triple]) + 0.5f));
}

} // namespace relais::model::grouping
