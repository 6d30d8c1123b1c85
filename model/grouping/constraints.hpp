// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/grouping/ticket.hpp"

#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace relais::model::grouping {

// What people said of pairs of tickets. A later word about the same pair replaces the earlier one.
class constraints {
public:
    void must_link(ticket_id one, ticket_id other);
    void cannot_link(ticket_id one, ticket_id other);
    // No longer must-linked, no longer cannot-linked; what else was said stays.
    void part(ticket_id one, ticket_id other) { remove(must_, one, other); }
    void let_meet(ticket_id one, ticket_id other) { remove(cannot_, one, other); }
    void withdraw(ticket_id one, ticket_id other);
    void forget(ticket_id ticket);

    bool is_apart(ticket_id one, ticket_id other) const;
    const std::unordered_set<ticket_id>& together(ticket_id ticket) const { return of(must_, ticket); }
    const std::unordered_set<ticket_id>& apart(ticket_id ticket) const { return of(cannot_, ticket); }

    // Between a ticket and a group, and between two groups, by the groups' own ids.
    void keep_apart(ticket_id ticket, group_id group) { kept_out_[ticket].insert(group); }
    void keep_groups_apart(group_id one, group_id other);
    void allow(ticket_id ticket, group_id group);
    bool is_kept_out(ticket_id ticket, group_id group) const { return of(kept_out_, ticket).contains(group); }
    bool are_groups_apart(group_id one, group_id other) const { return of(groups_apart_, one).contains(other); }
    const std::unordered_set<group_id>& kept_out_of(ticket_id ticket) const { return of(kept_out_, ticket); }
    // What was said of `from` holds for `into` from now on; what was said between the two is withdrawn.
    void rename(group_id from, group_id into);
    // `into` was a part of `from`: who was kept out of the whole is kept out of the part.
    void inherit(group_id from, group_id into);

private:
    using links = std::unordered_map<ticket_id, std::unordered_set<ticket_id>>;
    static const std::unordered_set<ticket_id>& of(const links& all, ticket_id ticket);
    static void remove(links& from, ticket_id one, ticket_id other);

    links must_, cannot_, kept_out_, groups_apart_;
};

} // namespace relais::model::grouping
