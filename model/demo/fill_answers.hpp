// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/canned_answer.hpp"

#include <string>

namespace relais::model::demo {

// Writes the canned answers of a file (config/canned_answers.json) for every team, unless there are some.
// Throws: std::runtime_error, when the file cannot be read.
void fill_answers(soci::session& sql, const std::string& file, const std::string& author, sys_seconds now);

} // namespace relais::model::demo
