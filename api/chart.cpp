// SPDX-License-Identifier: EUPL-1.2
#include "api/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace relais::api {

namespace {

using nlohmann::json;

constexpr double left = 44, right = 8, top = 10, bottom = 26;

// 1, 2 or 5 times a power of ten, so that about four steps reach the top.
double step_for(double highest) {
    auto raw = std::max(highest, 1e-9) / 4;
    auto power = std::pow(10, std::floor(std::log10(raw)));
    for (double each : {1.0, 2.0, 5.0, 10.0})
        if (each * power >= raw) return each * power;
    return 10 * power;
}

std::string text(double value) { return value == std::floor(value) ? fmt::format("{:.0f}", value) : fmt::format("{:.1f}", value); }

struct frame {
    double width, height, highest;
    std::size_t places;
    double slot() const { return (width - left - right) / static_cast<double>(std::max<std::size_t>(places, 1)); }
    double x(std::size_t place) const { return left + slot() * static_cast<double>(place); }
    double y(double value) const { return height - bottom - (height - top - bottom) * std::clamp(value / highest, 0.0, 1.0); }
};

json at(double value) { return json(fmt::format("{:.1f}", value)); }

json bars(const chart_series& series, const frame& in, std::size_t index, std::size_t count) {
    auto out = json::array();
    auto room = in.slot() * 0.8, wide = room / static_cast<double>(count);
    for (std::size_t i = 0; i < series.values.size(); ++i) {
        if (!series.values[i]) continue;
        auto y = in.y(*series.values[i]);
        out.push_back({{"x", at(in.x(i) + in.slot() * 0.1 + wide * static_cast<double>(index))},
                       {"y", at(y)},
                       {"width", at(wide)},
                       {"height", at(in.height - bottom - y)},
                       {"name", series.name}});
    }
    return out;
}

// Straight pieces from value to value; a gap begins another.
json lines(const chart_series& series, const frame& in) {
    auto out = json::array();
    std::string points;
    auto finish = [&] {
        if (!points.empty()) out.push_back({{"points", points}, {"name", series.name}});
        points.clear();
    };
    for (std::size_t i = 0; i < series.values.size(); ++i) {
        if (!series.values[i]) {
            finish();
            continue;
        }
        points += fmt::format("{}{:.1f},{:.1f}", points.empty() ? "" : " ", in.x(i) + in.slot() / 2, in.y(*series.values[i]));
    }
    finish();
    return out;
}

double greatest(const std::vector<chart_series>& series, const chart_options& how) {
    auto out = how.target.value_or(0);
    for (const auto& each : series)
        for (const auto& value : each.values) out = std::max(out, value.value_or(0));
    return out > 0 ? out : 1;
}

} // namespace

json draw_chart(const std::vector<std::string>& labels, const std::vector<chart_series>& series, const chart_options& how) {
    auto highest = how.highest.value_or(greatest(series, how));
    auto step = step_for(highest);
    if (!how.highest) highest = std::ceil(highest / step) * step;
    frame in{static_cast<double>(how.width), static_cast<double>(how.height), highest, labels.size()};
    json out = {{"width", how.width},      {"height", how.height},  {"bars", json::array()},
                {"lines", json::array()},  {"grid", json::array()}, {"labels", json::array()},
                {"legend", json::array()}, {"left", at(left)},      {"right", at(how.width - right)}};
    for (double value = 0; value <= highest + step / 1000; value += step)
        out["grid"].push_back(
            {{"y", at(in.y(value))}, {"text_y", at(in.y(value) + 4)}, {"text_x", at(left - 6)}, {"label", text(value) + how.unit}});
    auto count = static_cast<std::size_t>(std::count_if(series.begin(), series.end(), [](const auto& each) { return !each.is_line; }));
    std::size_t index = 0;
    for (const auto& each : series) {
        out["legend"].push_back({{"name", each.name}, {"label", each.label}});
        for (auto& mark : each.is_line ? lines(each, in) : bars(each, in, index, count))
            out[each.is_line ? "lines" : "bars"].push_back(std::move(mark));
        if (!each.is_line) ++index;
    }
    for (std::size_t i = 0; i < labels.size(); i += static_cast<std::size_t>(std::max(1, how.labels_each)))
        out["labels"].push_back({{"x", at(in.x(i) + in.slot() / 2)}, {"y", at(how.height - bottom + 16)}, {"text", labels[i]}});
    if (how.target) {
        out["target"] = {{"y", at(in.y(*how.target))}, {"label", how.target_label}};
    }
    return out;
}

std::string drawn(const json& value) { return value.is_number() ? value.dump() : std::string{}; }

json source_of(const chart_source& from) {
    return {{"table", from.table}, {"columns", from.columns}, {"kind", from.kind}, {"label", from.label}, {"high", from.high}};
}

} // namespace relais::api
