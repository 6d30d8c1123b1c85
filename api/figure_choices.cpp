// SPDX-License-Identifier: EUPL-1.2
#include "api/figure_choices.hpp"

#include "api/parameters.hpp"
#include "model/department.hpp"
#include "model/error.hpp"
#include "model/procedure.hpp"

#include <algorithm>
#include <array>

namespace relais::api::views {

namespace {

using nlohmann::json;

constexpr auto channels = std::to_array<std::string_view>(
    {"web_form", "phone", "callback", "email", "letter", "driving_school", "france_services", "prefecture"});

bool is_channel(std::string_view code) { return std::find(channels.begin(), channels.end(), code) != channels.end(); }

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
    auto is_chosen = [](const json& each) { return each["is_chosen"] == true; };
    auto& listed = out["teams"];
    auto team = whose.team ? std::to_string(*whose.team) : std::string();
    if (!team.empty() && std::none_of(listed.begin(), listed.end(), is_chosen))
        listed.push_back({{"code", team}, {"label", team}, {"is_chosen", true}, {"is_unlisted", true}});
    return out;
}

model::figure_filter asked_filter(const request& request) {
    model::figure_filter out;
    std::vector<model::field_fault> faults;
    auto choice = [&](const char* name, auto is_known) {
        std::string text(request.parameter(name));
        if (!text.empty() && !is_known(text)) faults.push_back({name, "unknown", "fault.parameter.unknown"});
        return text;
    };
    out.department = choice("department", [](const auto& code) { return model::departments::find(code) != nullptr; });
    out.procedure = choice("procedure", [](const auto& code) { return model::procedures::is_known(code); });
    out.channel = choice("channel", is_channel);
    choice("team", [&](const auto& text) { return (out.team = parameters::number_of(text)).has_value(); });
    if (!faults.empty()) throw model::invalid(std::move(faults));
    return out;
}

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
