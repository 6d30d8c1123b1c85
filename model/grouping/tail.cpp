// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/tail.hpp"

#include <algorithm>
#include <cmath>

namespace relais::model::grouping {
namespace {

constexpr double least_dispersion = 1e-6; // below, Poisson to all digits that matter
constexpr double negligible = 1e-12;      // of the sum so far
constexpr int terms_limit = 100'000;

} // namespace

double chance_of_at_least(std::int64_t count, double expected, double dispersion) {
    if (count <= 0) return 1;
    if (expected <= 0) return 0;
    const auto shape = 1 / std::max(dispersion, least_dispersion);
    const auto odds = expected / (expected + shape); // of one more
    const auto from = static_cast<double>(count);
    auto term = std::exp(std::lgamma(from + shape) - std::lgamma(shape) - std::lgamma(from + 1) + shape * std::log1p(-odds) +
                         from * std::log(odds));
    double sum = 0;
    for (int step = 0; step < terms_limit; ++step) {
        sum += term;
        const auto at = from + step;
        term *= odds * (at + shape) / (at + 1);
        if (at > expected && term < sum * negligible) break;
    }
    return std::min(1.0, sum);
}

} // namespace relais::model::grouping
