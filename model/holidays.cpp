// SPDX-License-Identifier: EUPL-1.2
#include "model/holidays.hpp"

#include <algorithm>
#include <array>

namespace relais::model::holidays {
namespace {

using namespace date::literals;
using date::days;
using date::sys_days;

struct fixed {
    date::month_day day;
    std::string_view key;
};
struct moving {
    int after_easter;
    std::string_view key;
};
struct local {
    std::string_view department;
    date::month_day day;
    std::string_view key;
};

constexpr std::array national = {
    fixed{1_d / 1, "new_year"},    fixed{1_d / 5, "labour_day"},  fixed{8_d / 5, "victory_1945"}, fixed{14_d / 7, "national_day"},
    fixed{15_d / 8, "assumption"}, fixed{1_d / 11, "all_saints"}, fixed{11_d / 11, "armistice"},  fixed{25_d / 12, "christmas"},
};

constexpr std::array movable = {moving{1, "easter_monday"}, moving{39, "ascension"}, moving{50, "whit_monday"}};

constexpr std::string_view abolition = "abolition";
constexpr std::array locals = {
    local{"57", 26_d / 12, "saint_stephen"},
    local{"67", 26_d / 12, "saint_stephen"},
    local{"68", 26_d / 12, "saint_stephen"},
    local{"976", 27_d / 4, abolition},
    local{"972", 22_d / 5, abolition},
    local{"971", 27_d / 5, abolition},
    local{"973", 10_d / 6, abolition},
    local{"977", 9_d / 10, abolition},
    local{"974", 20_d / 12, abolition},
    local{"987", 5_d / 3, "gospel"},
    local{"987", 29_d / 6, "autonomy"},
    local{"988", 24_d / 9, "citizenship"},
    local{"986", 28_d / 4, "saint_peter_chanel"},
    local{"986", 29_d / 7, "territory"},
};

// Saint-Martin moved its day from 27 to 28 May in 2018.
date::month_day saint_martin(date::year year) { return int(year) < 2018 ? 27_d / 5 : 28_d / 5; }

bool has_good_friday(std::string_view department) { return department == "57" || department == "67" || department == "68"; }

} // namespace

date::year_month_day easter(date::year year) {
    const int y = int(year);
    const int golden = y % 19;
    const int century = y / 100;
    const int moon = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    const int weekday = (32 + 2 * (century % 4) + 2 * (y % 100 / 4) - moon - y % 4) % 7;
    const int late = (golden + 11 * moon + 22 * weekday) / 451;
    const int month_and_day = moon + weekday - 7 * late + 114;
    return year / (month_and_day / 31) / (month_and_day % 31 + 1);
}

std::vector<holiday> of(date::year year, std::string_view department) {
    std::vector<holiday> out;
    out.reserve(national.size() + 6);
    for (const auto& each : national) out.push_back({year / each.day, each.key});
    const auto sunday = sys_days{easter(year)};
    for (const auto& each : movable) out.push_back({sunday + days{each.after_easter}, each.key});
    if (has_good_friday(department)) out.push_back({sunday - days{2}, "good_friday"});
    for (const auto& each : locals) {
        if (each.department == department) out.push_back({year / each.day, each.key});
    }
    if (department == "978") out.push_back({year / saint_martin(year), abolition});
    std::stable_sort(out.begin(), out.end(), [](const holiday& a, const holiday& b) { return a.day < b.day; });
    return out;
}

// Asked for each day that a clock walks over: looked up, where of() makes a list.
bool is_holiday(date::year_month_day day, std::string_view department) {
    const auto falls = date::month_day{day.month(), day.day()};
    const auto has = [falls](const auto& each) { return each.day == falls; };
    if (std::any_of(national.begin(), national.end(), has)) return true;
    const auto is_here = [&](const local& each) { return each.department == department && has(each); };
    if (std::any_of(locals.begin(), locals.end(), is_here) || (department == "978" && falls == saint_martin(day.year()))) return true;
    const auto after = (sys_days{day} - sys_days{easter(day.year())}).count();
    const auto is_that = [after](const moving& each) { return each.after_easter == after; };
    return std::any_of(movable.begin(), movable.end(), is_that) || (after == -2 && has_good_friday(department));
}

} // namespace relais::model::holidays
