// SPDX-License-Identifier: EUPL-1.2
#include "api/share_calendar.hpp"

#include "api/parameters.hpp"
#include "api/share_view.hpp"
#include "model/calendar_week.hpp"
#include "model/error.hpp"

#include <fmt/format.h>

#include <map>

namespace relais::api::share_calendar {

namespace {

using json = nlohmann::json;
namespace weeks = model::calendar_weeks;

constexpr int first_year = 1970, last_year = 9999, longest_year_weeks = 53;

std::string state_of(const model::weekly_share_line* share, std::chrono::sys_seconds until, std::chrono::sys_seconds now) {
    if (share) return share->acknowledged_at ? "acknowledged" : "waiting";
    return until > now ? "ahead" : "none";
}

json week_view(model::calendar_week week, const model::weekly_share_line* share, const lens& through) {
    auto span = weeks::span_of(week);
    auto state = state_of(share, span.to, through.now);
    json out = {{"week", weeks::text(week)}, {"state", state}};
    if (!through.for_people) return out;
    out["number"] = week.number, out["is_shared"] = share != nullptr;
    out["monday"] = date::format("%d/%m", weeks::monday(week));
    out["period"] = views::week_words(span.from, span.to, through);
    out["t:state_label"] = "share.calendar." + state;
    return out;
}

} // namespace

year read(soci::session& sql, std::string_view wanted, std::chrono::sys_seconds now) {
    year out;
    std::tie(out.first, out.last) = model::weekly_shares::years(sql);
    out.number = out.last > 0 ? out.last : weeks::of(now).year;
    if (!wanted.empty()) {
        auto asked = parameters::number_of(wanted);
        if (!asked || *asked < first_year || *asked > last_year) throw model::invalid({{"year", "malformed", "fault.parameter.malformed"}});
        out.number = static_cast<int>(*asked);
    }
    out.shares = model::weekly_shares::of_year(sql, out.number);
    return out;
}

json view(const year& of, const lens& through) {
    std::map<std::string, const model::weekly_share_line*> shared;
    for (const auto& each : of.shares) shared[each.week] = &each;
    json out = {{"year", of.number}, {"weeks", json::array()}};
    for (int number = 1; number <= longest_year_weeks; ++number) {
        auto week = weeks::parse(fmt::format("{:04}-W{:02}", of.number, number));
        if (!week) break; // most years have 52
        auto found = shared.find(weeks::text(*week));
        const auto* share = found == shared.end() ? nullptr : found->second;
        auto is_before_all = of.number == of.first && !share && out["weeks"].empty();
        if (through.for_people && is_before_all) continue; // nobody looks for them
        out["weeks"].push_back(week_view(*week, share, through));
    }
    if (!through.for_people) return out;
    auto link = [](int number) { return json{{"year", number}, {"address", "/console/shares?year=" + std::to_string(number)}}; };
    if (of.first > 0 && of.first < of.number) out["previous"] = link(of.number - 1);
    if (of.last > of.number) out["next"] = link(of.number + 1);
    out["has_other_years"] = out.contains("previous") || out.contains("next");
    return out;
}

} // namespace relais::api::share_calendar
