// SPDX-License-Identifier: EUPL-1.2
#include "model/share_figure.hpp"

#include "model/figure_people.hpp"

#include <cmath>
#include <span>

namespace relais::model::share_figures {

namespace {

using json = nlohmann::json;

json figure(const figure_definition& of, const figure_measures& measured, const told_counts& counts) {
    json out = {{"id", of.id}, {"value", nullptr}, {"part", nullptr}, {"whole", nullptr}, {"is_met", nullptr}, {"is_hidden", false}};
    out["target"] = of.target ? json(*of.target) : json();
    auto value = figures::value(of, measured);
    if (!value) return out;
    if (of.counts_people && (counts.holds(of.part) || counts.holds(of.whole))) {
        out["is_hidden"] = true;
        return out;
    }
    out["value"] = std::round(*value * 100) / 100, out["part"] = figures::part(of, measured);
    if (!of.whole.empty()) out["whole"] = figures::whole(of, measured);
    if (auto met = figures::is_met(of, value)) out["is_met"] = *met;
    return out;
}

} // namespace

told_counts counts_of(soci::session& sql, const time_span& week, const figure_measures& measured) {
    return told_counts(measured, [&](std::string_view measure, std::span<const std::string_view> but_not) {
        return figure_people::are_few(sql, week, measure, but_not);
    });
}

json tell(const figure_measures& measured, const told_counts& counts) {
    auto out = json::array();
    for (const auto& each : figures::all()) out.push_back(figure(each, measured, counts));
    return out;
}

} // namespace relais::model::share_figures
