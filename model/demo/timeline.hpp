// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/demo/catalogue.hpp"
#include "model/demo/records.hpp"

#include <vector>

namespace relais::model::demo {

constexpr int story_days = 70;
constexpr int story_hours = story_days * 24;

// When people write about what: an intensity for each topic and hour of the ten weeks, in whole numbers.
// The working day, the week, introductions, growth, bursts, fixes and regressions are in it.
class timeline {
public:
    explicit timeline(const options& wanted);

    struct moment {
        sys_seconds at{};
        std::size_t hour = 0;
    };
    // The moment of ticket `number` of `count`, in order of time. roll spreads it inside its share.
    moment arrival(std::uint64_t number, std::uint64_t count, dice& roll) const;
    // Which topic somebody writes about at that hour.
    std::size_t topic_at(std::size_t hour, dice& roll) const;
    // How much of the topic has happened at the end of that hour, from 0 to steps.
    std::uint64_t progress(std::size_t topic, std::size_t hour, std::uint64_t steps) const;
    // The moment at which step `step` of `steps` of the topic happens; its hour's beginning plus a share of it.
    sys_seconds moment_of(std::size_t topic, std::uint64_t step, std::uint64_t steps) const;

    sys_seconds day(int from_now) const { return now_ + std::chrono::days{from_now}; }
    sys_seconds now() const { return now_; }

private:
    void weigh(std::size_t topic, std::uint64_t seed);

    sys_seconds now_{};
    std::vector<std::vector<std::uint64_t>> by_topic_; // cumulated over the hours
    std::vector<std::vector<std::uint64_t>> by_hour_;  // cumulated over the topics
    std::vector<std::uint64_t> total_;                 // cumulated over the hours, all topics
};

// The portal's releases, oldest first, and the one in force at a moment.
const std::vector<std::pair<std::string, int>>& release_days();
const std::string& release_at(sys_seconds at, sys_seconds now);

} // namespace relais::model::demo
