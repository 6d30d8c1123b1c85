// SPDX-License-Identifier: EUPL-1.2
#include "api/contact_page.hpp"
#include "api/content_disposition.hpp"
#include "api/figures.hpp"
#include "api/limits.hpp"
#include "api/pages.hpp"
#include "api/settings.hpp"
#include "api/share_text.hpp"
#include "api/site.hpp"
#include "api/workers.hpp"
#include "model/calendar_week.hpp"
#include "model/csv_writer.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/figure.hpp"
#include "model/small_cell.hpp"
#include "model/weekly_share.hpp"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <mutex>

namespace relais::api {

namespace {

using nlohmann::json;
constexpr int published_weeks = 260;
constexpr allowance files = {60, 600, 60};

std::string plain(const json& value) {
    return value.is_null() ? std::string{} : value.is_string() ? value.get<std::string>() : value.dump();
}

constexpr auto fields =
    std::to_array<const char*>({"semaine", "debut", "indicateur", "valeur", "numerateur", "denominateur", "cible", "secret", "partage"});

// Shares that were frozen before figures hid small parts are published with the rule of today.
bool is_hidden(const json& figure) {
    if (figure.value("is_hidden", false)) return true;
    if (figure["value"].is_null() || figure["whole"].is_null()) return false;
    return model::small_cells::hides(figure["part"].get<std::int64_t>(), figure["whole"].get<std::int64_t>());
}

// The public figures of each week as its share froze them, and as later shares corrected them: a line each, with the share that says so.
class figure_lines {
public:
    figure_lines() : csv_(text_) { csv_.row(std::vector<std::string>(fields.begin(), fields.end())); }

    void add(const json& body) {
        for (const auto& each : body["figures"]) add(body, body["week"], each["id"], each);
        for (const auto& each : body.value("corrections", json::array())) add(body, each["week"], each["id"], each["is"]);
    }
    std::string text() { return std::move(text_); }

private:
    void add(const json& body, const std::string& week, const std::string& id, const json& known) {
        const auto* definition = model::figures::find(id);
        if (!definition || !definition->is_public) return;
        auto hidden = is_hidden(known);
        auto shown = [&](const char* name) { return hidden ? std::string{} : plain(known[name]); };
        auto day = date::format("%F", model::calendar_weeks::monday(*model::calendar_weeks::parse(week)));
        csv_.row({week, day, id, shown("value"), shown("part"), shown("whole"), target(body, id), hidden ? "1" : "0",
                  body["week"].get<std::string>()});
    }
    static std::string target(const json& body, const std::string& id) {
        for (const auto& each : body["figures"])
            if (each["id"] == id) return plain(each["target"]);
        return {};
    }

    std::string text_;
    model::csv_writer csv_;
};

std::string figures_csv(const std::vector<std::string>& bodies) {
    figure_lines out;
    for (const auto& each : bodies) out.add(json::parse(each));
    return out.text();
}

// The last file that was made, with the hashes of the shares it was made of: the same shares are the same file, on whatever thread.
class kept_file {
public:
    std::shared_ptr<const std::string> find(const std::vector<std::string>& shares) const {
        std::lock_guard lock(mutex_);
        return shares == shares_ ? text_ : nullptr;
    }
    std::shared_ptr<const std::string> keep(std::vector<std::string> shares, std::string text) {
        auto made = std::make_shared<const std::string>(std::move(text));
        std::lock_guard lock(mutex_);
        shares_ = std::move(shares), text_ = made;
        return made;
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> shares_;
    std::shared_ptr<const std::string> text_;
};
kept_file& kept() {
    static kept_file out;
    return out;
}

std::string dictionary_csv(const catalogue& texts, std::string_view language) {
    std::string out;
    model::csv_writer csv(out);
    csv.row({"champ", "valeur", "definition"});
    for (const auto* each : fields) csv.row({each, "", texts.say(language, std::string("open_data.field.") + each)});
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
    if (app.config.limits_enabled)
        if (auto wait = app.rates.take("open_data:" + limited_address(request.remote_address), files); wait > 0)
            co_return contact_pages::too_many(request, wait);
    auto look = [now = request.now](soci::session& sql) { return model::weekly_shares::hashes(sql, now, published_weeks); };
    auto made_of = co_await app.database.read(std::move(look));
    auto text = kept().find(made_of);
    if (!text) {
        auto read = [now = request.now](soci::session& sql) { return model::weekly_shares::earlier_bodies(sql, now, published_weeks); };
        auto bodies = co_await app.database.read(std::move(read));
        auto make = [&bodies] { return figures_csv(bodies); };
        auto made = co_await run_on(app.workers, std::move(make));
        text = kept().keep(std::move(made_of), std::move(made));
    }
    co_return csv_file(*text, "indicateurs.csv");
}

} // namespace relais::api
