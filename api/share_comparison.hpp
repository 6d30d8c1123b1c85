// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/views.hpp"
#include "model/weekly_share.hpp"

namespace relais::api::share_comparison {

// Two weeks side by side: each figure with its difference, and the incidents that are in one only or whose state changed. The earlier week
// comes first, whatever the order they are given in.
nlohmann::json compare(const model::weekly_share& one, const model::weekly_share& other, const lens& through);

} // namespace relais::api::share_comparison
