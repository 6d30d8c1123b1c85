// SPDX-License-Identifier: EUPL-1.2
#include "api/share_drawing.hpp"

#include "api/chart.hpp"
#include "api/department_map.hpp"
#include "api/share_text.hpp"
#include "api/view_text.hpp"

#include <array>

namespace relais::api::share_drawing {

namespace {

using json = nlohmann::json;
constexpr auto curved = std::to_array<std::string_view>({"K1", "K5", "K7", "K10"});

std::optional<double> figure_value(const json& body, std::string_view id) {
    for (const auto& each : body["figures"])
        if (each["id"] == id) return each["value"].is_null() ? std::nullopt : std::optional(each["value"].get<double>());
    return std::nullopt;
}

} // namespace

json stretches(const json& counts, const lens& through) {
    std::vector<std::string> labels;
    chart_series tickets{"answered", through.texts->say(through.language, "share.tickets", json::object()), {}};
    for (const auto& each : counts["stretches"]) {
        labels.push_back(view_text::short_moment(model::at_seconds(each["until_at"].get<std::int64_t>() - 1)).substr(0, 5));
        tickets.values.push_back(each["tickets"].get<double>());
    }
    chart_options how;
    how.width = 420, how.height = 150;
    return draw_chart(labels, {tickets}, how);
}

const json* mapped_stretch(const json& counts) {
    if (counts["departments"].empty() && counts["rest"]["departments"] == 0) return nullptr;
    const json* out = nullptr;
    for (const auto& each : counts["stretches"])
        if (each["tickets"] > 0) out = &each;
    return out;
}

json map(const json& counts, const lens& through) {
    std::map<std::string, std::int64_t, std::less<>> tickets;
    for (const auto& each : counts["departments"]) tickets[each["code"].get<std::string>()] = each["tickets"].get<std::int64_t>();
    auto out = department_map::of(tickets, share_text::count({}, *through.texts, through.language));
    std::erase_if(out["overseas"].get_ref<json::array_t&>(), [](const json& each) { return each["tickets"] == 0; });
    return out;
}

json curves(const json& body, const std::vector<std::string>& earlier, const lens& through) {
    std::vector<json> all;
    for (auto each = earlier.rbegin(); each != earlier.rend(); ++each) all.push_back(json::parse(*each));
    all.push_back(body);
    std::vector<std::string> labels;
    chart_series received{"answered", through.texts->say(through.language, "share.received", json::object()), {}};
    std::vector<chart_series> rates;
    constexpr auto styles = std::to_array<const char*>({"answered", "fast", "lost", "k10"});
    for (std::size_t i = 0; i < curved.size(); ++i)
        rates.push_back(
            {styles[i], std::string(curved[i]) + " " + share_text::name(curved[i], *through.texts, through.language), {}, true});
    json out = {{"rows", json::array()}, {"heads", json::array()}};
    for (const auto& each : all) {
        labels.push_back(each["week"].get<std::string>().substr(5));
        const auto& tickets = each["volumes"]["received"];
        received.values.push_back(tickets.is_null() ? std::nullopt : std::optional(tickets.get<double>()));
        json row = {{"week", each["week"]},
                    {"received", share_text::count(tickets, *through.texts, through.language)},
                    {"received_drawn", drawn(tickets)},
                    {"values", json::array()}};
        for (std::size_t i = 0; i < curved.size(); ++i) {
            auto value = figure_value(each, curved[i]);
            rates[i].values.push_back(value);
            row["values"].push_back({{"shown", share_text::value(*model::figures::find(curved[i]), value, through.language)},
                                     {"drawn", drawn(value ? json(*value) : json())}});
        }
        out["rows"].push_back(std::move(row));
    }
    for (const auto& each : rates) out["heads"].push_back({{"label", each.label}});
    chart_options of_rates;
    of_rates.highest = 100, of_rates.unit = " %";
    out["received"] = draw_chart(labels, {received}), out["rates"] = draw_chart(labels, rates, of_rates);
    out["received"]["from"] = source_of({"share-weeks", "1"});
    out["rates"]["from"] = source_of({"share-weeks", "2 3 4 5", "line", "0", "100"});
    return out;
}

} // namespace relais::api::share_drawing
