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
class incident_grouper;
struct mail_facts;
struct outgoing_mail;
} // namespace relais::model

namespace relais::api {

class pages;
class limits;
class metrics;
class live_hub;
struct secrets;
struct settings;
struct tracker;

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
    std::vector<demo_account> demo_accounts = {};                          // empty outside the demonstration
    live_hub* live = nullptr;                                              // who looks at live updates on this node
    std::function<void(nlohmann::json)> originate = [](nlohmann::json) {}; // asks the telephone system to dial
    const std::vector<tracker>* trackers = nullptr;                        // outside, where incidents may be followed too
    const model::incident_grouper* grouper = nullptr;                      // null: nothing is suggested
    double suggest_from = 0.25;                                            // the probability from which an incident is shown
    std::int64_t broadcast_per_minute = 600;                               // mails about an incident
    // The subject and text a mail would leave with; empty: the message alone is shown.
    std::function<std::string(const model::outgoing_mail&, const model::mail_facts&)> preview_mail = {};
};

} // namespace relais::api
