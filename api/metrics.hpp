// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace relais::api {

// What only grows. Add a name here and its line in the table of metrics.cpp.
enum class counter {
    connections_accepted,
    connections_refused,
    requests_refused,
    requests_shed,
    deadlines_passed,
    mails_sent,
    mails_failed,
    registry_lookups,
    registry_failures,
    registry_cache_hits,
    attachments_received,
    rate_limited,
    count_
};

// What goes up and down; set whenever the truth is known.
enum class gauge {
    connections_open,
    requests_in_flight,
    heartbeat_lateness_ms,
    visits_waiting,
    visits_done,
    commits_done,
    visits_replayed,
    visits_refused,
    outbox_depth,
    registry_breaker_open,
    registry_waiting,
    registry_refresh_due,
    registry_refresh_left,
    draining,
    count_
};

// Figures for the administration listener, never personal: a route's pattern, not its path. Every function may be called on any thread.
class metrics {
public:
    metrics();
    ~metrics();
    metrics(const metrics&) = delete;
    metrics& operator=(const metrics&) = delete;

    void add(counter which, double much = 1);
    void set(gauge which, double value);
    // One answered request. pattern: the route's, "/assets" for assets, "" when no route was found.
    void request(std::string_view method, std::string_view pattern, int status, double seconds);
    // One question to the licence registry: found, not_found, several, unreadable or unavailable.
    void registry_answer(std::string_view outcome, double seconds);
    // The text Prometheus reads.
    std::string text() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace relais::api
