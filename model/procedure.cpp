// SPDX-License-Identifier: EUPL-1.2
#include "model/procedure.hpp"

#include "model/text.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace relais::model::procedures {

bool is_known(std::string_view code) { return std::find(all.begin(), all.end(), code) != all.end(); }

checked check(std::string_view typed) {
    auto code = text::upper_without_spaces(typed);
    if (code.empty()) return refused("empty");
    if (!is_known(code)) return refused("unknown");
    return valid(std::move(code));
}

} // namespace relais::model::procedures
