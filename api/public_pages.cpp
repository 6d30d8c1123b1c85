// SPDX-License-Identifier: EUPL-1.2
#include "api/public_pages.hpp"

#include "api/incident_view.hpp"
#include "api/pages.hpp"
#include "api/settings.hpp"
#include "api/site.hpp"
#include "model/callback_rate.hpp"
#include "model/callback_rules.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace relais::api {
namespace {

constexpr std::size_t shortest_word = 3; // "un", "de", "la" are in every article
constexpr std::size_t query_limit = 200;

nlohmann::json articles(const request& request, const app& app) {
    auto out = nlohmann::json::array();
    for (const auto& article : app.templates.articles()) {
        const auto& text = article.content.at(request.language);
        out.push_back({{"slug", article.slug}, {"title", text.at("title")}, {"summary", text.at("summary")}});
    }
    return out;
}

// The words worth looking for, folded, without their last letter: "permis" and "demandes" also find "demande".
std::vector<std::string> words_of(std::string_view typed) {
    std::vector<std::string> out;
    std::istringstream words(model::text::fold(typed.substr(0, query_limit)));
    for (std::string word; words >> word;)
        if (word.size() >= shortest_word) out.push_back(word.size() > 4 ? word.substr(0, word.size() - 1) : word);
    return out;
}

// Everything an article says, names of its members left out.
void gather(const nlohmann::json& said, std::string& into) {
    if (said.is_string()) into.append(said.get_ref<const std::string&>()).append(" ");
    if (said.is_structured())
        for (const auto& each : said) gather(each, into);
}

// The articles that hold the words, those that hold most of them first. A handful of articles: reading them all costs nothing.
nlohmann::json search_articles(const request& request, const app& app, std::string_view typed) {
    auto words = words_of(typed);
    std::vector<std::pair<std::ptrdiff_t, nlohmann::json>> found;
    for (const auto& article : app.templates.articles()) {
        const auto& content = article.content.at(request.language);
        std::string said;
        gather(content, said);
        auto folded = model::text::fold(said);
        auto has = [&folded](const std::string& word) { return folded.find(word) != std::string::npos; };
        auto score = std::count_if(words.begin(), words.end(), has);
        nlohmann::json shown = {{"slug", article.slug}, {"title", content.at("title")}, {"summary", content.at("summary")}};
        if (score > 0) found.emplace_back(score, std::move(shown));
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    auto out = nlohmann::json::array();
    for (auto& [score, article] : found) out.push_back(std::move(article));
    return out;
}

// K12 for everybody, once there is something to say.
nlohmann::json rate_part(const model::callback_rate& rate) {
    if (!rate.kept_percent()) return nullptr;
    return {{"percent", *rate.kept_percent()},
            {"reached", rate.reached_in_slot},
            {"promised", rate.promised},
            {"days", model::callback_rates::public_days}};
}

} // namespace

asio::awaitable<reply> show_home(const request& request, app& app) {
    constexpr int known_limit = 5;
    auto look = [](soci::session& sql) { return model::incidents::published(sql, known_limit); };
    auto known = co_await app.database.read(std::move(look));
    nlohmann::json data = {{"articles", articles(request, app)}, {"known", nlohmann::json::array()}, {"has_known", !known.empty()}};
    auto through = lens_of(request, app);
    through.sees = {};
    for (const auto& each : known) data["known"].push_back(views::public_incident(each, through));
    if (app.config.callback->is_rate_public) {
        auto rate = co_await app.database.read(model::callback_rates::published);
        data["callback_rate"] = rate ? rate_part(*rate) : nlohmann::json(nullptr);
    }
    co_return public_page(request, app, "home", std::move(data));
}

asio::awaitable<reply> show_accessibility(const request& request, app& app) { co_return public_page(request, app, "accessibility"); }

asio::awaitable<reply> show_privacy(const request& request, app& app) { co_return public_page(request, app, "privacy"); }

asio::awaitable<reply> show_legal(const request& request, app& app) { co_return public_page(request, app, "legal"); }

asio::awaitable<reply> list_help(const request& request, app& app) {
    auto typed = request.parameter("q");
    auto found = typed.empty() ? articles(request, app) : search_articles(request, app, typed);
    nlohmann::json data = {{"articles", found}, {"q", typed}, {"count", found.size()}, {"is_empty", found.empty()}};
    co_return public_page(request, app, "help", std::move(data));
}

asio::awaitable<reply> show_help(const request& request, app& app) {
    const auto& all = app.templates.articles();
    auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.slug == request.capture(0); });
    if (found == all.end()) throw model::not_found();
    co_return public_page(request, app, "help_article", found->content.at(request.language));
}

} // namespace relais::api
