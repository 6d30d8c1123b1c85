// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace relais::tests::json_schema {

// What is wrong with a value under a schema of an OpenAPI document. Stricter than the document: a member that is not described is a fault
// too, unless the schema says `additionalProperties: true`.
std::vector<std::string> faults(const nlohmann::json& document, const nlohmann::json& schema, const nlohmann::json& value);

} // namespace relais::tests::json_schema
