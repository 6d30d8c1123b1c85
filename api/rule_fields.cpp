// SPDX-License-Identifier: EUPL-1.2
#include "api/rule_fields.hpp"

#include "api/form_fields.hpp"
#include "api/json_body.hpp"
#include "api/json_reader.hpp"
#include "api/parameters.hpp"
#include "model/error.hpp"

#include <array>

namespace relais::api::rule_fields {

namespace {

using nlohmann::json;

constexpr auto lists = std::to_array<const char*>(
    {"procedures", "categories", "channels", "statuses", "waiting_reasons", "dossier_statuses", "flags", "clocks", "teams"});
constexpr auto texts = std::to_array<const char*>({"title", "event", "set_category", "set_team", "hold", "hold_detail", "note"});
constexpr auto numbers = std::to_array<const char*>({"after_hours", "legal_days", "set_assignee"});
constexpr auto switches = std::to_array<const char*>({"is_on", "is_urgent", "is_unassigned", "alert"});
constexpr std::size_t list_limit = 120, code_limit = 60, text_limit = 4000;

// "69, 01;974" or one a line.
json parts_of(std::string_view text, std::string_view separators) {
    auto out = json::array();
    while (!text.empty()) {
        auto end = std::min(text.find_first_of(separators), text.size());
        auto part = text.substr(0, end);
        while (part.starts_with(' ')) part.remove_prefix(1);
        while (part.ends_with(' ')) part.remove_suffix(1);
        if (!part.empty()) out.push_back(std::string(part));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

json from_form(const request& request) {
    json out = json::object();
    for (const auto* name : lists) out[name] = form_list(request.form, std::string(name) + "[]");
    out["departments"] = parts_of(request.field("departments"), " ,;\r\n\t");
    out["words"] = parts_of(request.field("words"), ",;\r\n\t");
    for (const auto* name : texts) out[name] = std::string(request.field(name));
    // What is no number is out of every range: the person is told which range.
    for (const auto* name : numbers)
        if (auto typed = request.field(name); !typed.empty()) out[name] = parameters::number_of(typed).value_or(-1);
    for (const auto* name : switches) out[name] = !request.field(name).empty();
    return out;
}

} // namespace

json given(const request& request) { return request.is_api() ? json_body::parse(request.body) : from_form(request); }

std::int64_t take_id(const request& request, json& given) {
    if (!request.is_api()) return parameters::number_of(request.field("id")).value_or(0);
    auto found = given.is_object() ? given.find("id") : given.end();
    if (found == given.end() || !found->is_number_integer()) return 0;
    auto out = found->get<std::int64_t>();
    given.erase(found);
    return out;
}

model::rule_text read(const json& from) {
    std::vector<model::field_fault> faults;
    json_reader body(from, faults);
    auto kept = json::object();
    for (const auto* name : lists) kept[name] = body.texts(name, list_limit, code_limit);
    for (const auto* name : {"departments", "words"}) kept[name] = body.texts(name, list_limit, code_limit);
    for (const auto* name : texts) kept[name] = body.optional_text(name, text_limit).value_or("");
    constexpr auto largest = std::int64_t{1} << 53;
    for (const auto* name : numbers)
        if (auto number = body.optional_number(name, -1, largest)) kept[name] = *number;
    for (const auto* name : switches)
        if (auto is_on = body.optional_flag(name)) kept[name] = *is_on;
    body.finish();
    if (!faults.empty()) throw model::invalid(std::move(faults));
    return model::rules::from_json(kept);
}

} // namespace relais::api::rule_fields
