// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/ticket_store.hpp"

namespace relais::model::grouping {

place ticket_store::add(const ticket_record& record, const ticket_content& content) {
    const auto where = size();
    if (!places_.emplace(record.id, where).second) return no_place;
    records_.push_back(record);
    records_.back().begin = static_cast<std::uint32_t>(bytes_.size());
    for (const auto* list : {&content.title, &content.body, &content.values}) {
        append(static_cast<std::uint32_t>(list->size()));
        for (auto number : *list) append(number);
    }
    return where;
}

place ticket_store::find(ticket_id id) const {
    const auto found = places_.find(id);
    return found == places_.end() ? no_place : found->second;
}

void ticket_store::read(place where, ticket_content& into) const {
    std::size_t at = records_[where].begin;
    for (auto* list : {&into.title, &into.body, &into.values}) {
        list->resize(next(at));
        for (auto& number : *list) number = next(at);
    }
}

std::size_t ticket_store::memory_bytes() const {
    constexpr std::size_t node_bytes = 32; // of a hash table of the standard library
    return records_.capacity() * sizeof(ticket_record) + bytes_.capacity() + places_.size() * node_bytes +
           places_.bucket_count() * sizeof(void*);
}

// Seven bits a byte, low bits first, the high bit set while more follow.
void ticket_store::append(std::uint32_t number) {
    for (; number >= 0x80; number >>= 7) bytes_.push_back(static_cast<std::uint8_t>(number | 0x80));
    bytes_.push_back(static_cast<std::uint8_t>(number));
}

std::uint32_t ticket_store::next(std::size_t& at) const {
    std::uint32_t number = 0;
    for (std::uint32_t shift = 0;; shift += 7) {
        const auto byte = bytes_[at++];
        number |= static_cast<std::uint32_t>(byte & 0x7f) << shift;
        if (byte < 0x80) return number;
    }
}

} // namespace relais::model::grouping
