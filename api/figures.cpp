// SPDX-License-Identifier: EUPL-1.2
#include "api/figures.hpp"

#include "api/chart.hpp"
#include "api/figure_choices.hpp"
#include "api/figure_view.hpp"
#include "api/pages.hpp"
#include "api/parameters.hpp"
#include "api/share_text.hpp"
#include "api/view_parts.hpp"
#include "api/view_text.hpp"
#include "api/views.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/figure.hpp"
#include "model/figure_fact.hpp"
#include "model/sql.hpp"
#include "model/team.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace relais::api {

namespace {

using nlohmann::json;
namespace figures = model::figures;

constexpr int usual_days = 28;
constexpr std::size_t periods_limit = 120;
constexpr auto units = std::to_array<std::string_view>({"day", "week", "month"});
constexpr auto dimensions = std::to_array<std::pair<std::string_view, figures::dimension>>({{"team", figures::dimension::team},
                                                                                            {"department", figures::dimension::department},
                                                                                            {"centre", figures::dimension::centre},
                                                                                            {"procedure", figures::dimension::procedure},
                                                                                            {"channel", figures::dimension::channel}});
// What a table by period or dimension shows: one column each.
constexpr auto columns = std::to_array<std::string_view>(
    {"K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8", "K9", "K10", "K11", "K12", "K13", "K14", "K15", "K16", "K17", "K18", "K19", "K20"});

struct asked {
    std::string from, to, by = "week"; // days, both included
    model::time_span span;
    model::figure_filter whose;
};

asked read(const request& request) {
    asked out;
    auto given = [&](const char* name, std::string otherwise) {
        auto text = request.parameter(name);
        return text.empty() ? otherwise : std::string(text);
    };
    out.to = given("to", view_text::local_day(request.now));
    out.from = given("from", view_text::local_day(request.now - std::chrono::hours(24) * (usual_days - 1)));
    out.by = given("by", "week");
    out.span = {views::start_of_day(out.from, "from"), views::start_of_day(out.to, "to")};
    out.span.to = model::calendars::instant(view_text::paris,
                                            date::local_seconds(model::calendars::day_of(view_text::paris, out.span.to) + date::days(1)));
    if (out.span.from >= out.span.to) throw model::invalid({{"from", "out_of_range", "fault.parameter.malformed"}});
    auto is_unit = std::find(units.begin(), units.end(), out.by) != units.end();
    auto is_dimension = std::any_of(dimensions.begin(), dimensions.end(), [&](const auto& each) { return each.first == out.by; });
    if (!is_unit && !is_dimension) throw model::invalid({{"by", "unknown", "fault.parameter.unknown"}});
    if (is_unit && figures::periods(out.span, out.by, periods_limit + 1).size() > periods_limit)
        throw model::invalid({{"from", "out_of_range", "fault.parameter.too_many_rows", std::to_string(periods_limit)}});
    out.whose = views::asked_filter(request);
    return out;
}

struct measured_row {
    std::string key, label;
    model::figure_measures measures;
};
struct found {
    model::figure_measures whole;
    std::vector<measured_row> rows;
    std::vector<model::team> teams;
    std::optional<std::chrono::sys_seconds> counted_until;
};

found measure(soci::session& sql, const asked& wanted, std::chrono::sys_seconds now) {
    found out;
    out.counted_until = model::figure_facts::counted_until(sql);
    out.teams = model::teams::all(sql);
    out.whole = figures::measure(sql, wanted.span, wanted.whose, now);
    for (const auto& [name, by] : dimensions) {
        if (name != wanted.by) continue;
        for (auto& [key, measures] : figures::measure_by(sql, wanted.span, by, wanted.whose, now)) {
            auto label =
                name == "team"
                    ? model::sql::first<std::string>(sql, "SELECT name FROM team WHERE CAST(id AS CHAR(20)) = :id", key).value_or("")
                    : std::string{};
            out.rows.push_back({key, label, std::move(measures)});
        }
        return out;
    }
    for (auto& each : figures::periods(wanted.span, wanted.by, periods_limit)) {
        model::time_span cut{std::max(each.span.from, wanted.span.from), std::min(each.span.to, wanted.span.to)};
        out.rows.push_back({each.key, "", figures::measure(sql, cut, wanted.whose, now)});
    }
    return out;
}

// Whether a figure has a meaning for the filters and, in a row, for what the rows are of.
bool is_told(const model::figure_definition& of, const asked& wanted, bool is_in_row) {
    using enum figures::dimension;
    const auto& whose = wanted.whose;
    auto is_asked = [&](const auto& each) {
        auto by = each.second;
        auto is_filter = (by == team && whose.team) || (by == department && !whose.department.empty()) ||
                         (by == procedure && !whose.procedure.empty()) || (by == channel && !whose.channel.empty());
        return is_filter || (is_in_row && each.first == wanted.by);
    };
    return std::all_of(dimensions.begin(), dimensions.end(),
                       [&](const auto& each) { return !is_asked(each) || figures::is_told_by(of, each.second); });
}

json all_figures(const model::figure_measures& measured, const asked& wanted, bool is_in_row, const lens& through) {
    auto out = json::array();
    for (const auto& each : figures::all()) out.push_back(views::figure(each, measured, through, is_told(each, wanted, is_in_row)));
    return out;
}

// Why some figures have no value for what was asked: each reason once, with its figures.
json untold(const asked& wanted) {
    std::map<std::string, std::string> codes;
    for (auto id : columns) {
        const auto& of = *figures::find(id);
        if (is_told(of, wanted, true)) continue;
        auto& list = codes[std::string(figures::name_of(figures::scope_of(of)))];
        list += (list.empty() ? "" : ", ") + std::string(id);
    }
    auto out = json::array();
    for (const auto& [name, list] : codes) out.push_back({{"codes", list}, {"t:reason", "figures.scope." + name}});
    return out;
}

std::int64_t received(const model::figure_measures& of) {
    auto known = of.find("received");
    return known == of.end() ? 0 : known->second;
}

void add_rows(json& data, const found& what, const asked& wanted, const lens& through) {
    data["rows"] = json::array();
    for (const auto& each : what.rows) {
        json row = {{"key", each.key}, {"received", received(each.measures)}};
        if (!each.label.empty()) row["label"] = each.label;
        if (!through.for_people) {
            row["figures"] = all_figures(each.measures, wanted, true, through);
            data["rows"].push_back(std::move(row));
            continue;
        }
        if (wanted.by == "procedure" || wanted.by == "department" || wanted.by == "channel")
            views::add_code(row, through, "name", wanted.by == "channel" ? "channel_name" : wanted.by, each.key);
        if (wanted.by == "team" && each.label.empty()) row["t:label"] = "figures.no_team";
        if (wanted.by == "centre" && each.key.empty()) row["t:label"] = "figures.no_centre";
        row["received_drawn"] = drawn(row["received"]);
        row["received_shown"] = share_text::number(received(each.measures), through.language);
        row["values"] = json::array();
        for (auto id : columns) {
            const auto& of = *figures::find(id);
            row["values"].push_back(views::figure(of, each.measures, through, is_told(of, wanted, true)));
            row["values"].back()["drawn"] = drawn(row["values"].back()["value"]);
        }
        data["rows"].push_back(std::move(row));
    }
}

void add_drawings(json& data, const found& what, const lens& through) {
    std::vector<std::string> labels;
    auto say = [&](std::string_view id) { return std::string(id) + " " + share_text::name(id, *through.texts, through.language); };
    chart_series volume{"offered", through.texts->say(through.language, "share.received", json::object()), {}};
    std::vector<chart_series> rates = {{"answered", say("K1"), {}, true}, {"fast", say("K5"), {}, true}, {"lost", say("K7"), {}, true}};
    constexpr auto ids = std::to_array<std::string_view>({"K1", "K5", "K7"});
    for (const auto& each : what.rows) {
        labels.push_back(each.key.size() > 5 ? each.key.substr(5) : each.key);
        volume.values.push_back(static_cast<double>(received(each.measures)));
        for (std::size_t i = 0; i < ids.size(); ++i) rates[i].values.push_back(figures::value(*figures::find(ids[i]), each.measures));
    }
    chart_options how;
    how.labels_each = labels.size() > 16 ? static_cast<int>(labels.size() / 12) : 1;
    data["volume"] = draw_chart(labels, {volume}, how);
    how.highest = 100, how.unit = " %";
    data["rates"] = draw_chart(labels, rates, how);
    data["volume"]["from"] = source_of({"figure-rows", "1"});
    data["rates"]["from"] = source_of({"figure-rows", "2 6 8", "line", "0", "100"}); // K1, K5, K7 among the columns
}

json choices(const std::string& chosen) {
    auto out = json::array();
    auto add = [&](std::string_view code) {
        out.push_back({{"code", code}, {"t:label", "figures.by." + std::string(code)}, {"is_chosen", code == chosen}});
    };
    for (auto each : units) add(each);
    for (const auto& [name, by] : dimensions) add(name);
    return out;
}

} // namespace

