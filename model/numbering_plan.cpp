// SPDX-License-Identifier: EUPL-1.2
#include "model/numbering_plan.hpp"

#include <algorithm>
#include <array>

namespace relais::model::numbering_plan {
namespace {

struct prefix {
    std::string_view digits;
    std::string_view country_code;
};

// 7090 to 7093 are the newer mobile prefixes overseas; the library of Debian 12 does not know them yet.
constexpr auto overseas = std::to_array<prefix>({
    {"590", "+590"}, {"690", "+590"}, {"691", "+590"},   {"7090", "+590"},                                        //
    {"594", "+594"}, {"694", "+594"}, {"70930", "+594"}, {"70931", "+594"}, {"70932", "+594"}, {"70933", "+594"}, //
    {"596", "+596"}, {"696", "+596"}, {"697", "+596"},   {"7091", "+596"},                                        //
    {"262", "+262"}, {"263", "+262"}, {"692", "+262"},   {"693", "+262"},   {"7092", "+262"},                     //
    {"269", "+262"}, {"639", "+262"}, {"70935", "+262"}, {"70936", "+262"}, {"70937", "+262"},                    //
    {"708", "+508"},
});
// Within Saint-Pierre-et-Miquelon's landlines the prefix 0508 stands for the country code itself.
constexpr std::string_view miquelon_landline = "508";

constexpr auto all_zones = std::to_array<zone>({
    {"+262", "974"},
    {"+508", "975"},
    {"+590", "971"},
    {"+594", "973"},
    {"+596", "972"},
    {"+681", "986", true},
    {"+687", "988", true},
    {"+689", "987", true},
    {"+33", ""},
});

constexpr auto fictional = std::to_array<std::string_view>({"19900", "26191", "35301", "46571", "53649", "63998"});

template <class List> bool starts_with_any(std::string_view number, const List& list) {
    return std::any_of(list.begin(), list.end(), [number](std::string_view each) { return number.starts_with(each); });
}

} // namespace

std::span<const zone> zones() { return all_zones; }

bool is_french(std::string_view e164) {
    return std::any_of(all_zones.begin(), all_zones.end(), [e164](const zone& each) { return e164.starts_with(each.country_code); });
}

std::string e164(std::string_view nine) {
    if (nine.starts_with(miquelon_landline)) return "+" + std::string(nine);
    std::string_view country = "+33";
    if (!is_reserved_for_fiction(nine)) {
        const auto found =
            std::find_if(overseas.begin(), overseas.end(), [nine](const prefix& each) { return nine.starts_with(each.digits); });
        if (found != overseas.end()) country = found->country_code;
    }
    return std::string(country) + std::string(nine);
}

std::string_view special_code(std::string_view nine) {
    if (!nine.starts_with('8')) return {};
    return starts_with_any(nine, std::to_array<std::string_view>({"81", "82", "89"})) ? "surcharged" : "special_number";
}

bool is_reserved_for_fiction(std::string_view nine) { return starts_with_any(nine, fictional); }

std::size_t local_digits(std::string_view department) {
    if (department == "987") return 8;
    return department == "975" || department == "986" || department == "988" ? 6 : 0;
}

std::string_view country_code(std::string_view department) {
    if (department == "976") return "+262";
    if (department == "977" || department == "978") return "+590";
    const auto found = std::find_if(all_zones.begin(), all_zones.end(),
                                    [department](const zone& each) { return !department.empty() && each.department == department; });
    return found == all_zones.end() ? "+33" : found->country_code;
}

} // namespace relais::model::numbering_plan
