// SPDX-License-Identifier: EUPL-1.2
#include "model/photo_code.hpp"

#include "model/digits.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <utility>

namespace relais::model::photo_codes {

checked check(std::string_view typed) {
    auto code = text::compact(typed);
    if (code.empty()) return refused("empty");
    if (!std::all_of(code.begin(), code.end(), digits::is_alphanumeric)) return refused("characters");
    if (code.size() < shortest) return refused("short");
    if (code.size() > longest) return refused("long");
    if (code.size() != usual_length) return suspect(std::move(code), "length");
    return valid(std::move(code));
}

std::string mask(std::string_view code) {
    const std::string hidden(14, '.');
    if (code.size() < shortest) return hidden;
    return std::string(code.substr(0, 2)) + hidden + std::string(code.substr(code.size() - 2));
}

} // namespace relais::model::photo_codes
