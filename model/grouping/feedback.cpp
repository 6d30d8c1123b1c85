// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/feedback.hpp"

#include <vector>

namespace relais::model::grouping {
namespace {

// A copy: what is done with each of them changes the engine's own list.
std::vector<ticket_id> copied(const std::unordered_set<ticket_id>& some) { return {some.begin(), some.end()}; }

} // namespace

void feedback::attach(ticket_id one, ticket_id to) {
    const auto coming = bunch_of(one), there = bunch_of(to);
    if (coming.contains(to)) return;
    let_meet(coming, there);
    const auto group = group_of(to);
    for (auto each : coming)
        for (auto other : copied(engine_.told_apart(each)))
            if (group_of(other) == group) leave(bunch_of(other));
    for (auto each : coming) engine_.attach(each, group);
    engine_.must_link(one, to);
}

void feedback::detach(ticket_id one, std::optional<ticket_id> from) {
    if (from && group_of(one) != group_of(*from)) {
        engine_.keep_apart(one, group_of(*from));
    } else {
        part({one});
        engine_.detach(one);
        engine_.link(one, new_group_());
    }
    if (from) engine_.cannot_link(one, *from);
}

void feedback::merge(ticket_id one, ticket_id into) {
    auto named = bunch_of(one);
    const auto there = bunch_of(into);
    let_meet(named, there);
    named.insert(there.begin(), there.end());
    const auto left = group_of(one), joined = group_of(into);
    auto concerned = engine_.tickets_of(left);
    for (auto each : std::vector(concerned))
        for (auto other : copied(engine_.told_apart(each)))
            if (left != joined && group_of(each) == left && group_of(other) == joined) leave(bunch_of(named.contains(each) ? other : each));
    for (auto each : named)
        for (auto group : {left, joined}) engine_.allow_together(each, group);
    for (auto each : engine_.tickets_of(joined)) concerned.push_back(each);
    engine_.merge(left, joined);
    for (auto each : concerned)
        if (!engine_.group_of(each)) engine_.link(each, new_group_());
    engine_.must_link(one, into);
}

void feedback::split(std::span<const ticket_id> tickets) {
    const bunch leaving(tickets.begin(), tickets.end());
    part(leaving);
    let_meet(leaving, leaving);
    const auto into = new_group_();
    for (auto each : leaving)
        if (group_of(each) != into) engine_.split(group_of(each), tickets, into);
    for (auto each : leaving) {
        engine_.allow_together(each, into);
        engine_.must_link(*leaving.begin(), each);
    }
}

feedback::bunch feedback::bunch_of(ticket_id one) const {
    bunch found{one};
    std::vector<ticket_id> to_follow{one};
    while (!to_follow.empty()) {
        const auto next = to_follow.back();
        to_follow.pop_back();
        for (auto other : engine_.told_together(next))
            if (found.insert(other).second) to_follow.push_back(other);
    }
    return found;
}

// What was said between the two is withdrawn.
void feedback::let_meet(const bunch& some, const bunch& others) {
    for (auto each : some)
        for (auto other : copied(engine_.told_apart(each)))
            if (others.contains(other)) engine_.withdraw_link(each, other);
}

// Tickets that cannot stay with those that come found a group; a ticket alone is free to go on from there.
void feedback::leave(const bunch& some) {
    const auto first = *some.begin();
    const auto into = new_group_();
    if (some.size() == 1) {
        engine_.detach(first);
        engine_.link(first, into);
        return;
    }
    engine_.split(group_of(first), std::vector<ticket_id>(some.begin(), some.end()), into);
}

// Tickets leave their bunches: each is apart from those that remain, and these stay linked with one another.
void feedback::part(const bunch& leaving) {
    for (auto each : leaving) {
        std::vector<ticket_id> remaining;
        for (auto other : bunch_of(each))
            if (!leaving.contains(other)) remaining.push_back(other);
        for (std::size_t at = 0; at + 1 < remaining.size(); ++at) engine_.must_link(remaining[at], remaining[at + 1]);
        for (auto other : remaining) engine_.cannot_link(each, other);
    }
}

} // namespace relais::model::grouping
