// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/grouping/ticket_store.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace relais::model::grouping {

// A ticket that reads like another, and how alike their letters are, 0 to 1.
struct neighbour {
    place where = 0;
    float letters = 0;
};

// What was found to read like each of the last tickets when it came, the best first: consolidation looks at it instead of searching again.
class neighbour_lists {
public:
    static constexpr std::size_t kept = 20;              // for one ticket
    static constexpr std::size_t tickets_kept = 1 << 17; // the newest: a month of a centre of a million tickets a year

    void keep(place where, std::span<const neighbour> found);
    // Calls see(neighbour), best first; false when nothing is kept of the ticket.
    template <typename See> bool read(place where, See&& see) const {
        const auto slot = where % tickets_kept;
        if (slot >= lists_.size() || lists_[slot].owner != where) return false;
        const auto& found = lists_[slot];
        for (std::size_t at = 0; at < found.count; ++at)
            see(neighbour{found.places[at], static_cast<float>(found.letters[at]) / most_letters});
        return true;
    }
    std::size_t memory_bytes() const { return lists_.capacity() * sizeof(list); }

private:
    static constexpr float most_letters = 255;
    struct list {
        place owner = no_place;
        std::uint8_t count = 0;
        std::array<std::uint8_t, kept> letters{};
        std::array<place, kept> places{};
    };
    std::vector<list> lists_; // by place modulo tickets_kept
};

} // namespace relais::model::grouping
