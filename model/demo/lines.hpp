// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/demo/catalogue.hpp"

#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Cutting the lines of config/demo: our own files, so faults throw std::runtime_error and stop the program at once.
namespace relais::model::demo {

inline std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\r')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
    return text;
}

// The parts between separators outside brackets, trimmed.
inline std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    std::size_t from = 0;
    int depth = 0;
    for (std::size_t at = 0; at <= text.size(); ++at) {
        if (at < text.size() && text[at] == '[') ++depth;
        if (at < text.size() && text[at] == ']') --depth;
        if (at < text.size() && (text[at] != separator || depth > 0)) continue;
        auto part = trim(text.substr(from, at - from));
        if (!part.empty()) parts.push_back(part);
        from = at + 1;
    }
    return parts;
}

inline std::vector<std::string_view> split_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    for (std::size_t from = 0; from < text.size();) {
        auto end = std::min(text.find('\n', from), text.size());
        lines.push_back(trim(text.substr(from, end - from)));
        from = end + 1;
    }
    return lines;
}

inline std::pair<std::string_view, std::string_view> first_word(std::string_view line) {
    auto cut = std::min(line.find(' '), line.size());
    return {line.substr(0, cut), trim(line.substr(std::min(cut + 1, line.size())))};
}

inline std::string join(const std::vector<std::string_view>& parts) {
    std::string joined;
    for (auto part : parts) {
        if (!joined.empty()) joined += '|';
        joined += part;
    }
    return joined;
}

inline int signed_number(std::string_view text) {
    int value = 0;
    auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc{} || end != text.data() + text.size()) throw std::runtime_error("not a number: " + std::string(text));
    return value;
}

inline std::uint32_t number(std::string_view text) { return static_cast<std::uint32_t>(signed_number(text)); }

// "RENEWAL 5, LOSS 3" or "all 1".
inline std::vector<weighted> weights(std::string_view text) {
    std::vector<weighted> all;
    for (auto part : split(text, ',')) {
        auto cut = part.rfind(' ');
        auto has_weight = cut != part.npos && part.find_first_not_of("0123456789", cut + 1) == part.npos;
        all.push_back({std::string(part.substr(0, has_weight ? cut : part.size())), has_weight ? number(part.substr(cut + 1)) : 1});
    }
    return all;
}

} // namespace relais::model::demo
