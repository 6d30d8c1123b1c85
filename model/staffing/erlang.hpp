// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>

// How many people must answer. Calls arrive at random at `calls_per_s`, each takes `mean_service_s` on average; whoever finds nobody free
// waits. Pure functions. Sources: A. K. Erlang (1917) for those who wait for ever; A. Mandelbaum and S. Zeltyn, "Service engineering in
// action: the Palm/Erlang-A queue" (2005) for those who hang up.
namespace relais::model::staffing {

struct load {
    double calls_per_s = 0;
    double mean_service_s = 0;
    double erlangs() const { return calls_per_s * mean_service_s; }
};

// What callers live through with so many agents.
struct service {
    double wait_probability = 0; // nobody is free
    double mean_wait_s = 0;      // of all callers; infinite when agents can never catch up and nobody hangs up
    double answered_in_time = 0; // share of all callers answered within the time asked for
    double abandoned = 0;        // share that hangs up
    double occupancy = 0;        // share of the time that agents speak
};

// The probability that all lines are busy when nobody waits (Erlang B).
double erlang_b(int lines, double erlangs);
// Nobody ever hangs up. 1 agent or more; with fewer agents than erlangs everybody waits for ever.
service erlang_c(int agents, const load& offered, double within_s);
// Callers hang up after a random patience of `mean_patience_s` on average.
service erlang_a(int agents, const load& offered, double mean_patience_s, double within_s);
// The share of callers that wait longer than t, answered or not.
double erlang_a_waits_beyond(int agents, const load& offered, double mean_patience_s, double t_s);

// What is aimed at: this share answered within so many seconds.
struct target {
    double share = 0.8;
    double within_s = 60;
    double mean_patience_s = 180; // 0: nobody hangs up (Erlang C)
    double abandoned_at_most = 1; // K2 is under 10 %
};
constexpr int agents_limit = 5000;
// The fewest agents that reach the target; 0 for no calls, agents_limit when even those do not.
int agents_needed(const load& offered, const target& aim);

} // namespace relais::model::staffing
