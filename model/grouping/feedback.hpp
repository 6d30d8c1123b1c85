// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/grouping/engine.hpp"

#include <functional>
#include <optional>
#include <set>
#include <span>
#include <utility>

namespace relais::model::grouping {

// Carries out what people say of tickets by name, where groups have no name of their own. Tickets that words link, one with the next,
// are a bunch and move together, so that no link is lost; who was said apart from one of them leaves the group they come to, unless
// words hold it there. Where words contradict each other, the later one holds.
// Every ticket named is put, and in a group. Source: docs/decisions/0190-words-about-tickets-by-name.md
class feedback {
public:
    // new_group: gives the id of a group that does not exist.
    feedback(engine& told, std::function<group_id()> new_group) : engine_(told), new_group_(std::move(new_group)) {}

    void attach(ticket_id one, ticket_id to);
    // from: the ticket it does not belong with; absent, the group it is in.
    void detach(ticket_id one, std::optional<ticket_id> from);
    void merge(ticket_id one, ticket_id into);
    void split(std::span<const ticket_id> tickets);

private:
    using bunch = std::set<ticket_id>;
    bunch bunch_of(ticket_id one) const;
    group_id group_of(ticket_id one) const { return *engine_.group_of(one); }
    void let_meet(const bunch& some, const bunch& others);
    void leave(const bunch& some);
    void part(const bunch& leaving);

    engine& engine_;
    std::function<group_id()> new_group_;
};

} // namespace relais::model::grouping
