// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/http/listener.hpp"
#include "server/http/site.hpp"
#include "tests/support/test_app.hpp"

#include <memory>
#include <string>

namespace relais::tests {

// A real listener on a free port, before the application of test_app, with the limits a test chooses. `answer` replaces the routes.
struct test_site {
    using answer_function = std::function<api::reply(const api::request&)>;
    explicit test_site(server::http_limits bounds = {}, answer_function answer = {}, server::tls_options tls = {},
                       const std::string& assets_folder = "");
    std::uint16_t port() const { return listener->ports().front(); }
    // Where the files people send are kept.
    std::string attachments_folder() { return app.settings().data_dir + "/attachments"; }

    test_app app;
    server::http_limits limits;
    server::static_files assets;
    server::http_site site;
    std::unique_ptr<server::http_listener> listener;
};

} // namespace relais::tests
