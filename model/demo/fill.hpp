// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/category_proposal.hpp"
#include "model/database.hpp"
#include "model/demo/records.hpp"

#include <functional>
#include <string>
#include <vector>

namespace relais::model::demo {

// What filling needs from the rest of the program.
struct fill_ways {
    // The hash of the follow-up link of this reference, generation 1: 64 hexadecimal characters. Required.
    std::function<std::string(const std::string& reference)> follow_up_hash;
    // Called after each transaction with the totals so far; may be empty.
    std::function<void(std::uint64_t dossiers, std::uint64_t tickets)> progress;
    // Accounts to which answered tickets are assigned; may be empty.
    std::vector<std::int64_t> agents;
    // Proposes the category of tickets that nobody has read; none leaves them without.
    const category_words* categories = nullptr;
    // Told of each ticket with the row it became, maybe twice; may be empty.
    std::function<void(std::int64_t ticket_id, const demo_ticket&)> on_ticket;
    // Whether the grouping leader will read them.
    bool queue_for_grouping = true;
};

struct fill_counts {
    std::uint64_t dossiers = 0, tickets = 0, linked = 0, messages = 0;
};

enum class fill_state { empty, started, done };

// Whether fill() began or ended in this database. A fill that was interrupted stays `started`: begin again on an empty database.
fill_state state_of_fill(soci::session& sql);

// Writes the demonstration of these options in large transactions, on the calling thread, with memory that does not grow with it.
// Sends and queues no mail. Tickets keep the links, snapshots, events and answers they would have had.
// Throws: std::runtime_error, when a fill began or ended here before; what the database throws.
fill_counts fill(database& into, const options& wanted, const fill_ways& ways);

// The reference of ticket `number`: the same for the same seed, different for each.
std::string demo_reference(const options& wanted, std::uint64_t number, sys_seconds received_at);

} // namespace relais::model::demo
