// SPDX-License-Identifier: EUPL-1.2
#include "server/registry_service.hpp"

#include "model/registry_health.hpp"

#include <unistd.h>

#include <array>
#include <utility>

namespace relais::server {

namespace {

void add_since(api::metrics& to, api::counter which, std::int64_t total, std::int64_t& published) {
    to.add(which, static_cast<double>(total - published));
    published = total;
}

// "machine/1234": two processes of a machine are two nodes.
std::string node_name() {
    std::array<char, 64> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) name = {'?'};
    return std::string(name.data()) + "/" + std::to_string(::getpid());
}

// The mirror has nothing that the opening of the ticket did not see; an import may have brought it since.
registry_worker_options pace_of(const registry& asked) {
    registry_worker_options out;
    if (asked.is_mirror()) out.rest = std::chrono::hours(1);
    return out;
}

} // namespace

registry_service::registry_service(const registry_options& options, model::database& database, model::clock_function now, std::string owner)
    : options_(options), database_(database), now_(now), node_(node_name()), registry_(open_registry(options, database, now)),
      worker_(database, *registry_, now, pace_of(*registry_)),
      refresher_(database, *registry_, now, {options.refresh_per_day, options.refresh_hours}, std::move(owner)) {}

void registry_service::leave() {
    refresher_.stop();
    if (!std::exchange(is_reported_, false)) return;
    database_.write_now([this](soci::session& sql) { model::registry_nodes::leave(sql, node_); });
}

void registry_service::report() {
    auto now = now_();
    auto health = hour_.report(now);
    health["is_breaker_open"] = registry_->is_breaker_open();
    health["probe_s"] = options_.probe_ms / 1000;
    health["cache_s"] = options_.cache_s;
    health["refresh_per_day"] = options_.refresh_per_day, health["refresh_hours"] = options_.refresh_hours;
    auto text = health.dump();
    database_.write_now([&](soci::session& sql) { model::registry_nodes::keep(sql, node_, text, now); });
    is_reported_ = true;
}

void registry_service::publish(api::metrics& to) {
    const auto& counters = registry_->counters();
    add_since(to, api::counter::registry_lookups, counters.asked, published_asked_);
    add_since(to, api::counter::registry_failures, counters.failed, published_failed_);
    add_since(to, api::counter::registry_cache_hits, counters.from_cache, published_cached_);
    auto samples = registry_->take_samples();
    for (const auto& each : samples)
        if (!each.was_cached) to.registry_answer(word(each.outcome), std::chrono::duration<double>(each.took).count());
    hour_.add(samples, now_());
    to.set(api::gauge::registry_breaker_open, registry_->is_breaker_open() ? 1 : 0);
    to.set(api::gauge::registry_waiting, static_cast<double>(worker_.waiting()));
    auto progress = refresher_.progress();
    to.set(api::gauge::registry_refresh_due, static_cast<double>(progress.due));
    to.set(api::gauge::registry_refresh_left, static_cast<double>(refresher_.pace().per_day - progress.asked_today));
}

} // namespace relais::server
