// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace relais::model::grouping {

// Which tickets hold a term, and how strongly (an impact of 1 to 31): the inverted index. Lists are read from the newest ticket to the
// oldest, so a reader who must stop early has seen the most recent ones. A term seen once costs no more than its header.
class posting_lists {
public:
    static constexpr std::uint8_t most_impact = 31;
    // Appends; ticket must not be below those appended to the term before.
    void append(std::uint32_t term, std::uint32_t ticket, std::uint8_t impact);
    std::uint32_t count(std::uint32_t term) const { return term < heads_.size() ? heads_[term].count : 0; }

    // Calls see(ticket, impact), newest first, for at most `limit` postings; returns how many it read.
    template <typename See> std::uint32_t read(std::uint32_t term, std::uint32_t limit, See&& see) const {
        if (term >= heads_.size()) return 0;
        const auto& head = heads_[term];
        auto ticket = head.newest;
        auto impact = head.impact;
        auto at = head.end;
        std::uint32_t seen = 0;
        while (seen < head.count && seen < limit) {
            see(ticket, impact);
            if (++seen == head.count) break;
            step_back(at, ticket, impact);
        }
        return seen;
    }

    std::size_t memory_bytes() const { return heads_.capacity() * sizeof(head_of_term) + bytes_.capacity(); }

private:
    // newest and its impact stand here; older postings are in a chain of chunks, written so that they are read backwards.
    // Before each chunk stand four bytes: where the chunk before ends.
    struct head_of_term {
        std::uint32_t newest = 0, count = 0, end = 0, room_end = 0;
        std::uint8_t impact = 0;
        std::uint8_t chunks = 0;
    };
    static constexpr std::uint32_t link_bytes = 4;
    static constexpr std::uint8_t length_bits = 3;
    static constexpr std::uint8_t length_mask = (1 << length_bits) - 1;
    static constexpr std::uint8_t chunk_begin = length_mask; // a mark at the first byte of a chunk, where a reader follows the link

    void step_back(std::uint32_t& at, std::uint32_t& ticket, std::uint8_t& impact) const {
        if (bytes_[at - 1] == chunk_begin) std::memcpy(&at, &bytes_[at - 1 - link_bytes], link_bytes);
        const auto mark = bytes_[--at];
        impact = static_cast<std::uint8_t>(mark >> length_bits);
        const auto length = mark & length_mask;
        at -= static_cast<std::uint32_t>(length);
        std::uint32_t distance = 0; // with the bytes after it, which are cut off: make_room leaves four
        for (std::uint32_t byte = 0; byte < 4; ++byte) distance |= static_cast<std::uint32_t>(bytes_[at + byte]) << 8 * byte;
        ticket -= distance & static_cast<std::uint32_t>((1ULL << 8 * length) - 1);
    }
    void make_room(head_of_term& head, std::uint32_t wanted);

    std::vector<head_of_term> heads_;
    std::vector<std::uint8_t> bytes_;
};

} // namespace relais::model::grouping
