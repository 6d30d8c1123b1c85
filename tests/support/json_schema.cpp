// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/json_schema.hpp"

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include <map>
#include <memory>

namespace relais::tests::json_schema {

namespace {

using nlohmann::json;

// allOf becomes one object, so that what none of its parts describes can be refused.
void join_parts(const json& document, json& schema) {
    auto parts = schema["allOf"];
    schema.erase("allOf");
    for (auto part : parts) {
        if (part.contains("$ref")) part = document.at(json::json_pointer(part["$ref"].get<std::string>().substr(1)));
        if (part.contains("allOf")) join_parts(document, part);
        for (const auto& [name, described] : part["properties"].items()) schema["properties"][name] = described;
        for (const auto& name : part.value("required", json::array())) schema["required"].push_back(name);
    }
    schema["type"] = "object";
}

void close(const json& document, json& schema) {
    if (schema.is_object() && schema.contains("allOf")) join_parts(document, schema);
    if (schema.is_object() && schema.contains("properties") && schema["properties"].is_object() && !schema.contains("additionalProperties"))
        schema["additionalProperties"] = false;
    if (schema.is_structured())
        for (auto& each : schema) close(document, each);
}

const valijson::Schema& compiled(const json& document, const json& schema) {
    static std::map<std::string, std::unique_ptr<valijson::Schema>> kept;
    auto& out = kept[schema.dump()];
    if (out) return *out;
    json whole = {{"allOf", json::array({schema})}, {"components", {{"schemas", document["components"]["schemas"]}}}};
    for (auto& each : whole["allOf"]) close(document, each);
    close(document, whole["components"]["schemas"]);
    out = std::make_unique<valijson::Schema>();
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(whole), *out);
    return *out;
}

} // namespace

std::vector<std::string> faults(const json& document, const json& schema, const json& value) {
    valijson::Validator validator;
    valijson::ValidationResults results;
    std::vector<std::string> out;
    if (validator.validate(compiled(document, schema), valijson::adapters::NlohmannJsonAdapter(value), &results)) return out;
    for (const auto& each : results) {
        std::string where;
        for (const auto& step : each.context) where += step;
        out.push_back(where + ": " + each.description);
    }
    return out;
}

} // namespace relais::tests::json_schema
