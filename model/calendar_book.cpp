// SPDX-License-Identifier: EUPL-1.2
#include "model/calendar_book.hpp"

#include "model/digits.hpp"

#include <date/tz.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace relais::model::calendar_books {
namespace {

using nlohmann::json;
using std::chrono::minutes;

constexpr std::array<std::string_view, 7> weekdays = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
constexpr auto little = std::chrono::hours(2); // a day in common: less, and the extended hours are added
const std::string paris = "Europe/Paris";

[[noreturn]] void refuse(const std::string& what) { throw std::runtime_error("config/calendars.json: " + what); }

void check_zone(const std::string& zone) {
    try {
        date::locate_zone(zone);
    } catch (const std::runtime_error&) {
        refuse(zone + " is not a zone of the IANA table");
    }
}

// "09:30" as minutes of the day; 24:00 is allowed.
minutes clock_of(const std::string& text) {
    auto hours = digits::value(std::string_view(text).substr(0, 2));
    auto past = text.size() == 5 && text[2] == ':' ? digits::value(std::string_view(text).substr(3)) : std::nullopt;
    if (!hours || !past || *past > 59 || *hours * 60 + *past > 24 * 60) refuse(text + " is not an hour (09:30)");
    return minutes(*hours * 60 + *past);
}

std::vector<opening> openings_of(const json& list) {
    std::vector<opening> out;
    for (const auto& each : list) {
        auto text = each.get<std::string>();
        auto dash = text.find('-');
        if (dash == std::string::npos) refuse(text + " is not a stretch of hours (09:00-17:00)");
        opening hours{clock_of(text.substr(0, dash)), clock_of(text.substr(dash + 1))};
        auto follows = out.empty() || out.back().to <= hours.from;
        if (hours.from >= hours.to || !follows) refuse(text + " is empty, or does not follow the hours before it");
        out.push_back(hours);
    }
    return out;
}

date::local_days day_of_text(const std::string& text) {
    std::istringstream in(text);
    date::local_days out;
    in >> date::parse("%F", out);
    if (!in || date::format("%F", out) != text) refuse(text + " is not a day (2026-12-24)");
    return out;
}

calendar read_calendar(const json& from) {
    calendar out;
    out.zone = from.value("zone", paris);
    check_zone(out.zone);
    out.keeps_holidays = from.value("closed_on_holidays", true);
    for (const auto& [name, hours] : from.at("hours").items()) {
        auto day = std::find(weekdays.begin(), weekdays.end(), name);
        if (day == weekdays.end()) refuse(name + " is not a day of the week in English");
        out.week[static_cast<std::size_t>(day - weekdays.begin())] = openings_of(hours);
    }
    if (auto found = from.find("exceptions"); found != from.end())
        for (const auto& [day, hours] : found->items()) out.exceptions[day_of_text(day)] = openings_of(hours);
    return out;
}

calendar_zone read_zone(const json& from) {
    calendar_zone out;
    out.zone = from.at("zone");
    check_zone(out.zone);
    from.at("place").get_to(out.place);
    if (!out.place.contains("fr") || !out.place.contains("en")) refuse(out.zone + " needs its place in fr and en");
    if (from.contains("departments")) from.at("departments").get_to(out.departments);
    if (from.contains("prefixes")) from.at("prefixes").get_to(out.prefixes);
    return out;
}

// The week alone: what is usual.
calendar usual(calendar of) {
    of.exceptions.clear();
    of.keeps_holidays = false;
    return of;
}

calendar of_citizen(const calendar_book& book, std::string_view zone, std::string_view department) {
    auto out = book.citizen;
    out.zone = zone;
    out.department = department;
    return out;
}

std::vector<time_span> united(const std::vector<time_span>& a, const std::vector<time_span>& b) {
    std::vector<time_span> sorted = a, out;
    sorted.insert(sorted.end(), b.begin(), b.end());
    std::sort(sorted.begin(), sorted.end(), [](const auto& x, const auto& y) { return x.from < y.from; });
    for (const auto& each : sorted)
        if (!out.empty() && each.from <= out.back().to)
            out.back().to = std::max(out.back().to, each.to);
        else
            out.push_back(each);
    return out;
}

} // namespace

calendar_book load(const std::string& file) {
    std::ifstream in(file);
    auto root = json::parse(in, nullptr, false);
    if (!root.is_object()) throw std::runtime_error("The calendars in " + file + " cannot be read as JSON.");
    calendar_book out;
    try {
        out.centre = read_calendar(root.at("centre"));
        if (root.contains("extended")) out.extended = read_calendar(root.at("extended"));
        out.citizen = read_calendar(root.at("citizen"));
        for (const auto& each : root.at("zones")) out.zones.push_back(read_zone(each));
    } catch (const json::exception& error) {
        refuse(error.what());
    }
    auto is_shut = [](const calendar& of) {
        return std::all_of(of.week.begin(), of.week.end(), [](const auto& day) { return day.empty(); });
    };
    if (is_shut(out.centre) || is_shut(out.citizen)) refuse("centre and citizen need hours on a day at least");
    return out;
}

const calendar_zone* find_zone(const calendar_book& book, std::string_view zone) {
    auto found = std::find_if(book.zones.begin(), book.zones.end(), [zone](const auto& each) { return each.zone == zone; });
    return found == book.zones.end() ? nullptr : &*found;
}

const std::string& zone_of_department(const calendar_book& book, std::string_view department) {
    for (const auto& each : book.zones)
        if (std::find(each.departments.begin(), each.departments.end(), department) != each.departments.end()) return each.zone;
    return paris;
}

const std::string& zone_of_phone(const calendar_book& book, std::string_view e164) {
    const std::string* best = &paris;
    std::size_t longest = 0;
    for (const auto& each : book.zones)
        for (const auto& prefix : each.prefixes)
            if (prefix.size() > longest && e164.starts_with(prefix)) best = &each.zone, longest = prefix.size();
    return *best;
}

std::string department_of_zone(const calendar_book& book, std::string_view zone) {
    const auto* found = find_zone(book, zone);
    return found == nullptr || found->departments.empty() ? std::string{} : found->departments.front();
}

bool needs_extended(const calendar_book& book, std::string_view zone, sys_seconds around) {
    auto centre = usual(book.centre), decent = usual(of_citizen(book, zone, ""));
    auto first = calendars::day_of(zone, around);
    for (int i = 0; i < 7; ++i) {
        auto there = calendars::open_on(decent, first + date::days(i));
        if (there.empty()) continue;
        std::chrono::seconds together{0};
        for (const auto& each : calendars::common(there, calendars::open_between(centre, there.front().from, there.back().to)))
            together += each.to - each.from;
        if (together >= little) return false;
    }
    return true;
}

std::vector<time_span> callable(const calendar_book& book, std::string_view zone, std::string_view department, sys_seconds from,
                                sys_seconds to) {
    auto works = calendars::open_between(book.centre, from, to);
    if (needs_extended(book, zone, from)) works = united(works, calendars::open_between(book.extended, from, to));
    return calendars::common(works, calendars::open_between(of_citizen(book, zone, department), from, to));
}

bool is_decent(const calendar_book& book, std::string_view zone, std::string_view department, sys_seconds at) {
    return calendars::is_open(of_citizen(book, zone, department), at);
}

} // namespace relais::model::calendar_books
