// SPDX-License-Identifier: EUPL-1.2
#include "server/http/admission.hpp"

#include <sodium/randombytes.h>

#include <algorithm>

namespace relais::server {

admission::admission(int in_flight_limit)
    : limits_{std::max(1, in_flight_limit * 2 / 5), std::max(1, in_flight_limit * 2 / 5), std::max(1, in_flight_limit / 5)} {}

std::size_t admission::index(std::string_view lane) {
    if (lane == "desk") return 0;
    return lane == "public" ? 1 : 2;
}

bool admission::is_full(std::string_view lane) const { return taken_[index(lane)].load() >= limits_[index(lane)]; }

std::optional<admission::place> admission::enter(std::string_view lane) {
    auto& taken = taken_[index(lane)];
    if (taken.fetch_add(1) < limits_[index(lane)]) return place(taken);
    taken.fetch_sub(1);
    return std::nullopt;
}

int admission::in_flight() const { return taken_[0].load() + taken_[1].load() + taken_[2].load(); }

int admission::retry_after_s() {
    constexpr int least_s = 5, spread_s = 26;
    return least_s + static_cast<int>(randombytes_uniform(spread_s));
}

} // namespace relais::server
