// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "api/reply.hpp"
#include "api/request.hpp"
#include "api/routes.hpp"
#include "server/address.hpp"
#include "server/http/admission.hpp"
#include "server/http/limits.hpp"
#include "server/http/request_gate.hpp"
#include "server/http/static_files.hpp"

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relais::server {

// What a listener serves, and the bounds it keeps. One for the public, one for the administration; shared by every I/O thread.
struct http_site {
    http_site(api::app& application, const http_limits& bounds, const static_files& files)
        : app(application), limits(bounds), assets(files), lanes(bounds.in_flight) {}

    api::app& app;
    const http_limits& limits;
    const static_files& assets;
    admission lanes;
    gate_limits gate;
    std::vector<network> proxies;
    bool strict_transport = false;
    // Where requests go: the table of routes and its guards. A test has its own.
    api::match (*find)(std::string_view method, std::string_view path) = api::find_route;
    std::function<boost::asio::awaitable<api::reply>(api::request& request, api::app& app)> answer = api::answer;
    // When set, every accepted request is answered by it, and by nothing else: the administration listener.
    std::function<api::reply(const api::request&)> administration;
    // A page, in the person's language.
    std::function<std::string(const api::request&, std::string_view page, nlohmann::json data)> render;
    std::atomic<bool> is_draining{false};
};

// GET /healthz: 200 while the process lives. GET /readyz: 200 when the database answers with current migrations, 503 otherwise and while
// draining. Nothing for other paths.
std::optional<api::reply> health(const api::request& request, const http_site& site);
// The administration's pages: /metrics for Prometheus, /healthz/detail for operators.
api::reply administration(const api::request& request, const http_site& site);

} // namespace relais::server
