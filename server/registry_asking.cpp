// SPDX-License-Identifier: EUPL-1.2
#include "server/registry_asking.hpp"

#include <algorithm>
#include <future>
#include <vector>

namespace relais::server {

namespace {

using outcome = model::registry_news::outcome;

outcome outcome_of(registry_outcome what) {
    switch (what) {
    case registry_outcome::found:
    case registry_outcome::several:
        return outcome::answered;
    case registry_outcome::not_found:
        return outcome::not_found;
    case registry_outcome::unreadable:
        return outcome::unreadable;
    case registry_outcome::unavailable:
        return outcome::unavailable;
    }
    return outcome::unavailable;
}

} // namespace

model::registry_news ask_registry(registry& whom, const registry_query& query, const model::clock_function& now) {
    auto answer = whom.look_up(query);
    model::registry_news out;
    out.what = outcome_of(answer.outcome);
    out.is_from_mirror = whom.is_mirror();
    out.asked_at = now() - answer.age;
    out.dossiers = std::move(answer.dossiers);
    out.column = std::move(answer.column), out.reason = std::move(answer.reason);
    return out;
}

void in_lanes(const registry& whom, std::size_t count, const std::function<void(std::size_t)>& one) {
    auto lanes = std::min(count, static_cast<std::size_t>(whom.lanes()));
    auto do_every = [&](std::size_t first) {
        for (auto i = first; i < count; i += lanes) one(i);
    };
    std::vector<std::future<void>> others;
    for (std::size_t lane = 1; lane < lanes; ++lane) others.push_back(std::async(std::launch::async, do_every, lane));
    if (lanes > 0) do_every(0);
    for (auto& each : others) each.get();
}

} // namespace relais::server
