// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/catalogue.hpp"
#include "model/weekly_share.hpp"

#include <string>
#include <string_view>

namespace relais::api::share_table {

// A share as lines of one table: section, code, label, measure, value. Formulas are neutralised.
std::string csv(const model::weekly_share& share, const catalogue& texts, std::string_view language);

} // namespace relais::api::share_table
