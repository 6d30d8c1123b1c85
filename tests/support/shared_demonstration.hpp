// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/demo/fill.hpp"
#include "model/demo/incidents.hpp"
#include "model/demo/shares.hpp"
#include "tests/support/temporary_database.hpp"

#include <cstdint>
#include <string>

namespace relais::tests {

// A demonstration whose weeks were shared, at noon of a Monday unless told otherwise.
struct shared_demonstration {
    static constexpr model::sys_seconds monday_noon{std::chrono::seconds{1'795'435'200}};

    temporary_database on;
    model::demo::options wanted;
    int made = 0; // shares

    // has_lives: its incidents are handed over, fixed and closed as ten weeks bring.
    shared_demonstration(std::uint64_t tickets, std::uint64_t dossiers, bool has_lives, model::sys_seconds now = monday_noon)
        : wanted{1, tickets, dossiers, now, 0xff} {
        model::demo::fill_ways ways;
        model::demo::ticket_truths truths;
        ways.follow_up_hash = [](const std::string& reference) { return std::string(64 - reference.size(), '0') + reference; };
        ways.on_ticket = [&truths](std::int64_t id, const model::demo::demo_ticket& one) { truths.note(id, one.truth.bug); };
        model::demo::fill(*on, wanted, ways);
        model::demo::incident_ways lived;
        lived.resolver = "Paul Renard", lived.supervisor = "Sylvie Petit";
        if (has_lives) model::demo::fill_incidents(*on, wanted, truths, lived);
        made = share();
    }
    // Shares the weeks that have no share yet. Returns how many.
    int share() { return model::demo::fill_shares(*on, wanted, "Hélène Blanc", "Paul Renard", "Sylvie Petit"); }
    template <class Visit> auto read(Visit visit) { return on->read_now(std::move(visit)); }
};

} // namespace relais::tests
