// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/catalogue.hpp"
#include "model/event.hpp"
#include "model/user.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace relais::api {

// What an event of a ticket changed, from what to what, in words; empty when its name says all.
std::string history_detail(const model::event& of, const std::vector<model::user>& colleagues, const catalogue& texts,
                           const std::string& share_dir, std::string_view language);

} // namespace relais::api
