// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string_view>

namespace relais::model {

// True when a text begins with a capital letter: A to Z, À to Þ.
inline bool begins_with_capital(std::string_view text) {
    constexpr char lead = '\xc3', last_capital = '\x9e';
    if (text.empty()) return false;
    if (text[0] >= 'A' && text[0] <= 'Z') return true;
    return text[0] == lead && text.size() > 1 && static_cast<unsigned char>(text[1]) <= static_cast<unsigned char>(last_capital);
}

} // namespace relais::model
