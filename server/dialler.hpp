// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"

#include <nlohmann/json.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

namespace relais::server {

// Asks the telephone system to dial: one POST of JSON ({call, number, user, extension}) to the configured address, on a thread of its own,
// so that a telephone system that is slow or away delays nobody. Each request is tried once, within 5 s: a call that comes late is worse
// than none. What fails becomes the event "call.dial_failed", which the agent's screen shows.
class dialler {
public:
    struct options {
        std::string url;   // empty: never asked
        std::string token; // sent as Authorization: Bearer; may be empty
    };
    dialler(const options& how, model::database& database);
    ~dialler();
    dialler(const dialler&) = delete;
    dialler& operator=(const dialler&) = delete;

    // Any thread; never waits. Beyond waiting_limit requests the oldest is given up.
    void dial(nlohmann::json what);
    // Ends the thread after the request under way. Before the database is stopped.
    void stop();

    static constexpr std::size_t waiting_limit = 100;

private:
    void go_on();
    bool post(const std::string& body) const;
    void tell_failure(const std::string& call_public_id);

    const options options_;
    model::database& database_;
    std::mutex mutex_;
    std::condition_variable more_;
    std::deque<nlohmann::json> waiting_;
    bool is_stopped_ = false;
    std::thread thread_;
};

} // namespace relais::server
