// SPDX-License-Identifier: EUPL-1.2
#include "api/call_figures.hpp"

#include "api/call_view.hpp"
#include "api/chart.hpp"
#include "api/pages.hpp"
#include "api/time_text.hpp"
#include "api/view_text.hpp"
#include "model/call_figures.hpp"
#include "model/database.hpp"
#include "model/error.hpp"

#include <date/date.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace relais::api {

namespace {

using nlohmann::json;

constexpr int usual_days = 14, drawn_days = 92; // beyond, weeks are drawn

struct period {
    std::string from, to; // days, both included
    std::chrono::sys_seconds begin, end;
};

period period_in(const request& request) {
    period out;
    auto today = view_text::local_day(request.now);
    out.to = request.parameter("to").empty() ? today : std::string(request.parameter("to"));
    auto last = time_text::parse(out.to);
    if (!last) throw model::invalid({{"to", "malformed", "fault.parameter.malformed"}});
    out.end = *last + std::chrono::hours(24);
    auto first = request.parameter("from").empty() ? std::optional(out.end - std::chrono::hours(24) * usual_days)
                                                   : time_text::parse(request.parameter("from"));
    if (!first || *first >= out.end) throw model::invalid({{"from", "malformed", "fault.parameter.malformed"}});
    out.begin = std::max(*first, out.end - std::chrono::hours(24) * model::call_stats::longest_days);
    out.from = view_text::rfc3339(out.begin).substr(0, 10);
    return out;
}

json percent(std::optional<double> share) { return share ? json(std::round(*share * 1000) / 10) : json(nullptr); }

std::string shown(const std::string& language, std::optional<double> share) {
    if (!share) return "-";
    auto out = fmt::format("{:.1f}", *share * 100);
    if (language == "fr") std::replace(out.begin(), out.end(), '.', ',');
    return out + " %";
}

json figure(const model::call_figure& of, const lens& through) {
    json out = {{"key", of.key},
                {"label", of.label},
                {"offered", of.offered},
                {"answered", of.answered},
                {"lost", of.lost},
                {"brief", of.brief},
                {"fast", of.fast},
                {"k1", percent(of.answer_rate())},
                {"k2", percent(of.loss_rate())},
                {"k3", percent(of.fast_rate())}};
    for (const auto& [name, share] : {std::pair{"p50_s", 0.5}, {"p90_s", 0.9}}) {
        auto wait = of.wait_at(share);
        out[name] = wait ? json(*wait) : json(nullptr);
        if (through.for_people) out[std::string(name) + "_shown"] = wait ? views::seconds_text(*wait) : "-";
    }
    auto talk = of.mean_talk_s();
    out["talk_s"] = talk ? json(*talk) : json(nullptr);
    if (!through.for_people) return out;
    out["talk_shown"] = talk ? views::seconds_text(*talk) : "-";
    out["k1_shown"] = shown(through.language, of.answer_rate());
    out["k2_shown"] = shown(through.language, of.loss_rate());
    out["k3_shown"] = shown(through.language, of.fast_rate());
    auto below = [](std::optional<double> share, std::int64_t limit) { return share && *share * 100 < static_cast<double>(limit); };
    out["k1_missed"] = below(of.answer_rate(), model::call_stats::answer_target);
    out["k2_missed"] = of.loss_rate() && !below(of.loss_rate(), model::call_stats::loss_limit);
    out["k3_missed"] = below(of.fast_rate(), model::call_stats::fast_target);
    return out;
}

json figures(const std::vector<model::call_figure>& all, const lens& through) {
    auto out = json::array();
    for (const auto& each : all) out.push_back(figure(each, through));
    return out;
}

// "2026-11-23" as "23/11", "09" as "9 h".
std::string label_of(const std::string& key) {
    if (key.size() == 2) return std::to_string(std::stoi(key)) + " h";
    if (key.size() != 10) return key;
    return key.substr(8, 2) + "/" + key.substr(5, 2);
}

// as_lines: places follow each other in time; teams do not, and are bars.
json draw_rates(const std::vector<model::call_figure>& all, const lens& through, bool as_lines = true) {
    std::vector<std::string> labels;
    auto say = [&](const char* key) { return through.texts->say(through.language, key, json::object()); };
    chart_series answered{"answered", say("calls.k1"), {}, as_lines}, lost{"lost", say("calls.k2"), {}, as_lines},
        fast{"fast", say("calls.k3"), {}, as_lines};
    auto value = [](std::optional<double> share) { return share ? std::optional(*share * 100) : std::nullopt; };
    for (const auto& each : all) {
        labels.push_back(as_lines ? label_of(each.key) : each.label.empty() ? say("calls.no_team") : each.label);
        answered.values.push_back(value(each.answer_rate())), lost.values.push_back(value(each.loss_rate()));
        fast.values.push_back(value(each.fast_rate()));
    }
    chart_options how;
    how.highest = 100, how.unit = " %", how.target = model::call_stats::answer_target;
    how.target_label = say("calls.k1_target");
    how.labels_each = labels.size() > 16 ? static_cast<int>(labels.size() / 12) : 1;
    return draw_chart(labels, {answered, fast, lost}, how);
}

json draw_volume(const std::vector<model::call_figure>& all, const lens& through) {
    std::vector<std::string> labels;
    auto say = [&](const char* key) { return through.texts->say(through.language, key, json::object()); };
    chart_series offered{"offered", say("calls.offered"), {}}, answered{"answered", say("calls.answered"), {}};
    for (const auto& each : all) {
        labels.push_back(label_of(each.key));
        offered.values.push_back(static_cast<double>(each.offered)), answered.values.push_back(static_cast<double>(each.answered));
    }
    chart_options how;
    how.labels_each = labels.size() > 16 ? static_cast<int>(labels.size() / 12) : 1;
    return draw_chart(labels, {offered, answered}, how);
}

// The same by week: the key is its Monday.
std::vector<model::call_figure> weeks_of(const std::vector<model::call_figure>& days) {
    std::vector<model::call_figure> out;
    for (const auto& each : days) {
        date::local_days day;
        std::istringstream(each.key) >> date::parse("%F", day);
        auto monday = date::format("%F", day - (date::weekday(day) - date::Monday));
        if (out.empty() || out.back().key != monday) out.emplace_back().key = monday;
        out.back().add(each);
    }
    return out;
}

} // namespace

