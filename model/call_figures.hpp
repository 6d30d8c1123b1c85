// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model {

// How the telephone was answered over some calls. Source of the definitions: domain.md 4.6, K1 to K3.
struct call_figure {
    std::string key;           // "2026-11-23" (day), "09" (hour of the day), or the number of a team; both on the clock of Paris
    std::string label;         // of a team
    std::int64_t offered = 0;  // incoming calls that an agent could have taken: neither refused nor sent elsewhere
    std::int64_t answered = 0; // by an agent
    std::int64_t fast = 0;     // answered within fast_s
    std::int64_t lost = 0;     // hung up, or sent away, after more than patient_s
    std::int64_t brief = 0;    // hung up before: a wrong number, most often
    std::int64_t talk_s = 0;   // spoken in all
    std::map<std::int64_t, std::int64_t> waits; // answered calls by seconds waited, rounded up to 10 s after a minute

    std::optional<double> answer_rate() const; // K1, target 85 % at least
    std::optional<double> loss_rate() const;   // K2, target under 10 %
    std::optional<double> fast_rate() const;   // K3, target 80 % at least
    // The wait that a share of the answered calls did not exceed, seconds.
    std::optional<std::int64_t> wait_at(double share) const;
    std::optional<std::int64_t> mean_talk_s() const;
    void add(const call_figure& other);
};

struct call_figures {
    call_figure whole;
    std::vector<call_figure> by_day, by_hour, by_team;
};

namespace call_stats {

constexpr std::int64_t fast_s = 60, patient_s = 10;
constexpr std::int64_t answer_target = 85, loss_limit = 10, fast_target = 80; // per cent
constexpr int longest_days = 366;

// Over [from, to), at most longest_days: the rest is left out.
call_figures between(soci::session& sql, sys_seconds from, sys_seconds to);

// How many calls were offered and how long people spoke, by half hour (its first second): what the forecast learns from.
struct half_hour_volume {
    sys_seconds starts_at;
    std::int64_t offered = 0, answered = 0, talk_s = 0;
};
std::vector<half_hour_volume> half_hours(soci::session& sql, sys_seconds from, sys_seconds to);

} // namespace call_stats

} // namespace relais::model
