// SPDX-License-Identifier: EUPL-1.2
#include "api/json_reader.hpp"

#include <algorithm>
#include <cstdint>

namespace relais::api {

namespace {

using nlohmann::json;

const json nothing = json::object();

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

} // namespace

json_reader::json_reader(const json& value, std::vector<model::field_fault>& faults, std::string path)
    : object_(value.is_object() ? &value : &nothing), faults_(&faults), path_(std::move(path)) {
    if (!value.is_object()) faults_->push_back({path_, "type", "fault.json.type"});
}

const json* json_reader::peek(std::string_view name) const {
    auto found = object_->find(name);
    return found == object_->end() || found->is_null() ? nullptr : &*found;
}

const json* json_reader::take(std::string_view name) {
    asked_.emplace(name);
    return peek(name);
}

const json* json_reader::need(std::string_view name) {
    auto value = take(name);
    if (value == nullptr) json_fault(name, "missing");
    return value;
}

std::string json_reader::path_of(std::string_view name) const {
    return path_.empty() ? std::string{name} : path_ + "." + std::string{name};
}

void json_reader::fault(std::string_view name, std::string code, std::string message) {
    faults_->push_back({path_of(name), std::move(code), std::move(message)});
}

void json_reader::json_fault(std::string_view name, std::string_view code) {
    fault(name, std::string{code}, "fault.json." + std::string{code});
}

std::string json_reader::read_text(const json& value, std::string_view name, std::size_t limit) {
    auto text = value.get_ptr<const std::string*>();
    if (text == nullptr) {
        json_fault(name, "type");
        return {};
    }
    if (code_points(*text) <= limit) return *text;
    json_fault(name, "too_long");
    return {};
}

std::int64_t json_reader::read_number(const json& value, std::string_view name, std::int64_t least, std::int64_t most) {
    if (!value.is_number_integer()) {
        json_fault(name, "type");
        return least;
    }
    bool too_big = value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX);
    auto number = too_big ? INT64_MAX : value.get<std::int64_t>();
    if (!too_big && number >= least && number <= most) return number;
    json_fault(name, "range");
    return least;
}

bool json_reader::read_flag(const json& value, std::string_view name) {
    if (value.is_boolean()) return value.get<bool>();
    json_fault(name, "type");
    return false;
}

std::string json_reader::text(std::string_view name, std::size_t limit) {
    auto value = need(name);
    return value == nullptr ? std::string{} : read_text(*value, name, limit);
}

std::int64_t json_reader::number(std::string_view name, std::int64_t least, std::int64_t most) {
    auto value = need(name);
    return value == nullptr ? least : read_number(*value, name, least, most);
}

bool json_reader::flag(std::string_view name) {
    auto value = need(name);
    return value != nullptr && read_flag(*value, name);
}

json_reader json_reader::object(std::string_view name) {
    auto value = need(name);
    return {value == nullptr ? nothing : *value, *faults_, path_of(name)};
}

std::optional<std::string> json_reader::optional_text(std::string_view name, std::size_t limit) {
    auto value = take(name);
    if (value == nullptr) return {};
    return read_text(*value, name, limit);
}

std::optional<std::int64_t> json_reader::optional_number(std::string_view name, std::int64_t least, std::int64_t most) {
    auto value = take(name);
    if (value == nullptr) return {};
    return read_number(*value, name, least, most);
}

std::optional<bool> json_reader::optional_flag(std::string_view name) {
    auto value = take(name);
    if (value == nullptr) return {};
    return read_flag(*value, name);
}

std::optional<json_reader> json_reader::optional_object(std::string_view name) {
    auto value = take(name);
    if (value == nullptr) return {};
    return json_reader{*value, *faults_, path_of(name)};
}

const json* json_reader::take_list(std::string_view name, std::size_t limit_count) {
    auto value = take(name);
    if (value == nullptr) return nullptr;
    if (value->is_array() && value->size() <= limit_count) return value;
    json_fault(name, value->is_array() ? "too_many" : "type");
    return nullptr;
}

std::vector<std::string> json_reader::texts(std::string_view name, std::size_t limit_count, std::size_t limit) {
    std::vector<std::string> out;
    auto list = take_list(name, limit_count);
    if (list == nullptr) return out;
    for (const auto& value : *list) out.push_back(read_text(value, std::string{name} + "." + std::to_string(out.size()), limit));
    return out;
}

std::vector<json_reader> json_reader::objects(std::string_view name, std::size_t limit_count) {
    std::vector<json_reader> out;
    auto list = take_list(name, limit_count);
    if (list == nullptr) return out;
    for (const auto& value : *list) out.emplace_back(value, *faults_, path_of(name) + "." + std::to_string(out.size()));
    return out;
}

void json_reader::finish() {
    for (const auto& [name, value] : object_->items()) {
        if (!asked_.contains(name)) json_fault(name, "unknown");
    }
}

} // namespace relais::api
