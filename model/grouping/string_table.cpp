// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/string_table.hpp"

#include "model/grouping/hash.hpp"

namespace relais::model::grouping {

std::uint32_t string_table::find(std::string_view text) const { return slots_.empty() ? no_number : slots_[slot_of(text)]; }

std::uint32_t string_table::add(std::string_view text) {
    if (begins_.size() * 3 >= slots_.size() * 2) grow();
    auto& slot = slots_[slot_of(text)];
    if (slot != no_number) return slot;
    slot = size();
    begins_.push_back(static_cast<std::uint32_t>(letters_.size()));
    letters_.insert(letters_.end(), text.begin(), text.end());
    return slot;
}

std::string_view string_table::at(std::uint32_t number) const {
    const auto end = number + 1 < size() ? begins_[number + 1] : letters_.size();
    return {letters_.data() + begins_[number], end - begins_[number]};
}

std::size_t string_table::memory_bytes() const {
    return letters_.capacity() + (begins_.capacity() + slots_.capacity()) * sizeof(std::uint32_t);
}

// Where the text is, or the free slot where it would be.
std::size_t string_table::slot_of(std::string_view text) const {
    const auto mask = slots_.size() - 1;
    auto slot = static_cast<std::size_t>(hash_of(text) >> 20) & mask;
    while (slots_[slot] != no_number && at(slots_[slot]) != text) slot = (slot + 1) & mask;
    return slot;
}

void string_table::grow() {
    slots_.assign(slots_.empty() ? 1024 : slots_.size() * 2, no_number);
    for (std::uint32_t number = 0; number < size(); ++number) slots_[slot_of(at(number))] = number;
}

} // namespace relais::model::grouping
