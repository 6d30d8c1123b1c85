// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/event.hpp"
#include "model/staffing/erlang.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// A week of staffing: what is expected, who is needed, who is planned.
namespace relais::model::staffing {

struct plan_options {
    target aim;
    int history_weeks = 10;
    double mean_talk_s = 210; // when nothing has been measured yet (3 min 30: domain.md 4.4)
    double wrap_up_s = 60;    // writing the call down
    double callback_s = 300;  // making a promised callback, once reached
};

struct plan_line {
    sys_seconds starts_at;               // a half hour
    std::string date, hour;              // on the clock of Paris: "2026-11-30", "09:30"
    double calls = 0;                    // expected
    double callbacks = 0;                // expected or already booked, whichever is more
    int needed_patient = 0;              // agents, if nobody hung up (Erlang C)
    int needed = 0;                      // agents, with people hanging up (Erlang A) and the callbacks on top
    int needed_for_calls = 0;            // of `needed`, those who answer
    std::optional<std::int64_t> planned; // by the roster; nothing when nobody planned it
    std::optional<double> reached;       // share answered in time with the agents planned
};

struct week_plan {
    std::string monday;
    double handling_s = 0; // of one call: talk and wrap-up
    std::int64_t history_days = 0;
    std::vector<plan_line> lines; // half hours that expect something or have somebody planned
};

// The week that begins on this Monday (YYYY-MM-DD). Calls and callbacks of the past weeks, up to `now`, are what it learns from.
week_plan plan_week(soci::session& sql, const std::string& monday, const plan_options& how, sys_seconds now);

// Lets the capacity of the callbacks' slots follow the plan: in each half hour of the roster, as many promises as the people whom the calls
// leave free can make. Returns how many half hours were written.
int set_callback_seats(soci::session& sql, const week_plan& plan, const plan_options& how, const actor& who, sys_seconds now);

// The Monday after the day of `now`, in Paris.
std::string next_monday(sys_seconds now);

} // namespace relais::model::staffing
