// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/metrics.hpp"
#include "api/secrets.hpp"
#include "api/settings.hpp"
#include "model/attachment_store.hpp"
#include "server/http_listener.hpp"
#include "server/http_site.hpp"
#include "tests/support/temporary_database.hpp"

#include <boost/asio/thread_pool.hpp>

#include <memory>

namespace relais::tests {

// A real listener on a free port, over a real database, with a fixed clock and the limits a test chooses. `answer` replaces the routes.
struct test_site {
    using answer_function = std::function<api::reply(const api::request&)>;
    explicit test_site(server::http_limits bounds = {}, answer_function answer = {}, server::tls_options tls = {},
                       const std::string& assets_folder = "");
    ~test_site();
    std::uint16_t port() const { return listener->ports().front(); }

    temporary_database database;
    server::http_limits limits;
    api::settings settings;
    api::secrets keys;
    api::metrics counters;
    model::attachment_store attachments;
    boost::asio::thread_pool workers{2};
    server::static_files assets;
    api::app app;
    server::http_site site;
    std::unique_ptr<server::http_listener> listener;
};

} // namespace relais::tests
