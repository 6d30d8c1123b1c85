// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "api/views.hpp"
#include "model/ticket_queue.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What `q` finds among tickets: their words by the search index; references, dossier numbers, NEPH, telephones and names in SQL at once.
namespace relais::api::ticket_search {

struct wish {
    std::string q;
    bool by_relevance = false; // else the newest first
    model::queue_filter filter;
    int offset = 0, limit = 50;
};

struct answer {
    std::vector<model::queue_line> lines;
    std::string next;              // the cursor of the following page; empty: this is the last
    std::int64_t about = 0;        // how many have the words, roughly, whatever the filters that the index does not know say
    bool widened = false;          // no ticket has all the words: these have some of them
    std::string suggestion;        // the words as tickets spell them, when they differ
    std::int64_t ranked_among = 0; // the closest are those of so many newest tickets; 0: of all
    bool is_cut = false;           // there are more, beyond the ten thousand that are shown
};

// A role that may not read words finds people, or a reference and nothing else: a count and a suggestion tell as much as a line.
boost::asio::awaitable<answer> find(const wish& wanted, const sight& sees, app& app);

// "s50", the offset of a page, or a fault on "after". Beyond ten thousand nobody reads.
int read_cursor(std::string_view after);

nlohmann::json view(const answer& found);

} // namespace relais::api::ticket_search
