// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/rule.hpp"

#include <string>

namespace relais::model::demo {

// Three rules that a centre would write, once: two on, one off.
void fill_rules(soci::session& sql, const std::string& author, sys_seconds now);

} // namespace relais::model::demo
