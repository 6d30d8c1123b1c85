// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/figure_fact.hpp"

#include <soci/soci.h>

#include <vector>

// Many facts at once into their table.
namespace relais::model::figure_fact_rows {

void write(soci::session& sql, const std::vector<figure_fact>& facts);

} // namespace relais::model::figure_fact_rows
