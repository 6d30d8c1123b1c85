// SPDX-License-Identifier: EUPL-1.2
#include "api/incident_drawing.hpp"

#include "api/department_map.hpp"
#include "api/incident_view.hpp"
#include "api/pages.hpp"
#include "api/view_text.hpp"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace relais::api::incident_drawing {

namespace {

using json = nlohmann::json;
using model::sys_seconds;
using namespace std::chrono_literals;

// One drawing: bars of a unit of time, from the oldest to the present.
struct scale {
    std::string_view unit; // hour, day, week
    int bars;
};
constexpr std::array scales = {scale{"hour", 48}, scale{"day", 70}, scale{"week", 26}};

constexpr double width = 700, height = 140, base = 120; // of the SVG, its bars standing on `base`

// Days and weeks are those of the contact centre's clock.
sys_seconds start_of(sys_seconds at, std::string_view unit) {
    if (unit == "hour") return std::chrono::floor<std::chrono::hours>(at);
    const auto* zone = date::locate_zone(std::string(view_text::paris));
    auto day = date::floor<date::days>(zone->to_local(at));
    if (unit == "week") day -= date::weekday(day) - date::Monday;
    return zone->to_sys(date::local_seconds(day), date::choose::earliest);
}

sys_seconds before(sys_seconds start, std::string_view unit) { return start_of(start - 1s, unit); }

std::vector<sys_seconds> starts(const scale& of, sys_seconds now) {
    std::vector<sys_seconds> out(static_cast<std::size_t>(of.bars));
    auto at = start_of(now, of.unit);
    for (auto each = out.rbegin(); each != out.rend(); ++each) *each = at, at = before(at, of.unit);
    return out;
}

// Which bar an instant falls in; nothing before the first.
std::optional<std::size_t> bar_of(const std::vector<sys_seconds>& all, sys_seconds at) {
    auto after = std::upper_bound(all.begin(), all.end(), at);
    if (after == all.begin()) return std::nullopt;
    return static_cast<std::size_t>(after - all.begin()) - 1;
}

std::string shown(sys_seconds at, std::string_view unit) {
    auto text = view_text::short_moment(at);
    return unit == "hour" ? text : text.substr(0, text.find(' '));
}

double rounded(double value) { return std::round(value * 10) / 10; }

json marks(const model::incident_sheet& sheet, const scale& of, const std::vector<sys_seconds>& all, const lens& through) {
    auto out = json::array();
    auto step = width / of.bars;
    auto add = [&](const char* kind, sys_seconds at, const std::string& name) {
        auto bar = bar_of(all, at);
        if (!bar) return;
        json one = {{"kind", kind}, {"name", name}, {"at", view_text::rfc3339(at)}};
        if (through.for_people)
            one.update({{"at_shown", shown(at, of.unit)},
                        {"x", rounded((static_cast<double>(*bar) + 0.5) * step)},
                        {"is_" + std::string(kind), true}});
        out.push_back(std::move(one));
    };
    for (const auto& each : sheet.releases) add("release", each.released_at, each.name);
    for (const auto& each : sheet.episodes)
        if (each.fixed_at) add("fixed", *each.fixed_at, each.fix_release);
    if (sheet.incident.fixed_at && (sheet.episodes.empty() || !sheet.episodes.back().fixed_at)) add("fixed", *sheet.incident.fixed_at, "");
    std::optional<std::size_t> last;
    for (auto hour : sheet.bursts) {
        auto at = model::at_seconds(hour * 3600);
        if (bar_of(all, at) == last) continue; // one mark a bar
        last = bar_of(all, at);
        add("burst", at, "");
    }
    return out;
}

json drawing(const model::incident_sheet& sheet, const scale& of, const lens& through) {
    auto all = starts(of, through.now);
    std::vector<std::int64_t> tickets(all.size());
    std::int64_t most = 1, total = 0;
    for (const auto& [hour, count] : sheet.hours)
        if (auto bar = bar_of(all, model::at_seconds(hour * 3600))) most = std::max(most, tickets[*bar] += count), total += count;
    json out = {{"unit", of.unit}, {"total", total}, {"most", most}, {"points", json::array()}, {"marks", marks(sheet, of, all, through)}};
    auto step = width / of.bars;
    auto& points = out["points"];
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!through.for_people) points.push_back({{"at", view_text::rfc3339(all[i])}, {"tickets", tickets[i]}});
        if (!through.for_people || tickets[i] == 0) continue; // an empty bar is not drawn
        auto tall = static_cast<double>(tickets[i]) / static_cast<double>(most) * (base - 16);
        points.push_back({{"at_shown", shown(all[i], of.unit)},
                          {"tickets", tickets[i]},
                          {"x", rounded(static_cast<double>(i) * step + step * 0.1)},
                          {"y", rounded(base - tall)},
                          {"width", rounded(step * 0.8)},
                          {"height", rounded(tall)}});
    }
    if (!through.for_people) return out;
    out.update({{"t:title", "incident.trend." + std::string(of.unit)}, {"width", width}, {"height", height}, {"base", base}});
    out["first_shown"] = shown(all.front(), of.unit), out["last_shown"] = shown(all.back(), of.unit);
    return out;
}

} // namespace

json trend(const model::incident_sheet& sheet, const lens& through) {
    json out = json::object();
    if (through.for_people) out["drawings"] = json::array();
    auto is_few = views::hides_few(sheet.incident, through);
    for (const auto& each : scales) {
        if (is_few && through.for_people) continue;
        auto one = drawing(sheet, each, through);
        if (through.for_people)
            out["drawings"].push_back(std::move(one));
        else
            out[std::string(each.unit) + "s"] = std::move(one);
        if (is_few)
            out[std::string(each.unit) + "s"].update(
                {{"total", nullptr}, {"most", nullptr}, {"points", json::array()}, {"marks", json::array()}});
    }
    return out;
}

json map(const std::vector<model::incident_fact>& told, const lens& through) {
    std::map<std::string, std::int64_t, std::less<>> tickets;
    for (const auto& each : told)
        if (each.name == "department") tickets[each.value] = each.tickets;
    auto out = department_map::of(tickets, views::sees_few(through.sees) ? "0" : views::count_shown({}, through));
    out["table"] = json::array();
    for (const char* part : {"departments", "overseas"})
        for (const auto& each : out[part])
            if (each["tickets"] > 0) out["table"].push_back(each);
    out["has_table"] = !out["table"].empty();
    std::stable_sort(out["table"].begin(), out["table"].end(), [](const json& one, const json& other) {
        return one["tickets"].get<std::int64_t>() > other["tickets"].get<std::int64_t>();
    });
    return out;
}

} // namespace relais::api::incident_drawing