asio::awaitable<reply> show_figures(const request& request, app& app) {
    auto wanted = read(request);
    auto look = [wanted, now = request.now](soci::session& sql) { return measure(sql, wanted, now); };
    auto what = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    nlohmann::json data = {
        {"from", wanted.from}, {"to", wanted.to}, {"by", wanted.by}, {"figures", all_figures(what.whole, wanted, false, through)}};
    views::add_moment(data, through, "counted_until", what.counted_until);
    add_rows(data, what, wanted, through);
    if (!through.for_people) co_return api::json(std::move(data));
    data["heads"] = json::array();
    for (auto id : columns) data["heads"].push_back({{"id", id}, {"t:name", share_text::key(id, "name")}});
    data["choices"] = choices(wanted.by), data["here_figures"] = true;
    auto filters = views::figure_choices(wanted.whose, what.teams);
    data["live_query"] = views::figure_query(filters);
    if (!data["live_query"].get_ref<std::string&>().empty()) data["live_query"].get_ref<std::string&>().front() = '?';
    data.update(filters);
    data["untold"] = untold(wanted), data["has_untold"] = !data["untold"].empty();
    auto is_period = std::find(units.begin(), units.end(), wanted.by) != units.end();
    if (is_period) add_drawings(data, what, through);
    data["is_period"] = is_period, data["has_rows"] = !what.rows.empty();
    data["t:by_title"] = "figures.by." + wanted.by;
    co_return page("console/figures", std::move(data));
}

} // namespace relais::api
