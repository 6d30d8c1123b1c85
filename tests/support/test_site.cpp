// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/test_site.hpp"

#include "api/site.hpp"

namespace relais::tests {

test_site::test_site(server::http_limits bounds, answer_function answer, server::tls_options tls, const std::string& assets_folder)
    : limits(bounds), assets(assets_folder), site(*app, limits, assets) {
    site.administration = std::move(answer);
    site.render = [this](const api::request& request, std::string_view page, nlohmann::json data) {
        return api::render_page(request, page, std::move(data), *app);
    };
    listener = std::make_unique<server::http_listener>(site, server::http_listener::options{{"127.0.0.1:0"}, 1, std::move(tls)});
    listener->start();
}

} // namespace relais::tests
