// SPDX-License-Identifier: EUPL-1.2
#include "api/figure_choices.hpp"

#include "model/department.hpp"
#include "model/procedure.hpp"

#include <algorithm>
#include <array>

namespace relais::api::views {

namespace {

using nlohmann::json;

constexpr auto channels = std::to_array<std::string_view>(
    {"web_form", "phone", "callback", "email", "letter", "driving_school", "france_services", "prefecture"});

void keep_chosen(json& all, const std::string& chosen) {
    auto is_chosen = [](const json& each) { return each["is_chosen"] == true; };
    if (chosen.empty() || std::any_of(all.begin(), all.end(), is_chosen)) return;
    all.push_back({{"code", chosen}, {"label", chosen}, {"is_chosen", true}, {"is_unlisted", true}});
}

} // namespace

json figure_choices(const model::figure_filter& whose, const std::vector<model::team>& teams) {
    json out = {{"teams", json::array()}, {"departments", json::array()}, {"procedures", json::array()}, {"channels", json::array()}};
    for (const auto& each : teams)
        out["teams"].push_back({{"code", std::to_string(each.id)}, {"label", each.name}, {"is_chosen", whose.team == each.id}});
    for (const auto& each : model::departments::all())
        out["departments"].push_back({{"code", each.code},
                                      {"label", std::string(each.code) + " " + std::string(each.name)},
                                      {"is_chosen", each.code == whose.department}});
    for (auto code : model::procedures::all)
        out["procedures"].push_back(
            {{"code", code}, {"t:label", "procedure." + std::string(code)}, {"is_chosen", code == whose.procedure}});
    for (auto code : channels)
        out["channels"].push_back({{"code", code}, {"t:label", "channel_name." + std::string(code)}, {"is_chosen", code == whose.channel}});
    keep_chosen(out["teams"], whose.team ? std::to_string(*whose.team) : std::string());
    keep_chosen(out["departments"], whose.department), keep_chosen(out["procedures"], whose.procedure);
    keep_chosen(out["channels"], whose.channel);
    return out;
}

bool is_channel(std::string_view code) { return std::find(channels.begin(), channels.end(), code) != channels.end(); }

std::string figure_query(const json& choices) {
    std::string out;
    for (const auto& [list, name] :
         {std::pair{"teams", "team"}, {"departments", "department"}, {"procedures", "procedure"}, {"channels", "channel"}})
        for (const auto& each : choices[list])
            if (each["is_chosen"] == true && !each.contains("is_unlisted"))
                out += "&" + std::string(name) + "=" + each["code"].get<std::string>();
    return out;
}

} // namespace relais::api::views
