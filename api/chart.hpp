// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace relais::api {

// A drawing of numbers as the data of templates/parts/chart.html: plain SVG, without script or style of its own. The table beneath it says
// the same to those who do not see it. Source: docs/decisions/0103-charts-from-the-table.md
struct chart_series {
    std::string name;                          // class of its marks: "relais-chart__<name>"
    std::string label;                         // in the legend
    std::vector<std::optional<double>> values; // nothing: a gap
    bool is_line = false;                      // otherwise bars
};

struct chart_options {
    int width = 960, height = 240; // of the drawing, in its own units
    std::optional<double> target;  // a line across
    std::string target_label;
    std::optional<double> highest; // of the scale; the greatest value otherwise
    int labels_each = 1;           // one label in so many
    std::string unit;              // after the numbers of the scale: " %"
};

// labels: under each place; as many as each series has values.
nlohmann::json draw_chart(const std::vector<std::string>& labels, const std::vector<chart_series>& series, const chart_options& how = {});

// A number as the browser's drawing reads it in its cell (data-value), in no language; empty: a gap.
std::string drawn(const nlohmann::json& value);

// Where the browser finds the same numbers (templates/assets/charts.js): the id of a table, its columns to draw and the one of the labels,
// from 0. As the member "from" of a drawing.
struct chart_source {
    std::string table, columns, kind = "bar", label = "0", high = {}; // kind: bar or line; high: of the scale
};
nlohmann::json source_of(const chart_source& from);

} // namespace relais::api
