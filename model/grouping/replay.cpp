// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/replay.hpp"

#include <map>

namespace relais::model::grouping {
namespace {

constexpr double taken_as_accepted = 0.5;

options without_people(options wanted) {
    wanted.attach_from = taken_as_accepted;
    return wanted;
}

} // namespace

replay::replay(options wanted) : engine_(without_people(wanted)) {}

bool replay::add(const std::string& name, ticket arrived, std::size_t ranks, std::vector<rank>& similar) {
    arrived.id = static_cast<ticket_id>(names_.size()) + 1;
    if (!ids_.emplace(name, arrived.id).second) return false;
    names_.push_back(name);
    const auto considered = engine_.consider(arrived, ranks);
    similar.clear();
    for (const auto& each : considered.similar) similar.push_back({names_[static_cast<std::size_t>(each.id - 1)], each.score});
    const auto& decided = considered.decided;
    const bool joins = decided.what == band::attach && decided.best->group;
    engine_.put(arrived, joins ? *decided.best->group : ++groups_made_);
    return true;
}

std::string replay::correct(const correction& said) {
    std::vector<ticket_id> tickets;
    for (const auto& name : said.tickets) {
        const auto found = ids_.find(name);
        if (found == ids_.end()) return "no earlier ticket is called " + name;
        tickets.push_back(found->second);
    }
    const auto wanted = said.what == correction::kind::attach || said.what == correction::kind::merge ? 2u : 1u;
    if (tickets.size() < wanted) return "it names too few tickets";
    const auto second = tickets.size() > 1 ? std::optional(tickets[1]) : std::nullopt;
    switch (said.what) {
    case correction::kind::attach:
        feedback_.attach(tickets[0], *second);
        break;
    case correction::kind::merge:
        feedback_.merge(tickets[0], *second);
        break;
    case correction::kind::split:
        feedback_.split(tickets);
        break;
    case correction::kind::detach:
        feedback_.detach(tickets[0], second);
        break;
    }
    return {};
}

void replay::consolidate() {
    for (const auto& each : engine_.consolidate({})) apply(each);
}

void replay::apply(const proposal& told) {
    if (told.ticket)
        engine_.link(*told.ticket, told.beside ? *engine_.group_of(*told.beside) : ++groups_made_);
    else
        for (auto ticket : engine_.tickets_of(*told.from)) engine_.link(ticket, told.into);
}

void replay::groups(const std::function<void(const std::string&, const std::string&)>& each) const {
    std::map<group_id, const std::string*> first;
    for (std::size_t at = 0; at < names_.size(); ++at) {
        const auto group = *engine_.group_of(static_cast<ticket_id>(at) + 1);
        each(names_[at], *first.emplace(group, &names_[at]).first->second);
    }
}

} // namespace relais::model::grouping
