// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/posting_lists.hpp"

#include <algorithm>
#include <cstring>

namespace relais::model::grouping {
namespace {

constexpr std::uint32_t posting_bytes = 8; // at most: four bytes of a number, a mark, and what a reader may look at behind it

} // namespace

// A posting behind the newest is written as the bytes of its distance to the one after it, low bits first, then a mark: its impact, and
// how many bytes of distance there are; a reader comes from the end.
void posting_lists::append(std::uint32_t term, std::uint32_t ticket, std::uint8_t impact) {
    if (term >= heads_.size()) heads_.resize(term + 1);
    auto& head = heads_[term];
    if (head.count > 0) {
        make_room(head, posting_bytes);
        std::uint8_t length = 0;
        for (auto distance = ticket - head.newest; distance > 0; distance >>= 8) {
            bytes_[head.end++] = static_cast<std::uint8_t>(distance);
            ++length;
        }
        bytes_[head.end++] = static_cast<std::uint8_t>(head.impact << length_bits | length);
    }
    head.newest = ticket;
    head.impact = impact;
    ++head.count;
}

void posting_lists::make_room(head_of_term& head, std::uint32_t wanted) {
    if (head.room_end - head.end >= wanted) return;
    const auto size = std::min<std::uint32_t>(16u << std::min<std::uint8_t>(head.chunks, 8), 4096);
    const auto begin = static_cast<std::uint32_t>(bytes_.size());
    bytes_.resize(bytes_.size() + link_bytes + 1 + size);
    std::memcpy(&bytes_[begin], &head.end, link_bytes);
    bytes_[begin + link_bytes] = chunk_begin;
    head.end = begin + link_bytes + 1;
    head.room_end = head.end + size;
    if (head.chunks < 255) ++head.chunks;
}

} // namespace relais::model::grouping
