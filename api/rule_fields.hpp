// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/request.hpp"
#include "model/rule.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>

// What a rule's form or a program's body says.
namespace relais::api::rule_fields {

// The form's fields in the shape of the API's body, to read them alike and to show them again; the body itself under /api/v1.
nlohmann::json given(const request& request);

// Takes the number of the rule that is tried out of what was given; 0: a new one.
std::int64_t take_id(const request& request, nlohmann::json& given);
// Throws: invalid with every field that is not asked for or of another type; what the values mean is the model's to check.
model::rule_text read(const nlohmann::json& given);

} // namespace relais::api::rule_fields
