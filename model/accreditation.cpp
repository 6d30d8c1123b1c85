// SPDX-License-Identifier: EUPL-1.2
#include "model/accreditation.hpp"

#include "model/digits.hpp"
#include "model/text.hpp"

#include <utility>

namespace relais::model::accreditations {
namespace {

constexpr std::size_t length = 11;
constexpr std::size_t longest = 32;

bool is_department(std::string_view three) {
    if (three == "02A" || three == "02B") return true;
    if (!digits::all(three)) return false;
    return three[0] == '0' || (three >= "971" && three <= "976");
}

bool has_shape(std::string_view number) {
    return number.size() == length && std::string_view("EIFR").find(number[0]) != std::string_view::npos &&
           digits::all(number.substr(1, 2)) && is_department(number.substr(3, 3)) && digits::all(number.substr(6));
}

} // namespace

checked check(std::string_view typed) {
    auto number = text::compact(typed);
    if (number.empty()) return refused("empty");
    if (number.size() > longest) return refused("long");
    if (!has_shape(number)) return suspect(std::move(number), "shape");
    return valid(std::move(number));
}

std::string display(std::string_view number) {
    if (!has_shape(number)) return std::string(number);
    std::string out;
    for (auto [at, size] : {std::pair<std::size_t, std::size_t>{0, 1}, {1, 2}, {3, 3}, {6, 4}, {10, 1}}) {
        if (!out.empty()) out += ' ';
        out += number.substr(at, size);
    }
    return out;
}

} // namespace relais::model::accreditations
