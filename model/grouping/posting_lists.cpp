// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/posting_lists.hpp"

#include <algorithm>
#include <cstring>

namespace relais::model::grouping {
namespace {

constexpr std::uint32_t link_bytes = 4;
constexpr std::uint32_t posting_bytes = 7; // at most: a mark, the impact, and five bytes of a number
constexpr std::uint8_t chunk_begin = 0x40; // a mark that stands at the first byte of a chunk, where a reader follows the link

} // namespace

// A posting behind the newest is written as the bytes of its distance to the one after it, low bits first, then its impact, then a mark
// that says how many bytes of distance there are; a reader comes from the end.
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
        bytes_[head.end++] = head.impact;
        bytes_[head.end++] = length;
    }
    head.newest = ticket;
    head.impact = impact;
    ++head.count;
}

void posting_lists::step_back(std::uint32_t& at, std::uint32_t& ticket, std::uint8_t& impact) const {
    if (bytes_[at - 1] == chunk_begin) std::memcpy(&at, &bytes_[at - 1 - link_bytes], link_bytes);
    const auto length = bytes_[--at];
    impact = bytes_[--at];
    std::uint32_t distance = 0;
    for (std::uint8_t byte = 0; byte < length; ++byte) distance = distance << 8 | bytes_[--at];
    ticket -= distance;
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
