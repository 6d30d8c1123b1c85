// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <boost/asio/thread_pool.hpp>
#include <nlohmann/json.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model {
class database;
class search_index;
class attachment_store;
} // namespace relais::model

namespace relais::api {

class pages;
class limits;
class metrics;
class live_hub;
struct secrets;
struct settings;

// An account that the demonstration shows to everyone, with what opens it.
struct demo_account {
    std::string login, name, role, password;
    std::string seed; // of the second factor, raw bytes
};

// Everything a handler may use, built in main; a test builds the same struct with a fixed clock.
struct app {
    const settings& config;
    const secrets& keys;
    model::database& database;
    model::attachment_store& attachments;
    model::search_index& search;
    const pages& templates;
    limits& rates;
    metrics& counters;
    boost::asio::thread_pool& workers; // arithmetic that takes milliseconds: password hashes, exports
    model::clock_function now;
    std::function<void()> wake_mailer;   // after a commit that wrote to the outbox
    std::function<void()> wake_registry; // after a commit that queued a look-up
    bool demonstration = false;
    // The mails kept in the folder, newest first, or the one of that name (null: none); for the demonstration's page.
    std::function<nlohmann::json(std::string_view name)> kept_mails = {};
    std::vector<demo_account> demo_accounts = {}; // empty outside the demonstration
    live_hub* live = nullptr;                     // who looks at live updates on this node
    std::function<void(nlohmann::json)> originate = [](nlohmann::json) {}; // asks the telephone system to dial
};

} // namespace relais::api
