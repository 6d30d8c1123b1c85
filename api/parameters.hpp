// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/request.hpp"
#include "model/error.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What stands after the "?" of an address, read strictly.
namespace relais::api::parameters {

// The whole text as a number, or nothing.
inline std::optional<std::int64_t> number_of(std::string_view text) {
    std::int64_t out = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return out;
}

// A number within bounds; `otherwise` when it is not given; a fault when it is something else.
inline std::int64_t number(const request& request, std::string_view name, std::int64_t least, std::int64_t most, std::int64_t otherwise,
                           std::vector<model::field_fault>& faults) {
    auto text = request.parameter(name);
    if (text.empty()) return otherwise;
    auto found = number_of(text);
    if (found && *found >= least && *found <= most) return *found;
    faults.push_back({std::string(name), "out_of_range", "fault.parameter.out_of_range", std::to_string(most)});
    return otherwise;
}

} // namespace relais::api::parameters
