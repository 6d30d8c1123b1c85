// SPDX-License-Identifier: EUPL-1.2
#include "api/form_fields.hpp"

#include "api/malformed.hpp"
#include "model/utf8.hpp"

#include <algorithm>

namespace relais::api {

namespace {

bool is_name_byte(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '-' || c == '[' ||
           c == ']';
}

void check_value(std::string_view value, const form_limits& limits) {
    if (value.size() > limits.value_bytes) throw malformed("form_value_too_long", 0, 413);
    if (value.find('\0') != std::string_view::npos) throw malformed("nul_byte");
    if (auto bad = model::utf8::find_invalid(value); bad != std::string_view::npos) throw malformed("not_utf8", bad);
}

} // namespace

bool is_field_name(std::string_view name, std::size_t limit_bytes) {
    return !name.empty() && name.size() <= limit_bytes && std::all_of(name.begin(), name.end(), is_name_byte);
}

void add_field(form_fields& out, std::size_t count, std::string_view name, std::string_view value, const form_limits& limits) {
    if (count >= limits.fields) throw malformed("form_too_many_fields", 0, 413);
    if (!is_field_name(name, limits.name_bytes)) throw malformed("form_name");
    check_value(value, limits);
    bool is_list = name.ends_with("[]");
    // One value a line: a line end inside a value would make two of one.
    if (is_list && value.find_first_of("\r\n") != std::string_view::npos) throw malformed("form_list_value");
    auto [found, is_new] = out.try_emplace(std::string{name}, value);
    if (is_new) return;
    if (!is_list) throw malformed("form_repeated");
    found->second.append("\n").append(value);
}

std::vector<std::string> form_list(const form_fields& fields, std::string_view name) {
    std::vector<std::string> out;
    auto found = fields.find(name);
    if (found == fields.end()) return out;
    std::string_view rest = found->second;
    while (true) {
        auto end = rest.find('\n');
        out.emplace_back(rest.substr(0, end));
        if (end == std::string_view::npos) return out;
        rest.remove_prefix(end + 1);
    }
}

} // namespace relais::api
