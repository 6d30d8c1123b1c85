// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/ticket_store.hpp"

#include <algorithm>

namespace relais::model::grouping {

place ticket_store::add(const ticket_record& record, const ticket_content& content) {
    if (find(record.id) != no_place) return no_place;
    const auto where = size();
    records_.push_back(record);
    if (records_.size() * 4 > slots_.size() * 3) grow();
    slots_[slot_of(record.id)] = where;
    records_.back().begin = static_cast<std::uint32_t>(bytes_.size());
    for (const auto* list : {&content.title, &content.body, &content.values}) {
        append(static_cast<std::uint32_t>(list->size()));
        for (auto number : *list) append(number);
    }
    return where;
}

place ticket_store::find(ticket_id id) const { return slots_.empty() ? no_place : slots_[slot_of(id)]; }

// Where the id stands, or the free slot where it would.
std::size_t ticket_store::slot_of(ticket_id id) const {
    const auto mixed = static_cast<std::uint64_t>(id) * 0x9E3779B97F4A7C15ULL;
    auto slot = static_cast<std::size_t>(mixed >> 32) & (slots_.size() - 1);
    while (slots_[slot] != no_place && records_[slots_[slot]].id != id) slot = (slot + 1) & (slots_.size() - 1);
    return slot;
}

void ticket_store::grow() {
    slots_.assign(std::max<std::size_t>(64, slots_.size() * 2), no_place);
    for (place where = 0; where < size(); ++where) slots_[slot_of(records_[where].id)] = where;
}

void ticket_store::read(place where, ticket_content& into) const {
    std::size_t at = records_[where].begin;
    for (auto* list : {&into.title, &into.body, &into.values}) {
        list->resize(next(at));
        for (auto& number : *list) number = next(at);
    }
}

std::size_t ticket_store::memory_bytes() const {
    return records_.capacity() * sizeof(ticket_record) + bytes_.capacity() + slots_.capacity() * sizeof(place);
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
