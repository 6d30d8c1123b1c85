// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/grouping/ticket.hpp"

#include <string>
#include <vector>

namespace relais::model::grouping {

// Which version of the arithmetic decided: kept in each report.
constexpr auto engine_version = "2";

// Why two sides look alike or not. name: "words", "letters", "size", "field:<name>" or "people" (who said so).
// contribution: in log-odds; positive speaks for the link. ours, theirs: the words or the values, of the ticket and of the other side.
struct reason {
    std::string name;
    double contribution = 0;
    std::string ours, theirs;
};

// Where a ticket may belong: a group, or a ticket that is still alone (the two would found a group).
// Exactly one of `group` and `alone` is set. nearest: the ticket of the group that is most alike.
struct match {
    std::optional<group_id> group;
    std::optional<ticket_id> alone;
    ticket_id nearest = 0;
    double probability = 0;      // that both report the same bug, calibrated, 0 to 1
    double score = 0;            // the same in log-odds
    std::vector<reason> reasons; // the five largest, whatever their sign
};

// attach: sure enough to do it. suggest: shown to an agent, nothing done. fresh: nothing like it is known.
enum class band { attach, suggest, fresh };

// What to do with a ticket. best: absent when nothing is alike at all; runner_up: the next one.
struct decision {
    band what = band::fresh;
    std::optional<match> best, runner_up;
};

// An earlier ticket that reads alike. group: absent when it is alone. score: for ranking only.
struct similar_ticket {
    ticket_id id = 0;
    std::optional<group_id> group;
    double score = 0;
    double probability = 0;
};

// A change the engine would make among groups that nobody reviewed, to be done in the order given.
// Join two groups: `from` and `into` are set, `ticket` is absent. Move one ticket: into the group of `beside` (which founds one with it
// when it is alone), or out of its group, to stand alone, when `beside` is absent.
struct proposal {
    std::optional<group_id> from, into;
    std::optional<ticket_id> ticket, beside;
    double probability = 0;
};

// What to do with a ticket and what reads like it, found together; the probabilities of the latter are left out.
struct consideration {
    decision decided;
    std::vector<similar_ticket> similar;
};

} // namespace relais::model::grouping
