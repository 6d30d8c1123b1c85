// SPDX-License-Identifier: EUPL-1.2
#include "api/action_fields.hpp"

#include "api/json_body.hpp"
#include "model/error.hpp"

#include <algorithm>
#include <charconv>

namespace relais::api {

namespace {

constexpr std::size_t list_limit = 50;

std::optional<std::string> as_text(const nlohmann::json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return value.get<bool>() ? "1" : "";
    if (value.is_number_integer()) return std::to_string(value.get<std::int64_t>());
    if (value.is_null()) return "";
    return std::nullopt;
}

// One a line, as form_list reads them.
std::optional<std::string> as_lines(const nlohmann::json& value) {
    if (!value.is_array() || value.size() > list_limit) return std::nullopt;
    std::string out;
    for (const auto& each : value) {
        if (!each.is_number_integer()) return std::nullopt;
        out += (out.empty() ? "" : "\n") + std::to_string(each.get<std::int64_t>());
    }
    return out;
}

} // namespace

action_fields::action_fields(const request& request, std::initializer_list<std::string_view> names) {
    if (!request.is_api()) {
        for (auto name : names)
            if (auto found = request.form.find(name); found != request.form.end()) values_.emplace(*found);
        return;
    }
    auto body = json_body::parse(request.body.empty() ? std::string_view("{}") : std::string_view(request.body));
    std::vector<model::field_fault> faults;
    if (!body.is_object()) throw model::invalid({{"", "type", "fault.json.type"}});
    for (const auto& [name, value] : body.items()) {
        auto is_list = std::find(names.begin(), names.end(), name + "[]") != names.end();
        auto text = is_list ? as_lines(value) : as_text(value);
        if (!is_list && std::find(names.begin(), names.end(), name) == names.end())
            faults.push_back({name, "unknown", "fault.json.unknown"});
        else if (!text)
            faults.push_back({name, "type", "fault.json.type"});
        else
            values_.emplace(is_list ? name + "[]" : name, std::move(*text));
    }
    if (!faults.empty()) throw model::invalid(std::move(faults));
}

const std::string& action_fields::text(std::string_view name) const {
    static const std::string nothing;
    auto found = values_.find(name);
    return found == values_.end() ? nothing : found->second;
}

std::int64_t seen_version(const request& request) {
    auto text = request.is_api() ? request.header("if-match") : request.field("version");
    if (request.is_api() && (text.empty() || text == "*")) return 0;
    if (request.is_api() && text.size() > 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
    std::int64_t out = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc{} && end == text.data() + text.size() && out > 0 ? out : -1;
}

} // namespace relais::api
