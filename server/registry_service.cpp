// SPDX-License-Identifier: EUPL-1.2
#include "server/registry_service.hpp"

#include <utility>

namespace relais::server {

namespace {

void add_since(api::metrics& to, api::counter which, std::int64_t total, std::int64_t& published) {
    to.add(which, static_cast<double>(total - published));
    published = total;
}

} // namespace

registry_service::registry_service(const registry_options& options, model::database& database, model::clock_function now)
    : registry_(open_registry(options, database)), worker_(database, *registry_, std::move(now)) {}

void registry_service::publish(api::metrics& to) {
    const auto& counters = registry_->counters();
    add_since(to, api::counter::registry_lookups, counters.asked, published_asked_);
    add_since(to, api::counter::registry_failures, counters.failed, published_failed_);
    to.set(api::gauge::registry_breaker_open, registry_->is_breaker_open() ? 1 : 0);
    to.set(api::gauge::registry_waiting, static_cast<double>(worker_.waiting()));
}

} // namespace relais::server
