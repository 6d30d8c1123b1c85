// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/catalogue.hpp"
#include "model/event.hpp"
#include "model/user.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace relais::api {

// What an event of a ticket changed, each field from what to what, in words; empty when its name says all. before: the last event before it
// that changed the ticket, or null.
std::string history_detail(const model::event& of, const model::event* before, const std::vector<model::user>& colleagues,
                           const catalogue& texts, const std::string& share_dir, std::string_view language);

} // namespace relais::api
