// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/accounts.hpp"
#include "api/app.hpp"
#include "api/limits.hpp"
#include "api/live_hub.hpp"
#include "api/metrics.hpp"
#include "api/pages.hpp"
#include "api/reply.hpp"
#include "api/request.hpp"
#include "api/secrets.hpp"
#include "api/settings.hpp"
#include "model/attachment_store.hpp"
#include "model/search_feed.hpp"
#include "model/search_index.hpp"
#include "tests/support/temporary_database.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace relais::tests {

constexpr auto good_password = "Seize tonnes de violettes";

// The application as main builds it, on a temporary database, with a clock that only the test moves.
class test_app {
public:
    test_app();
    ~test_app();
    test_app(const test_app&) = delete;
    test_app& operator=(const test_app&) = delete;

    api::app& operator*() { return *app_; }
    api::app* operator->() { return app_.get(); }
    model::database& database() { return *database_; }
    api::settings& settings() { return settings_; }
    api::live_hub& live() { return live_; }
    const api::secrets& keys() const { return keys_; }

    std::chrono::sys_seconds now() const { return std::chrono::sys_seconds(std::chrono::seconds(now_.load())); }
    void pass(std::chrono::seconds time) { now_ += time.count(); }

    // Waits for api::answer; a page is rendered too, so that a template never asks for what a handler does not give.
    api::reply ask(api::request request);
    const std::string& html() const { return html_; }

    // Makes what was written findable by its words.
    void index() { feed_.step(); }

    // An account and an API token of a role, made without the slow hash: sessions are opened directly.
    std::int64_t add_user(const std::string& login, const std::string& role);
    std::string add_token(const std::string& role, std::int64_t rate = 0);

private:
    temporary_database database_;
    api::settings settings_;
    api::secrets keys_;
    const api::pages& pages_;
    api::limits limits_;
    api::metrics metrics_;
    api::live_hub live_{{std::chrono::milliseconds(100), std::chrono::hours(1), 16, 8, 3}};
    model::attachment_store attachments_;
    model::search_index search_;
    model::search_feed feed_;
    boost::asio::thread_pool workers_{2};
    std::string html_;                              // of the last page
    std::atomic<std::int64_t> now_ = 1'795'600'000; // Wednesday 25 November 2026, 09:46:40 UTC
    std::unique_ptr<api::app> app_;
};

// A browser: keeps its cookies, follows no redirect, sends the token of the last page with its forms.
class browser {
public:
    explicit browser(test_app& app, std::string address = "192.0.2.10") : app_(app), address_(std::move(address)) {}

    api::reply get(const std::string& target);
    api::reply post(const std::string& path, std::map<std::string, std::string, std::less<>> form);
    // A full session for this account, as after the second factor.
    void enter_as(std::int64_t user);
    std::map<std::string, std::string, std::less<>> cookies;
    std::string csrf;
    std::vector<api::uploaded_file> files; // sent with the next form, then forgotten

private:
    api::reply send(api::request request);
    test_app& app_;
    std::string address_;
};

// A program: JSON and a bearer token. Each exchange is held against docs/api/openapi.json: a difference fails the test.
class program {
public:
    program(test_app& app, std::string token) : app_(app), token_(std::move(token)) {}
    api::reply get(const std::string& target, std::map<std::string, std::string, std::less<>> headers = {});
    api::reply post(const std::string& target, const nlohmann::json& body, std::map<std::string, std::string, std::less<>> headers = {});
    api::reply remove(const std::string& target, std::map<std::string, std::string, std::less<>> headers = {}); // DELETE

private:
    api::reply send(const std::string& method, const std::string& target, const std::string& body,
                    std::map<std::string, std::string, std::less<>> headers);
    test_app& app_;
    std::string token_;
};

// The value of a header of a reply, or an empty text.
std::string header_of(const api::reply& reply, const std::string& name);

} // namespace relais::tests
