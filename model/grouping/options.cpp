// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/options.hpp"

namespace relais::model::grouping {

weights weights_for(const options& wanted) {
    weights chosen;
    if (wanted.topics) { // short texts in many groups of very different sizes: trust the words more, the size less
        chosen.prior_words = 30;
        chosen.size_power = 0.2;
    }
    return chosen;
}

} // namespace relais::model::grouping
