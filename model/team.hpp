// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <soci/soci.h>

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace relais::model {

// Those who answer together.
struct team {
    std::int64_t id = 0;
    std::string code, name;
    auto fields() { return std::tie(id, code, name); }
};

namespace teams {

// By name, at most 200.
std::vector<team> all(soci::session& sql);

} // namespace teams

} // namespace relais::model
