// SPDX-License-Identifier: EUPL-1.2
#include "api/http_date.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace relais::api {

namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 7> day_names = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> month_names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::size_t size = 29;

std::string digits(long value, std::size_t width) {
    auto text = std::to_string(value);
    return std::string(width - std::min(width, text.size()), '0') + text;
}

// The number in a fixed place, or -1.
int number(std::string_view text, std::size_t at, std::size_t width) {
    int out = 0;
    for (char c : text.substr(at, width)) {
        if (c < '0' || c > '9') return -1;
        out = out * 10 + (c - '0');
    }
    return out;
}

} // namespace

std::string http_date(sys_seconds at) {
    auto midnight = floor<days>(at);
    year_month_day date{midnight};
    hh_mm_ss time{at - midnight};
    std::string out{day_names[weekday{midnight}.c_encoding()]};
    out += ", " + digits(static_cast<long>(static_cast<unsigned>(date.day())), 2) + ' ';
    out += month_names[static_cast<unsigned>(date.month()) - 1];
    out += ' ' + digits(static_cast<int>(date.year()), 4) + ' ' + digits(time.hours().count(), 2) + ':';
    return out + digits(time.minutes().count(), 2) + ':' + digits(time.seconds().count(), 2) + " GMT";
}

std::optional<sys_seconds> parse_http_date(std::string_view text) {
    if (text.size() != size) return {};
    auto month_at = std::find(month_names.begin(), month_names.end(), text.substr(8, 3));
    auto day_of_month = number(text, 5, 2);
    auto hour = number(text, 17, 2);
    auto minute = number(text, 20, 2);
    auto second = number(text, 23, 2);
    if (month_at == month_names.end() || day_of_month < 0 || number(text, 12, 4) < 0) return {};
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return {};
    auto month_number = static_cast<unsigned>(month_at - month_names.begin()) + 1;
    year_month_day date{year{number(text, 12, 4)}, month{month_number}, day{static_cast<unsigned>(day_of_month)}};
    if (!date.ok()) return {};
    auto at = sys_days{date} + hours{hour} + minutes{minute} + seconds{second};
    // Writing it again checks the day's name and every separator.
    return http_date(at) == text ? std::optional{sys_seconds{at}} : std::nullopt;
}

} // namespace relais::api
