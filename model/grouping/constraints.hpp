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
    void withdraw(ticket_id one, ticket_id other);
    void forget(ticket_id ticket);

    bool is_apart(ticket_id one, ticket_id other) const;
    const std::unordered_set<ticket_id>& together(ticket_id ticket) const { return of(must_, ticket); }
    const std::unordered_set<ticket_id>& apart(ticket_id ticket) const { return of(cannot_, ticket); }

private:
    using links = std::unordered_map<ticket_id, std::unordered_set<ticket_id>>;
    static const std::unordered_set<ticket_id>& of(const links& all, ticket_id ticket);
    static void remove(links& from, ticket_id one, ticket_id other);

    links must_, cannot_;
};

} // namespace relais::model::grouping
