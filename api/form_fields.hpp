// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace relais::api {

// The fields of a form, whatever carried them. A name that ends in "[]" may come several times: its values are kept in order,
// one a line (form_list reads them); any other name comes once.
using form_fields = std::map<std::string, std::string, std::less<>>;

struct form_limits {
    std::size_t fields = 200;
    std::size_t name_bytes = 64;
    std::size_t value_bytes = 128UL * 1024; // 20,000 code points of a message, whatever their size
};

// Checks a decoded field and adds it; count: the fields already read, repeated ones included.
// Throws: malformed (form_too_many_fields, form_name, form_value_too_long, form_repeated, form_list_value, not_utf8, nul_byte).
// Source: security.md 2 line 65, 4.13.
void add_field(form_fields& out, std::size_t count, std::string_view name, std::string_view value, const form_limits& limits);

// A name made of letters, digits and _ . - [ ]: what our forms use, so that nothing else need be escaped.
bool is_field_name(std::string_view name, std::size_t limit_bytes);

// The values of a repeated field ("pieces[]"), in order; empty when it was not sent.
std::vector<std::string> form_list(const form_fields& fields, std::string_view name);

} // namespace relais::api
