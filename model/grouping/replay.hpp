// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/grouping/feedback.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace relais::model::grouping {

// A person's word at its place in a stream. Tickets are named as in the file; a group is named by any of its tickets.
// attach: tickets[0] joins the group of tickets[1]. detach: tickets[0] leaves its group, or is kept from that of tickets[1] when there is
// one. merge: the group of tickets[0] joins that of tickets[1]. split: the tickets leave their groups, together.
struct correction {
    enum class kind { attach, detach, merge, split } what = kind::attach;
    std::vector<std::string> tickets;
};

// Runs the engine over a stream as the contact centre would: each ticket is decided in order, the groups are consolidated at the end.
// Nobody is there to accept a suggestion, so one that is more likely than not is taken as accepted.
class replay {
public:
    struct rank {
        std::string ticket;
        double score = 0;
    };

    explicit replay(options wanted);
    replay(const replay&) = delete;
    replay& operator=(const replay&) = delete;

    // Takes the next ticket; its id inside the engine is set here. ranks: how many similar earlier tickets to return, best first.
    // False: the name was taken already, and the ticket is left out.
    bool add(const std::string& name, ticket arrived, std::size_t ranks, std::vector<rank>& similar);
    // Returns what is wrong with it, or an empty text when it is done.
    std::string correct(const correction& said);
    // Call after the last ticket.
    void consolidate();
    // Calls each(ticket, group) in order of arrival; a group bears the name of its first ticket.
    void groups(const std::function<void(const std::string&, const std::string&)>& each) const;

private:
    void apply(const proposal& told);

    engine engine_;
    feedback feedback_{engine_, [this] { return ++groups_made_; }};
    std::vector<std::string> names_; // ticket n has id n + 1
    std::map<std::string, ticket_id, std::less<>> ids_;
    group_id groups_made_ = 0;
};

} // namespace relais::model::grouping
