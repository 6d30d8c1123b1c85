// SPDX-License-Identifier: EUPL-1.2
#include "api/demo_codes.hpp"

#include "api/site.hpp"
#include "model/error.hpp"
#include "model/totp.hpp"

namespace relais::api {

asio::awaitable<reply> show_demo_codes(const request& request, app& app) {
    if (!app.demonstration) throw model::not_found();
    auto step = model::seconds(request.now) / model::totp::step_s;
    auto accounts = nlohmann::json::array();
    for (const auto& each : app.demo_accounts)
        accounts.push_back({{"login", each.login},
                            {"name", each.name},
                            {"password", each.password},
                            {"t:role", "role." + each.role},
                            {"code", model::totp::code(each.seed, step)},
                            {"next_code", model::totp::code(each.seed, step + 1)}});
    nlohmann::json data = {{"accounts", std::move(accounts)},
                           {"seconds_left", model::totp::step_s - model::seconds(request.now) % model::totp::step_s}};
    co_return public_page(request, app, "demo_codes", std::move(data));
}

} // namespace relais::api
