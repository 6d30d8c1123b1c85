// SPDX-License-Identifier: EUPL-1.2
#include "model/told_count.hpp"

#include "model/small_cell.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace relais::model {

namespace {

using json = nlohmann::json;
using small_cells::is_small;

// Counts of which each holds the next.
constexpr std::size_t longest_chain = 3;
using chain = std::array<std::string_view, longest_chain>;
constexpr auto chains = std::to_array<chain>({{"received", "received.repeat"},
                                              {"received", "acknowledged", "acknowledged.fast"},
                                              {"acknowledged", "acknowledged.late"},
                                              {"replied", "replied.in_time", "replied.fast"},
                                              {"letters", "letters.in_time", "letters.fast"},
                                              {"closed", "closed.announced", "closed.kept"},
                                              {"closed", "closed.linkable", "closed.linked"},
                                              {"closed", "rated", "rated.high"},
                                              {"settled", "settled.first_contact"},
                                              {"calls.offered", "calls.answered", "calls.fast"},
                                              {"calls.offered", "calls.lost"},
                                              {"callbacks.promised", "callbacks.called", "callbacks.kept"},
                                              {"callbacks.promised", "callbacks.reached", "callbacks.kept"},
                                              {"incidents.attached", "incidents.attached_fast"},
                                              {"told", "told.fast"},
                                              {"access", "access.kept"},
                                              {"reviews"},
                                              {"backlog.old"}});

// A whole, and two parts of it that have nothing in common: what is left may be few.
struct parting {
    std::string_view whole, one, other;
};
constexpr auto partings =
    std::to_array<parting>({{"calls.offered", "calls.answered", "calls.lost"}, {"acknowledged", "acknowledged.fast", "acknowledged.late"}});

// What is said of a count of people, and says too much when they are few.
constexpr auto sayings = std::to_array<std::pair<std::string_view, std::string_view>>({{"calls.wait_p50", "calls.answered"},
                                                                                       {"calls.wait_p90", "calls.answered"},
                                                                                       {"reviews.met", "reviews"},
                                                                                       {"backlog.oldest_days", "backlog.old"}});

std::int64_t number(const figure_measures& in, std::string_view name) {
    auto found = in.find(name);
    return found == in.end() ? 0 : found->second;
}

} // namespace

told_counts::told_counts(const figure_measures& measured, const few_people& are_few) : measured_(measured) {
    auto is_few = [&](std::string_view name, std::initializer_list<std::string_view> but_not) {
        auto left = number(measured, name);
        for (auto each : but_not) left -= number(measured, each);
        return is_small(left) || (left > 0 && are_few && are_few(name, but_not));
    };
    for (const auto& each : chains) {
        auto from = std::span(each);
        for (auto name = from.begin(); name != from.end() && !name->empty(); ++name) {
            auto gives = [&](std::string_view wider) {
                return !holds(wider) && (is_small(number(measured, wider)) || is_few(wider, {*name}));
            };
            if (is_few(*name, {}) || std::any_of(from.begin(), name, gives)) held_.emplace(*name);
        }
    }
    for (const auto& [whole, one, other] : partings)
        if (is_few(whole, {one, other})) held_.emplace(other);
    for (const auto& [said, of] : sayings)
        if (is_few(of, {})) held_.emplace(said);
    // The other fixes of the week are told with their incidents: K17 less their persons would tell the few of one.
    if (is_small(number(measured, "told.fewest"))) held_.insert({"told", "told.fast"});
}

json told_counts::count(std::string_view measure) const {
    auto found = measured_.find(measure);
    return found == measured_.end() || holds(measure) ? json() : json(found->second);
}

void told_steps::know(std::string_view name, const json& was) {
    if (was.is_number()) told_[std::string(name)] = {was, was};
}

bool told_steps::take(std::initializer_list<std::pair<std::string_view, json>> counts) {
    auto before = told_;
    for (const auto& [name, is] : counts)
        if (auto known = told_.find(name); known != told_.end() && is.is_number()) known->second.is = is;
    if (!tells_of_few()) return true;
    told_ = std::move(before);
    return false;
}

bool told_steps::tells_of_few() const {
    for (const auto& each : chains)
        for (std::size_t wide = 0; wide + 1 < each.size(); ++wide)
            for (auto narrow = wide + 1; narrow < each.size(); ++narrow) {
                auto wider = told_.find(each[wide]), part = told_.find(each[narrow]);
                if (wider == told_.end() || part == told_.end()) continue;
                auto left = [&](auto side) { return wider->second.*side - part->second.*side; };
                if (is_small(std::abs(left(&count::is) - left(&count::was)))) return true;
            }
    return false;
}

} // namespace relais::model
