// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/constraints.hpp"

namespace relais::model::grouping {

void constraints::must_link(ticket_id one, ticket_id other) {
    if (one == other) return;
    remove(cannot_, one, other);
    must_[one].insert(other);
    must_[other].insert(one);
}

void constraints::cannot_link(ticket_id one, ticket_id other) {
    if (one == other) return;
    remove(must_, one, other);
    cannot_[one].insert(other);
    cannot_[other].insert(one);
}

void constraints::withdraw(ticket_id one, ticket_id other) {
    remove(must_, one, other);
    remove(cannot_, one, other);
}

void constraints::forget(ticket_id ticket) {
    for (auto* all : {&must_, &cannot_}) {
        const auto found = all->find(ticket);
        if (found == all->end()) continue;
        const auto others = found->second;
        for (auto other : others) remove(*all, ticket, other);
    }
}

bool constraints::is_apart(ticket_id one, ticket_id other) const { return apart(one).contains(other); }

const std::unordered_set<ticket_id>& constraints::of(const links& all, ticket_id ticket) {
    static const std::unordered_set<ticket_id> none;
    const auto found = all.find(ticket);
    return found == all.end() ? none : found->second;
}

void constraints::remove(links& from, ticket_id one, ticket_id other) {
    for (auto [key, value] : {std::pair{one, other}, std::pair{other, one}}) {
        const auto found = from.find(key);
        if (found == from.end()) continue;
        found->second.erase(value);
        if (found->second.empty()) from.erase(found);
    }
}

} // namespace relais::model::grouping
