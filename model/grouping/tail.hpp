// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>

namespace relais::model::grouping {

// The chance that so many events or more happen, when `expected` are on average and the variance is expected + dispersion * expected^2
// (negative binomial; dispersion 0: Poisson).
double chance_of_at_least(std::int64_t count, double expected, double dispersion);

} // namespace relais::model::grouping