asio::awaitable<reply> show_call_figures(const request& request, app& app) {
    auto over = period_in(request);
    auto look = [over](soci::session& sql) { return model::call_stats::between(sql, over.begin, over.end); };
    auto found = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    nlohmann::json data = {{"from", over.from},
                           {"to", over.to},
                           {"whole", figure(found.whole, through)},
                           {"by_day", figures(found.by_day, through)},
                           {"by_hour", figures(found.by_hour, through)},
                           {"by_team", figures(found.by_team, through)}};
    if (request.wants_json()) co_return api::json(std::move(data));
    auto is_long = over.end - over.begin > std::chrono::hours(24) * drawn_days;
    auto drawn = is_long ? weeks_of(found.by_day) : found.by_day;
    data["by_day"] = figures(drawn, through);
    data["t:days_heading"] = is_long ? "calls.by_week" : "calls.by_day", data["t:day_column"] = is_long ? "calls.week" : "calls.day";
    for (auto& each : data["by_day"]) each["shown"] = view_text::day(*through.texts, through.language, each["key"].get<std::string>());
    for (auto& each : data["by_hour"]) each["shown"] = label_of(each["key"]);
    for (auto& each : data["by_team"])
        if (each["label"].get<std::string>().empty()) each["t:label"] = "calls.no_team";
    data["has_calls"] = found.whole.offered > 0, data["here_calls"] = true;
    data["day_rates"] = draw_rates(drawn, through), data["hour_rates"] = draw_rates(found.by_hour, through);
    data["team_rates"] = draw_rates(found.by_team, through, false);
    data["day_volume"] = draw_volume(drawn, through), data["hour_volume"] = draw_volume(found.by_hour, through);
    co_return page("console/call_figures", std::move(data));
}

} // namespace relais::api
