// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/form_fields.hpp"
#include "api/request.hpp"

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace relais::api {

// What an action was given, by a form of the console or by a JSON body: the named fields only, as text (true is "1", false and null "").
// A name that ends in "[]" is a list: of the form's repeated field, or of an array of numbers under the name without it.
// Under /api/v1 what was not asked for is a mistake. Throws: malformed, invalid.
class action_fields {
public:
    action_fields(const request& request, std::initializer_list<std::string_view> names);

    bool has(std::string_view name) const { return values_.contains(name); }
    const std::string& text(std::string_view name) const;
    // The values of a list, in order.
    std::vector<std::string> list(std::string_view name) const { return form_list(values_, name); }
    bool flag(std::string_view name) const { return !text(name).empty(); }
    const std::map<std::string, std::string, std::less<>>& all() const { return values_; }

private:
    std::map<std::string, std::string, std::less<>> values_;
};

// The version a person or a program saw: the form's hidden field, or If-Match ("7"); 0 when a program gives none.
// A version that cannot be read is -1, which is no ticket's.
std::int64_t seen_version(const request& request);

} // namespace relais::api
