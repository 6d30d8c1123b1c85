// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/callback_rules.hpp"
#include "model/clock.hpp"

#include <optional>
#include <string>
#include <vector>

// When to ring again somebody who did not answer: on another half-day of theirs, within three calling days (days when they may be called
// at all: a Friday is followed by a Monday), never sooner than the gap. Pure. Source: domain.md 6.3
namespace relais::model::callback_retries {

// "2026-11-25 morning": the half-day of an instant in a legal time. The afternoon begins at 13:00.
std::string half_day(std::string_view zone, sys_seconds at);

// The end of the third calling day, the one of `first` counted when calls may still be made in it: after that nobody is rung any more.
sys_seconds last_moment(const callback_rules& rules, const callback_place& place, sys_seconds first);

// When the next attempt is due; nothing when no half-day is left. used: when the attempts were dialled whose half-days are spent,
// in order, at least one.
std::optional<sys_seconds> next(const callback_rules& rules, const callback_place& place, const std::vector<sys_seconds>& used,
                                sys_seconds now);

} // namespace relais::model::callback_retries
