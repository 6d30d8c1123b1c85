// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstddef>

// The measures of tickets, each defined once: a sum over the facts whose instant lies in a period. What is asked of the rows by filter and
// dimension, and what is kept summed by day, are made from this table alone.
namespace relais::model::figure_groups {

struct sum {
    const char *name = nullptr, *expression = "0"; // over the columns of figure_fact
};
constexpr std::size_t sums_limit = 6;
struct group {
    const char* at; // the instant that tells the period
    std::array<sum, sums_limit> sums;
    const char* from = "figure_fact";
};

constexpr auto tickets = std::to_array<group>({
    {"received_at",
     {{{"received", "1"},
       {"received.repeat", "is_repeat"},
       {"acknowledged", "is_acknowledged"},
       {"acknowledged.fast", "is_acknowledged_fast"},
       {"acknowledged.late", "is_acknowledged_late"},
       {}}}},
    {"judged_at",
     {{{"replied", "CASE WHEN channel <> 'letter' THEN 1 ELSE 0 END"},
       {"replied.fast", "CASE WHEN channel <> 'letter' THEN is_fast ELSE 0 END"},
       {"replied.in_time", "CASE WHEN channel <> 'letter' THEN is_in_time ELSE 0 END"},
       {"letters", "CASE WHEN channel = 'letter' THEN 1 ELSE 0 END"},
       {"letters.fast", "CASE WHEN channel = 'letter' THEN is_fast ELSE 0 END"},
       {"letters.in_time", "CASE WHEN channel = 'letter' THEN is_in_time ELSE 0 END"}}}},
    {"closed_at",
     {{{"closed", "1"},
       {"closed.announced", "is_announced"},
       {"closed.kept", "is_kept"},
       {"closed.linkable", "is_linkable"},
       {"closed.linked", "is_linked"},
       {"old.ended", "CASE WHEN old_at IS NULL THEN 0 ELSE 1 END"}}}},
    {"old_at", {{{"old.begun", "1"}, {}, {}, {}, {}, {}}}},
    {"settled_at", {{{"settled", "1"}, {"settled.first_contact", "is_first_contact"}, {}, {}, {}, {}}}},
    {"rated_at", {{{"rated", "1"}, {"rated.sum", "rating"}, {"rated.high", "CASE WHEN rating >= 8 THEN 1 ELSE 0 END"}, {}, {}, {}}}},
    {"access_at", {{{"access", "1"}, {"access.kept", "is_access_kept"}, {}, {}, {}, {}}}},
});

// Answers that were read again: rows of their own, few, and counted by their tickets' facts.
constexpr group reviews = {"reviewed_at",
                           {{{"reviews", "1"}, {"reviews.met", "met"}, {"reviews.asked", "asked"}, {}, {}, {}}},
                           "quality_review JOIN figure_fact ON figure_fact.ticket_id = quality_review.ticket_id"};

} // namespace relais::model::figure_groups
