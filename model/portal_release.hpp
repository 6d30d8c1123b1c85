// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// A release of the agency's portal.
struct portal_release {
    std::string name;
    sys_seconds released_at;
    auto fields() { return std::tie(name, released_at); }
};

namespace portal_releases {

// Writes down when a release came out; the same name again moves its date. An empty name is no release.
void set(soci::session& sql, std::string_view name, sys_seconds released_at);

// Those since a moment, oldest first.
std::vector<portal_release> since(soci::session& sql, sys_seconds from);

} // namespace portal_releases

} // namespace relais::model
