// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "tests/support/test_site.hpp"

#include <mutex>
#include <string>
#include <vector>

namespace relais::tests {

// A program outside, on a real port, that answers as it is told and keeps what it got.
struct outside {
    std::mutex mutex;
    std::vector<api::request> got;
    api::reply answer = api::json(nlohmann::json::object());
    test_site site;

    outside() {
        site.site.answer = [this](api::request& request, api::app&) -> boost::asio::awaitable<api::reply> {
            std::lock_guard lock(mutex);
            got.push_back(request);
            co_return answer;
        };
    }
    // A path that takes JSON, so that the body is read.
    static constexpr auto path = "/api/v1/tickets";
    std::string url() const { return "http://127.0.0.1:" + std::to_string(site.port()) + path; }
};

} // namespace relais::tests
