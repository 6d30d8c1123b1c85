// SPDX-License-Identifier: EUPL-1.2
#include "model/person_name.hpp"

#include "model/digits.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace relais::model::person_names {
namespace {

bool is_letter(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Brackets, commas and the middle dot are written in names too.
bool is_sign(char c) { return std::string_view("@<>{}[]|\\^~#$%&*+=:;?!/_\"").find(c) != std::string_view::npos; }

std::string collapse_spaces(std::string_view name) {
    std::string out;
    for (char c : name) {
        if (c != ' ' || (!out.empty() && out.back() != ' ')) out += c;
    }
    return out;
}

std::string joined(std::string_view name) {
    auto out = text::fold(name);
    std::erase(out, ' ');
    return out;
}

} // namespace

checked check(std::string_view typed) {
    auto line = text::check_line(typed, text::name_limit);
    if (!line.accepted()) return line;
    auto name = collapse_spaces(line.normalised);
    if (name.empty()) return refused("empty");
    if (std::none_of(name.begin(), name.end(), is_letter)) return refused("no_letter");
    if (std::any_of(name.begin(), name.end(), is_sign)) return suspect(std::move(name), "signs");
    if (std::any_of(name.begin(), name.end(), digits::is_digit)) return suspect(std::move(name), "digits");
    return valid(std::move(name));
}

bool same_name(std::string_view a, std::string_view b) {
    const auto one = joined(a);
    return !one.empty() && one == joined(b);
}

} // namespace relais::model::person_names
