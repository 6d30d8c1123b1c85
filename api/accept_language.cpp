// SPDX-License-Identifier: EUPL-1.2
#include "api/accept_language.hpp"

#include <algorithm>
#include <optional>

namespace relais::api {

namespace {

constexpr std::size_t considered_ranges = 16;

std::string_view trim(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    return text.substr(0, text.find_last_not_of(" \t") + 1);
}

// "q=0.75" in thousandths: nothing when it is badly written.
std::optional<int> quality(std::string_view text) {
    if (text.size() < 3 || (text[0] != 'q' && text[0] != 'Q') || text[1] != '=') return {};
    text.remove_prefix(2);
    if (text.size() > 5 || (text[0] != '0' && text[0] != '1') || (text.size() > 1 && text[1] != '.')) return {};
    int value = (text[0] - '0') * 1000;
    int weight = 100;
    for (std::size_t i = 2; i < text.size(); ++i, weight /= 10) {
        if (text[i] < '0' || text[i] > '9') return {};
        value += (text[i] - '0') * weight;
    }
    return value > 1000 ? std::optional<int>{} : value;
}

bool is_language(std::string_view range, std::string_view language) {
    auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + ('a' - 'A')) : a) == b; };
    auto head = range.substr(0, range.find('-'));
    return std::equal(head.begin(), head.end(), language.begin(), language.end(), same);
}

} // namespace

std::string_view choose_language(std::string_view field) {
    int french = -1;
    int english = -1;
    int any = -1;
    for (std::size_t i = 0; i < considered_ranges && !field.empty(); ++i) {
        auto comma = std::min(field.find(','), field.size());
        auto item = field.substr(0, comma);
        field.remove_prefix(std::min(comma + 1, field.size()));
        auto semicolon = item.find(';');
        auto range = trim(item.substr(0, semicolon));
        auto liked = semicolon == std::string_view::npos ? 1000 : quality(trim(item.substr(semicolon + 1))).value_or(0);
        if (is_language(range, "fr")) french = std::max(french, liked);
        if (is_language(range, "en")) english = std::max(english, liked);
        if (range == "*") any = liked;
    }
    if (french < 0) french = any;
    if (english < 0) english = any;
    return english > std::max(french, 0) ? "en" : "fr";
}

} // namespace relais::api
