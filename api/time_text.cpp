// SPDX-License-Identifier: EUPL-1.2
#include "api/time_text.hpp"

#include <date/date.h>

#include <charconv>

namespace relais::api::time_text {

namespace {

// Digits only: no sign, no space.
std::optional<int> number(std::string_view text, std::size_t at, std::size_t size) {
    if (text.size() < at + size) return std::nullopt;
    int out = 0;
    for (auto c : text.substr(at, size)) {
        if (c < '0' || c > '9') return std::nullopt;
        out = out * 10 + (c - '0');
    }
    return out;
}

bool has(std::string_view text, std::size_t at, char c) { return at < text.size() && text[at] == c; }

std::optional<date::sys_days> day_of(std::string_view text) {
    auto year = number(text, 0, 4), month = number(text, 5, 2), day = number(text, 8, 2);
    if (!year || !month || !day || !has(text, 4, '-') || !has(text, 7, '-')) return std::nullopt;
    auto out = date::year{*year} / date::month{static_cast<unsigned>(*month)} / date::day{static_cast<unsigned>(*day)};
    if (!out.ok()) return std::nullopt;
    return date::sys_days{out};
}

// "Z", "+01:00", "-03:30".
std::optional<std::chrono::minutes> offset_of(std::string_view zone) {
    if (zone == "Z" || zone == "z") return std::chrono::minutes{0};
    auto hours = number(zone, 1, 2), minutes = number(zone, 4, 2);
    if (zone.size() != 6 || !hours || !minutes || !has(zone, 3, ':') || *hours > 23 || *minutes > 59) return std::nullopt;
    auto out = std::chrono::minutes{*hours * 60 + *minutes};
    if (zone[0] == '+') return out;
    if (zone[0] == '-') return -out;
    return std::nullopt;
}

} // namespace

std::optional<std::chrono::sys_seconds> parse(std::string_view text) {
    auto day = day_of(text);
    if (!day) return std::nullopt;
    if (text.size() == 10) return std::chrono::sys_seconds{*day};
    auto hour = number(text, 11, 2), minute = number(text, 14, 2), second = number(text, 17, 2);
    auto separated = (has(text, 10, 'T') || has(text, 10, 't')) && has(text, 13, ':') && has(text, 16, ':');
    if (!separated || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    auto zone = text.substr(19);
    if (zone.starts_with('.')) zone.remove_prefix(std::min(zone.find_first_not_of("0123456789", 1), zone.size()));
    auto offset = offset_of(zone);
    if (!offset) return std::nullopt;
    return std::chrono::sys_seconds{*day} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{*second} -
           *offset;
}

} // namespace relais::api::time_text
