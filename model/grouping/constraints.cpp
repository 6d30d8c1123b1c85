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
    kept_out_.erase(ticket);
}

void constraints::keep_groups_apart(group_id one, group_id other) {
    if (one == other) return;
    groups_apart_[one].insert(other);
    groups_apart_[other].insert(one);
}

void constraints::allow(ticket_id ticket, group_id group) {
    const auto found = kept_out_.find(ticket);
    if (found != kept_out_.end()) found->second.erase(group);
}

void constraints::rename(group_id from, group_id into) {
    remove(groups_apart_, from, into);
    const auto others = of(groups_apart_, from);
    for (auto other : others) {
        remove(groups_apart_, from, other);
        keep_groups_apart(into, other);
    }
    for (auto& [ticket, groups] : kept_out_)
        if (groups.erase(from) > 0) groups.insert(into);
}

void constraints::inherit(group_id from, group_id into) {
    const auto others = of(groups_apart_, from);
    for (auto other : others) keep_groups_apart(into, other);
    for (auto& [ticket, groups] : kept_out_)
        if (groups.contains(from)) groups.insert(into);
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
