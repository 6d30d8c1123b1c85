// SPDX-License-Identifier: EUPL-1.2
#include "api/content_disposition.hpp"
#include "api/figures.hpp"
#include "api/pages.hpp"
#include "api/share_text.hpp"
#include "api/site.hpp"
#include "model/csv_writer.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/figure.hpp"
#include "model/small_cell.hpp"
#include "model/weekly_share.hpp"

#include <fmt/format.h>

namespace relais::api {

namespace {

using nlohmann::json;
constexpr int published_weeks = 260;

std::string plain(const json& value) {
    return value.is_null() ? std::string{} : value.is_string() ? value.get<std::string>() : value.dump();
}

// Shares that were frozen before figures hid small parts are published with the rule of today.
bool is_hidden(const json& figure) {
    if (figure["is_hidden"] == true) return true;
    if (figure["value"].is_null() || figure["whole"].is_null()) return false;
    return model::small_cells::hides(figure["part"].get<std::int64_t>(), figure["whole"].get<std::int64_t>());
}

std::string figures_csv(const std::vector<std::string>& bodies) {
    std::string out;
    model::csv_writer csv(out);
    csv.row({"semaine", "debut", "indicateur", "valeur", "numerateur", "denominateur", "cible", "secret"});
    for (const auto& text : bodies) {
        auto body = json::parse(text);
        for (const auto& each : body["figures"]) {
            const auto* definition = model::figures::find(each["id"].get<std::string>());
            if (!definition || !definition->is_public) continue;
            auto hidden = is_hidden(each);
            auto day = date::format("%F", model::calendars::day_of("Europe/Paris", model::at_seconds(body["from_at"].get<std::int64_t>())));
            auto shown = [&](const char* name) { return hidden ? std::string{} : plain(each[name]); };
            csv.row({body["week"].get<std::string>(), day, each["id"].get<std::string>(), shown("value"), shown("part"), shown("whole"),
                     plain(each["target"]), hidden ? "1" : "0"});
        }
    }
    return out;
}

std::string dictionary_csv(const catalogue& texts, std::string_view language) {
    std::string out;
    model::csv_writer csv(out);
    csv.row({"champ", "valeur", "definition"});
    for (const char* each : {"semaine", "debut", "indicateur", "valeur", "numerateur", "denominateur", "cible", "secret"})
        csv.row({each, "", texts.say(language, std::string("open_data.field.") + each)});
    for (const auto& each : model::figures::all())
        if (each.is_public)
            csv.row({"indicateur", each.id,
                     share_text::name(each.id, texts, language) + " : " + texts.say(language, share_text::key(each.id, "formula"))});
    return out;
}

reply csv_file(std::string text, std::string_view name) {
    reply out;
    out.content_type = "text/csv; charset=utf-8", out.text = std::move(text);
    out.headers.emplace_back("Content-Disposition", attachment_disposition(name));
    return out;
}

} // namespace

asio::awaitable<reply> show_open_data(const request& request, app& app) {
    nlohmann::json data = {{"figures", nlohmann::json::array()}};
    for (const auto& each : model::figures::all())
        if (each.is_public)
            data["figures"].push_back({{"id", share_text::code(each.id)},
                                       {"t:name", share_text::key(each.id, "name")},
                                       {"t:formula", share_text::key(each.id, "formula")},
                                       {"target_shown", share_text::target(each, app.templates.texts(), request.language)}});
    co_return public_page(request, app, "open_data", std::move(data));
}

asio::awaitable<reply> get_open_data(const request& request, app& app) {
    if (request.capture(0) == "dictionnaire.csv")
        co_return csv_file(dictionary_csv(app.templates.texts(), request.language), "dictionnaire.csv");
    if (request.capture(0) != "indicateurs.csv") throw model::not_found();
    auto look = [now = request.now](soci::session& sql) { return model::weekly_shares::earlier_bodies(sql, now, published_weeks); };
    auto bodies = co_await app.database.read(std::move(look));
    co_return csv_file(figures_csv(bodies), "indicateurs.csv");
}

} // namespace relais::api
