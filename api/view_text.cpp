// SPDX-License-Identifier: EUPL-1.2
#include "api/view_text.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace relais::api::view_text {
namespace {

std::optional<int> number(std::string_view text) {
    int value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return {};
    return value;
}

std::optional<date::year_month_day> parse_day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return {};
    auto year = number(text.substr(0, 4));
    auto month = number(text.substr(5, 2));
    auto day = number(text.substr(8, 2));
    if (!year || !month || !day) return {};
    auto out = date::year{*year} / date::month{static_cast<unsigned>(*month)} / date::day{static_cast<unsigned>(*day)};
    if (!out.ok()) return {};
    return out;
}

// date::sys_seconds and std::chrono::sys_seconds are one type.
auto local(std::chrono::sys_seconds at, std::string_view zone) { return date::make_zoned(std::string(zone), at).get_local_time(); }

template <class Time> auto parts_of(Time at) {
    auto day_of = date::floor<date::days>(at);
    return std::pair(date::year_month_day(day_of), date::hh_mm_ss(at - day_of));
}

} // namespace

std::string day(const catalogue& texts, std::string_view language, std::string_view iso_day) {
    auto found = parse_day(iso_day);
    if (!found) return std::string(iso_day);
    auto number_of = static_cast<unsigned>(found->day());
    auto weekday = date::weekday(date::local_days(*found)).iso_encoding();
    nlohmann::json values = {
        {"weekday", texts.say(language, "date.weekday." + std::to_string(weekday))},
        {"month", texts.say(language, "date.month." + std::to_string(static_cast<unsigned>(found->month())))},
        {"year", static_cast<int>(found->year())},
        {"day", number_of == 1 ? texts.say(language, "date.first") : std::to_string(number_of)},
    };
    return texts.say(language, "date.day", values);
}

std::string moment(const catalogue& texts, std::string_view language, std::chrono::sys_seconds at, std::string_view zone) {
    auto time = local(at, zone);
    auto day_of = date::floor<date::days>(time);
    date::hh_mm_ss clock(time - day_of);
    nlohmann::json values = {
        {"day", day(texts, language, local_day(at, zone))},
        {"hour", std::to_string(clock.hours().count())},
        {"minute", fmt::format("{:02}", clock.minutes().count())},
    };
    return texts.say(language, "date.moment", values);
}

// A list shows a hundred and fifty moments: date::format, which opens a stream for each, would take half of the time of its page.
std::string short_moment(std::chrono::sys_seconds at, std::string_view zone) {
    auto [on, clock] = parts_of(local(at, zone));
    return fmt::format("{:02}/{:02}/{:04} {:02}:{:02}", unsigned(on.day()), unsigned(on.month()), int(on.year()), clock.hours().count(),
                       clock.minutes().count());
}

std::string local_day(std::chrono::sys_seconds at, std::string_view zone) {
    return date::format("%F", date::floor<date::days>(local(at, zone)));
}

std::string rfc3339(std::chrono::sys_seconds at) {
    auto [on, clock] = parts_of(at);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", int(on.year()), unsigned(on.month()), unsigned(on.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string file_size(const catalogue& texts, std::string_view language, std::int64_t size_bytes) {
    constexpr std::int64_t kilo = 1024;
    if (size_bytes < kilo) return texts.say(language, "size.bytes", {{"n", size_bytes}});
    if (size_bytes < kilo * kilo) return texts.say(language, "size.kilobytes", {{"n", (size_bytes + kilo / 2) / kilo}});
    auto tenths = (size_bytes * 10 + kilo * kilo / 2) / (kilo * kilo);
    return texts.say(language, "size.megabytes", {{"n", tenths / 10}, {"tenth", tenths % 10}});
}

} // namespace relais::api::view_text
