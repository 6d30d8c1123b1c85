// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/group_book.hpp"

#include <algorithm>

namespace relais::model::grouping {

std::uint32_t group_book::number_of(group_id id) {
    const auto [found, is_new] = numbers_.emplace(id, size());
    if (is_new) groups_.emplace_back().id = id;
    return found->second;
}

std::uint32_t group_book::find(group_id id) const {
    const auto found = numbers_.find(id);
    return found == numbers_.end() ? no_group : found->second;
}

void group_book::assign(place where, std::uint32_t group, const contribution& brought, std::int64_t at) {
    if (where >= groups_of_.size()) groups_of_.resize(where + 1, no_group);
    const auto before = groups_of_[where];
    if (before == group) return;
    if (before != no_group) {
        auto& left = groups_[before];
        left.members.erase(std::find(left.members.begin(), left.members.end(), where));
        left.shape.remove(brought.terms, brought.values, brought.names);
    }
    groups_of_[where] = group;
    if (group == no_group) return;
    auto& joined = groups_[group];
    joined.members.push_back(where);
    joined.shape.add(brought.terms, brought.values, brought.names);
    joined.last_at = std::max(joined.last_at, at);
}

std::size_t group_book::memory_bytes() const {
    constexpr std::size_t node_bytes = 32; // of a hash table of the standard library
    auto sum = groups_.capacity() * sizeof(group_record) + groups_of_.capacity() * sizeof(std::uint32_t) + numbers_.size() * node_bytes;
    for (const auto& each : groups_) sum += each.members.capacity() * sizeof(place) + each.shape.memory_bytes() - sizeof(profile);
    return sum;
}

} // namespace relais::model::grouping
