// SPDX-License-Identifier: EUPL-1.2
#include "server/http/head_syntax.hpp"

#include <algorithm>
#include <charconv>

namespace relais::server::head_syntax {

namespace {

constexpr std::size_t authority_limit_bytes = 255;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool is_port(std::string_view text) {
    auto port = to_number(text);
    return port && *port >= 1 && *port <= 65535 && text.size() <= 5;
}

bool is_host_name(std::string_view text) {
    auto allowed = [](char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_'; };
    return !text.empty() && text.front() != '.' && std::all_of(text.begin(), text.end(), allowed);
}

bool is_ipv6_literal(std::string_view text) {
    auto allowed = [](char c) { return is_hex(c) || c == ':' || c == '.'; };
    return text.size() >= 4 && text.front() == '[' && text.back() == ']' && std::all_of(text.begin() + 1, text.end() - 1, allowed);
}

template <class Predicate> bool any_item(std::string_view list, Predicate wanted) {
    while (!list.empty()) {
        auto comma = std::min(list.find(','), list.size());
        auto item = list.substr(0, comma);
        item.remove_prefix(std::min(item.find_first_not_of(" \t"), item.size()));
        item = item.substr(0, item.find_last_not_of(" \t") + 1);
        if (wanted(item)) return true;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

} // namespace

bool is_token(std::string_view text) {
    static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    auto allowed = [](char c) { return is_letter(c) || is_digit(c) || marks.find(c) != std::string_view::npos; };
    return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

bool is_field_value(std::string_view text) {
    auto allowed = [](char c) {
        auto byte = static_cast<unsigned char>(c);
        return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
    };
    return std::all_of(text.begin(), text.end(), allowed);
}

bool is_same(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

bool is_token_list(std::string_view list) {
    return !any_item(list, [](std::string_view item) { return !item.empty() && !is_token(item); });
}

bool list_has(std::string_view list, std::string_view word) {
    return any_item(list, [word](std::string_view item) { return is_same(item, word); });
}

std::optional<std::uint64_t> to_number(std::string_view digits) {
    if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) return {};
    std::uint64_t value = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{}) return {};
    return value;
}

std::string_view without_port(std::string_view authority) {
    auto colon = authority.rfind(':');
    auto bracket = authority.rfind(']');
    if (colon == std::string_view::npos || (bracket != std::string_view::npos && bracket > colon)) return authority;
    return authority.substr(0, colon);
}

bool is_authority(std::string_view text) {
    if (text.size() > authority_limit_bytes) return false;
    auto name = without_port(text);
    if (name.size() != text.size() && !is_port(text.substr(name.size() + 1))) return false;
    return is_host_name(name) || is_ipv6_literal(name);
}

std::string_view trim_spaces(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

} // namespace relais::server::head_syntax
