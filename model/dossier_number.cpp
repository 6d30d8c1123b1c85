// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_number.hpp"

#include "model/digits.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace relais::model {
namespace {

constexpr int most_repetitions = 64;

// Reads "[A-Z0-9-]", "\d" or one character, and moves past it.
std::optional<std::bitset<128>> read_class(std::string_view& pattern) {
    std::bitset<128> out;
    const auto take = [&pattern] {
        const char c = pattern.front();
        pattern.remove_prefix(1);
        return static_cast<unsigned char>(c);
    };
    const auto first = take();
    if (first >= 128) return std::nullopt;
    if (first == '\\') {
        if (pattern.empty() || take() != 'd') return std::nullopt;
        for (std::size_t c = '0'; c <= '9'; ++c) out.set(c);
        return out;
    }
    if (first != '[') {
        if (std::string_view("(){}*+?|.]").find(static_cast<char>(first)) != std::string_view::npos) return std::nullopt;
        return out.set(first);
    }
    while (!pattern.empty()) {
        const auto from = take();
        if (from == ']') return out.any() ? std::optional(out) : std::nullopt;
        auto to = from;
        if (pattern.size() >= 2 && pattern[0] == '-' && pattern[1] != ']') {
            pattern.remove_prefix(1);
            to = take();
        }
        if (to >= 128 || to < from) return std::nullopt;
        for (std::size_t c = from; c <= to; ++c) out.set(c);
    }
    return std::nullopt;
}

// Reads "{n}", "{m,n}" or nothing, and moves past it.
std::optional<std::pair<int, int>> read_repetition(std::string_view& pattern) {
    if (pattern.empty() || pattern.front() != '{') return std::pair(1, 1);
    const auto end = pattern.find('}');
    if (end == std::string_view::npos) return std::nullopt;
    const auto inside = pattern.substr(1, end - 1);
    pattern.remove_prefix(end + 1);
    const auto comma = inside.find(',');
    const auto least = digits::value(inside.substr(0, comma));
    const auto most = comma == std::string_view::npos ? least : digits::value(inside.substr(comma + 1));
    if (!least || !most || *least > *most || *most < 1 || *most > most_repetitions) return std::nullopt;
    return std::pair(*least, *most);
}

} // namespace

std::optional<dossier_number_pattern> dossier_number_pattern::parse(std::string_view pattern) {
    if (pattern.starts_with('^')) pattern.remove_prefix(1);
    if (pattern.ends_with('$')) pattern.remove_suffix(1);
    dossier_number_pattern out;
    while (!pattern.empty()) {
        const auto allowed = read_class(pattern);
        if (!allowed) return std::nullopt;
        const auto repeated = read_repetition(pattern);
        if (!repeated || out.elements_.size() == dossier_numbers::longest) return std::nullopt;
        out.elements_.push_back({*allowed, repeated->first, repeated->second});
    }
    if (out.elements_.empty()) return std::nullopt;
    return out;
}

// Follows every way of reading the number at once: reached holds the places where the elements so far may end.
bool dossier_number_pattern::matches(std::string_view number) const {
    if (number.size() > dossier_numbers::longest) return false;
    std::bitset<dossier_numbers::longest + 1> reached;
    reached.set(0);
    for (const auto& each : elements_) {
        std::bitset<dossier_numbers::longest + 1> then;
        for (std::size_t from = 0; from <= number.size(); ++from) {
            if (!reached[from]) continue;
            auto at = from;
            for (int taken = 0; taken <= each.most; ++taken, ++at) {
                if (taken >= each.least) then.set(at);
                if (at == number.size()) break;
                const auto c = static_cast<unsigned char>(number[at]);
                if (c >= 128 || !each.allowed[c]) break;
            }
        }
        reached = then;
    }
    return reached[number.size()];
}

namespace dossier_numbers {

checked check(std::string_view typed, const dossier_number_pattern& pattern) {
    const auto line = text::clean_line(typed, longest * 2);
    if (!line) return refused("characters");
    auto number = text::upper_without_spaces(*line);
    if (number.empty()) return refused("empty");
    if (number.size() > longest) return refused("long");
    if (std::none_of(number.begin(), number.end(), digits::is_alphanumeric)) return refused("characters");
    if (!pattern.matches(number)) return suspect(std::move(number), "shape");
    return valid(std::move(number));
}

checked check(std::string_view typed) {
    static const auto pattern = *dossier_number_pattern::parse(default_pattern);
    return check(typed, pattern);
}

} // namespace dossier_numbers
} // namespace relais::model
