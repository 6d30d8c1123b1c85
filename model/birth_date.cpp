// SPDX-License-Identifier: EUPL-1.2
#include "model/birth_date.hpp"

#include "model/digits.hpp"
#include "model/text.hpp"

#include <array>
#include <utility>
#include <vector>

namespace relais::model::birth_dates {
namespace {

constexpr int earliest_year = 1850;
constexpr int old_age = 110;
constexpr int youngest = 14; // category AM
constexpr std::size_t longest_typed_bytes = 40;

struct parts {
    int year = 0;
    int month = 0;
    int day = 0;
};

std::string padded(int value, std::size_t size) {
    auto out = std::to_string(value);
    return out.size() < size ? std::string(size - out.size(), '0') + out : out;
}

std::string written(const parts& p) { return padded(p.year, 4) + '-' + padded(p.month, 2) + '-' + padded(p.day, 2); }
std::string french(const parts& p) { return padded(p.day, 2) + '/' + padded(p.month, 2) + '/' + padded(p.year, 4); }

// The runs of digits, or nothing when there is anything else than digits and separators.
std::optional<std::vector<std::string_view>> numbers(std::string_view line) {
    std::vector<std::string_view> out;
    for (std::size_t at = 0; at < line.size();) {
        if (!digits::is_digit(line[at])) {
            if (std::string_view("/.- ").find(line[at]) == std::string_view::npos) return std::nullopt;
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < line.size() && digits::is_digit(line[end])) ++end;
        out.push_back(line.substr(at, end - at));
        at = end;
    }
    return out;
}

// Day, month and year in the order of people; year first when it has four digits and comes first.
std::optional<std::array<std::string_view, 3>> day_month_year(std::string_view line) {
    const auto found = numbers(line);
    if (!found) return std::nullopt;
    const auto& all = *found;
    if (all.size() == 1 && all[0].size() == 8) return std::array{all[0].substr(0, 2), all[0].substr(2, 2), all[0].substr(4)};
    if (all.size() != 3) return std::nullopt;
    if (all[0].size() == 4) return std::array{all[2], all[1], all[0]};
    return std::array{all[0], all[1], all[2]};
}

bool exists(const parts& p) {
    if (p.day == 0) return true;
    return (date::year{p.year} / p.month / p.day).ok();
}

int age(const parts& p, date::year_month_day today) {
    const auto now = parts{int(today.year()), int(unsigned(today.month())), int(unsigned(today.day()))};
    const bool had_birthday = std::pair(p.month, p.day) <= std::pair(now.month, now.day);
    return now.year - p.year - (had_birthday ? 0 : 1);
}

checked check_parts(const parts& p, date::year_month_day today) {
    if (p.month > 12 || (p.month == 0 && p.day != 0)) {
        const parts swapped = {p.year, p.day, p.month};
        const bool may_be_swapped = p.day >= 1 && p.day <= 12 && p.month > 12 && check_parts(swapped, today).accepted();
        return refused("month", may_be_swapped ? french(swapped) : std::string());
    }
    if (p.year < earliest_year) return refused("year");
    if (!exists(p)) return refused("day");
    const int years = age(p, today);
    if (years < 0) return refused("future");
    if (years > old_age) return suspect(written(p), "old");
    if (years < youngest) return suspect(written(p), "young");
    return valid(written(p));
}

// 84 is 1984, and 05 is 2005: the latest year that is not in the future.
checked refuse_short_year(const parts& p, date::year_month_day today) {
    parts meant = {int(today.year()) / 100 * 100 + p.year, p.month, p.day};
    if (meant.year > int(today.year())) meant.year -= 100;
    return refused("short_year", check_parts(meant, today).accepted() ? french(meant) : std::string());
}

std::optional<parts> read(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = digits::value(text.substr(0, 4));
    const auto month = digits::value(text.substr(5, 2));
    const auto day = digits::value(text.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    const parts out = {*year, *month, *day};
    if (out.month > 12 || (out.month == 0 && out.day != 0) || !exists(out)) return std::nullopt;
    return out;
}

bool is_placeholder(const parts& p) { return (p.month == 12 && p.day == 31) || (p.month == 1 && p.day == 1); }

} // namespace

checked check(std::string_view typed, date::year_month_day today) {
    const auto line = text::clean_line(typed, longest_typed_bytes);
    if (!line) return refused("format");
    if (line->empty()) return refused("empty");
    const auto found = day_month_year(*line);
    if (!found) return refused("format");
    const auto [day, month, year] = *found;
    if (day.size() > 2 || month.size() > 2 || (year.size() != 4 && year.size() != 2)) return refused("format");
    const parts p = {*digits::value(year), *digits::value(month), *digits::value(day)};
    return year.size() == 2 ? refuse_short_year(p, today) : check_parts(p, today);
}

std::optional<birth_precision> precision(std::string_view normalised) {
    const auto p = read(normalised);
    if (!p) return std::nullopt;
    if (p->month == 0) return birth_precision::year;
    return p->day == 0 ? birth_precision::month : birth_precision::day;
}

std::string_view name(birth_precision precision) {
    switch (precision) {
    case birth_precision::day:
        return "day";
    case birth_precision::month:
        return "month";
    case birth_precision::year:
        return "year";
    }
    return "day";
}

bool compatible(std::string_view a, std::string_view b) {
    const auto one = read(a);
    const auto other = read(b);
    if (!one || !other || one->year != other->year) return false;
    if (a == b) return true;
    const bool some_unknown = one->day == 0 || other->day == 0;
    if (is_placeholder(*one) && (is_placeholder(*other) || some_unknown)) return true;
    if (is_placeholder(*other) && some_unknown) return true;
    if (one->month == 0 || other->month == 0) return true;
    return one->month == other->month && some_unknown;
}

std::string display(std::string_view normalised) {
    const auto p = read(normalised);
    return p ? french(*p) : std::string(normalised);
}

} // namespace relais::model::birth_dates
