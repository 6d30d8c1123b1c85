// SPDX-License-Identifier: EUPL-1.2
#include "api/callbacks.hpp"
#include "model/callback_rate.hpp"
#include "model/database.hpp"

namespace relais::api {
namespace {

constexpr int weeks_shown = 10;
// The drawing, in the units of its viewBox: a column a week, percent upwards from the ground.
constexpr std::int64_t column = 60, bar = 36, ground = 200, scale = 180, margin = 40;

std::int64_t height_of(std::int64_t percent) { return percent * scale / 100; }

nlohmann::json week_of(const model::callback_rates::week& of, std::size_t at) {
    auto percent = of.rate.kept_percent();
    auto x = margin + static_cast<std::int64_t>(at) * column + (column - bar) / 2;
    auto called = of.rate.promised == 0 ? 0 : of.rate.called_in_slot * 100 / of.rate.promised;
    return {{"week", of.name},
            {"short", of.name.substr(5)},
            {"promised", of.rate.promised},
            {"called_in_slot", of.rate.called_in_slot},
            {"reached_in_slot", of.rate.reached_in_slot},
            {"reached", of.rate.reached},
            {"percent", percent ? nlohmann::json(*percent) : nlohmann::json(nullptr)},
            {"x", x},
            {"y", ground - height_of(percent.value_or(0))},
            {"height", height_of(percent.value_or(0))},
            {"called_y", ground - height_of(called)},
            {"called_height", height_of(called)},
            {"middle", x + bar / 2},
            {"label_y", ground - height_of(percent.value_or(0)) + 18}};
}

} // namespace

asio::awaitable<reply> show_callback_figures(const request& request, app& app) {
    auto visit = [now = request.now](soci::session& sql) { return model::callback_rates::weekly(sql, weeks_shown, now); };
    auto weeks = co_await app.database.read(std::move(visit));
    nlohmann::json data = {{"weeks", nlohmann::json::array()},
                           {"target", model::callback_rates::target_percent},
                           {"target_y", ground - height_of(model::callback_rates::target_percent)},
                           {"bar", bar},
                           {"ground", ground},
                           {"width", margin + weeks_shown * column + 10},
                           {"here_callbacks", true}};
    for (std::size_t i = 0; i < weeks.size(); ++i) data["weeks"].push_back(week_of(weeks[i], i));
    co_return page("console/callback_figures", std::move(data));
}

} // namespace relais::api
