// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"
#include "model/event.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace relais::model {

// An event on its way to screens, and the public name of its ticket when it is about one.
struct live_event {
    event what;
    std::string reference;

    auto fields() { return std::tuple_cat(what.fields(), std::tie(reference)); }
};

// Follows the event table for one node: each step gives what was committed since the last one, each event once.
// On MariaDB numbers are given before commits, so those that have not settled are looked through again for what came late; SQLite's one
// writer commits them in order.
class event_watch {
public:
    explicit event_watch(database& from) : database_(from) {}

    // The new events, oldest first, at most `step_limit`; the first step only finds where the table ends.
    std::vector<live_event> step();
    // Nobody looks: what happens is not read. The next step gives what was committed since the last rest, so that whoever comes first
    // misses nothing.
    void rest() { start(); }

    static constexpr int step_limit = 2000;

private:
    void start();

    database& database_;
    bool is_started_ = false;
    std::int64_t settled_id_ = 0;   // every event up to here has been given, or precedes the start
    std::set<std::int64_t> recent_; // later ones that were given already
};

namespace live_events {

constexpr int replay_limit = 500;

// What a reader who has read up to the event `last` missed, oldest first; at most replay_limit + 1, which tells that there is more.
// The seconds before `now` are given again: a slower transaction may have committed a lower number since. Readers know an event by its id.
std::vector<live_event> since(soci::session& sql, std::int64_t last, sys_seconds now);

} // namespace live_events

} // namespace relais::model
