// SPDX-License-Identifier: EUPL-1.2
#include "api/public_pages.hpp"

#include "api/pages.hpp"
#include "api/site.hpp"
#include "model/error.hpp"

#include <algorithm>

namespace relais::api {
namespace {

nlohmann::json articles(const request& request, const app& app) {
    auto out = nlohmann::json::array();
    for (const auto& article : app.templates.articles()) {
        const auto& text = article.content.at(request.language);
        out.push_back({{"slug", article.slug}, {"title", text.at("title")}, {"summary", text.at("summary")}});
    }
    return out;
}

} // namespace

asio::awaitable<reply> show_home(const request& request, app& app) {
    nlohmann::json data = {{"articles", articles(request, app)}};
    co_return public_page(request, app, "home", std::move(data));
}

asio::awaitable<reply> show_accessibility(const request& request, app& app) { co_return public_page(request, app, "accessibility"); }

asio::awaitable<reply> show_privacy(const request& request, app& app) { co_return public_page(request, app, "privacy"); }

asio::awaitable<reply> show_legal(const request& request, app& app) { co_return public_page(request, app, "legal"); }

asio::awaitable<reply> list_help(const request& request, app& app) {
    nlohmann::json data = {{"articles", articles(request, app)}};
    co_return public_page(request, app, "help", std::move(data));
}

asio::awaitable<reply> show_help(const request& request, app& app) {
    const auto& all = app.templates.articles();
    auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.slug == request.capture(0); });
    if (found == all.end()) throw model::not_found();
    co_return public_page(request, app, "help_article", found->content.at(request.language));
}

} // namespace relais::api
