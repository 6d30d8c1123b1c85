// SPDX-License-Identifier: EUPL-1.2
#include "api/kept_mails.hpp"

#include "api/site.hpp"
#include "api/workers.hpp"
#include "model/error.hpp"

namespace relais::api {
namespace {

// Reading files takes milliseconds: on a worker.
asio::awaitable<nlohmann::json> kept(app& app, std::string name) {
    if (!app.demonstration || !app.kept_mails) throw model::not_found();
    auto read = [&app, name = std::move(name)] { return app.kept_mails(name); };
    auto found = co_await run_on(app.workers, std::move(read));
    if (found.is_null()) throw model::not_found();
    co_return found;
}

} // namespace

asio::awaitable<reply> list_kept_mails(const request& request, app& app) {
    std::string newest_first;
    auto found = co_await kept(app, std::move(newest_first));
    nlohmann::json data = {{"has_mails", !found.empty()}, {"mails", std::move(found)}};
    co_return public_page(request, app, "kept_mails", std::move(data));
}

asio::awaitable<reply> show_kept_mail(const request& request, app& app) {
    auto name = request.capture(0);
    auto found = co_await kept(app, std::move(name));
    co_return public_page(request, app, "kept_mail", std::move(found));
}

} // namespace relais::api
