// SPDX-License-Identifier: EUPL-1.2
#include "model/character_groups.hpp"

namespace relais::model {
namespace {

// The size in bytes of the separator that stands there, or 0.
std::size_t separator(std::string_view text, std::size_t at) {
    if (at >= text.size()) return 0;
    const char c = text[at];
    if (c == ' ' || c == '-' || c == '.') return 1;
    if (c == '\xC2') return text.substr(at).starts_with("\u00A0") ? 2 : 0;
    if (c != '\xE2') return 0;
    const auto three = text.substr(at, 3);
    return three == "\u202F" || three == "\u2011" || three == "\u2009" ? 3 : 0;
}

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

} // namespace

character_groups::character_groups(std::string_view text, std::size_t at) {
    for (std::size_t group = 0; group < most_groups; ++group) {
        std::size_t end = at;
        while (end < text.size() && end - at <= longest && is_group_character(text[end])) ++end;
        if (end == at || size_ + (end - at) > longest) return;
        for (; at < end; ++at) characters_[size_++] = upper(text[at]);
        ends_[size_] = end;
        for (std::size_t taken = 0; taken < most_separators; ++taken) at += separator(text, at);
        if (at == end) return;
    }
}

} // namespace relais::model
