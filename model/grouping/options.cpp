// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/options.hpp"

namespace relais::model::grouping {

weights weights_for(const options& wanted) {
    weights chosen;
    if (wanted.topics) chosen.threshold = 1.5;
    return chosen;
}

} // namespace relais::model::grouping
