// SPDX-License-Identifier: EUPL-1.2
#include "api/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <map>
#include <shared_mutex>
#include <utility>

namespace relais::api {
namespace {

struct named {
    const char* name;
    const char* help;
};

constexpr std::array<named, static_cast<std::size_t>(counter::count_)> counters = {{
    {"relais_connections_accepted_total", "Connections accepted"},
    {"relais_connections_refused_total", "Connections closed at once: too many, in all or from one address"},
    {"relais_requests_refused_total", "Requests refused by the gate"},
    {"relais_requests_shed_total", "Requests answered 503 because their lane was full"},
    {"relais_deadlines_passed_total", "Connections cut because a deadline passed"},
    {"relais_mails_sent_total", "Mails accepted by the relay"},
    {"relais_mails_failed_total", "Attempts to send a mail that failed"},
    {"relais_registry_lookups_total", "Questions put to the licence registry"},
    {"relais_registry_failures_total", "Questions the registry did not answer in time"},
    {"relais_registry_cache_hits_total", "Questions that a recent answer of the registry spared"},
    {"relais_attachments_received_total", "Files received"},
    {"relais_rate_limited_total", "Requests answered 429"},
}};

constexpr std::array<named, static_cast<std::size_t>(gauge::count_)> gauges = {{
    {"relais_connections_open", "Connections open now"},
    {"relais_requests_in_flight", "Requests being answered now"},
    {"relais_heartbeat_lateness_ms", "Worst lateness of an I/O thread's heartbeat in its last second"},
    {"relais_visits_waiting", "Visits waiting for a database thread"},
    {"relais_visits_done", "Visits run since the start"},
    {"relais_commits_done", "Commits since the start; visits over commits is the size of a group"},
    {"relais_visits_replayed", "Visits run again after a deadlock"},
    {"relais_visits_refused", "Visits refused because the queue was full or too old"},
    {"relais_outbox_depth", "Mails waiting to be sent"},
    {"relais_registry_breaker_open", "1 while the registry is left alone after failures"},
    {"relais_registry_waiting", "Tickets that wait for the registry's answer, counted to 10,000"},
    {"relais_registry_refresh_due", "Dossiers with an open ticket that are due for a new reading"},
    {"relais_registry_refresh_left", "Readings left in today's budget (UTC)"},
    {"relais_draining", "1 while the server finishes its last requests"},
}};

const prometheus::Histogram::BucketBoundaries seconds_buckets = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

} // namespace

struct metrics::state {
    using request_key = std::pair<std::string, int>; // "GET /contact", 200

    prometheus::Registry registry;
    prometheus::Family<prometheus::Counter>& requests =
        prometheus::BuildCounter().Name("relais_requests_total").Help("Requests answered, by route and status").Register(registry);
    prometheus::Family<prometheus::Histogram>& durations =
        prometheus::BuildHistogram().Name("relais_request_seconds").Help("Time to answer, by route").Register(registry);
    prometheus::Family<prometheus::Counter>& registry_answers = prometheus::BuildCounter()
                                                                    .Name("relais_registry_answers_total")
                                                                    .Help("Questions put to the licence registry, by outcome")
                                                                    .Register(registry);
    prometheus::Histogram& registry_seconds = prometheus::BuildHistogram()
                                                  .Name("relais_registry_seconds")
                                                  .Help("Time until the registry answered, or until it was given up")
                                                  .Register(registry)
                                                  .Add({}, seconds_buckets);
    std::array<prometheus::Counter*, counters.size()> counter_of{};
    std::array<prometheus::Gauge*, gauges.size()> gauge_of{};
    mutable std::shared_mutex lock;
    std::map<request_key, prometheus::Counter*> request_of;
    std::map<std::string, prometheus::Histogram*> duration_of;

    std::pair<prometheus::Counter*, prometheus::Histogram*> series(const std::string& route, int status) {
        {
            std::shared_lock reading(lock);
            auto counted = request_of.find({route, status});
            auto timed = duration_of.find(route);
            if (counted != request_of.end() && timed != duration_of.end()) return {counted->second, timed->second};
        }
        std::unique_lock writing(lock);
        auto* counted = &requests.Add({{"route", route}, {"status", std::to_string(status)}});
        auto* timed = &durations.Add({{"route", route}}, seconds_buckets);
        request_of[{route, status}] = counted;
        duration_of[route] = timed;
        return {counted, timed};
    }
};

metrics::metrics() : state_(std::make_unique<state>()) {
    for (std::size_t i = 0; i < counters.size(); ++i)
        state_->counter_of[i] =
            &prometheus::BuildCounter().Name(counters[i].name).Help(counters[i].help).Register(state_->registry).Add({});
    for (std::size_t i = 0; i < gauges.size(); ++i)
        state_->gauge_of[i] = &prometheus::BuildGauge().Name(gauges[i].name).Help(gauges[i].help).Register(state_->registry).Add({});
}

metrics::~metrics() = default;

void metrics::add(counter which, double much) { state_->counter_of[static_cast<std::size_t>(which)]->Increment(much); }

void metrics::set(gauge which, double value) { state_->gauge_of[static_cast<std::size_t>(which)]->Set(value); }

void metrics::request(std::string_view method, std::string_view pattern, int status, double seconds) {
    // An unknown path has no series of its own: a scanner must not fill the memory.
    auto route = pattern.empty() ? std::string("none") : std::string(method) + " " + std::string(pattern);
    auto [counted, timed] = state_->series(route, status);
    counted->Increment();
    timed->Observe(seconds);
}

void metrics::registry_answer(std::string_view outcome, double seconds) {
    state_->registry_answers.Add({{"outcome", std::string(outcome)}}).Increment();
    state_->registry_seconds.Observe(seconds);
}

std::string metrics::text() const { return prometheus::TextSerializer{}.Serialize(state_->registry.Collect()); }

} // namespace relais::api
