// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/state.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

namespace relais::model::grouping {
namespace {

constexpr int sweeps = 3;          // moves settle after two or three
constexpr int rounds = 2;          // of merges and moves: the second finds little, a third nothing
constexpr std::size_t sampled = 8; // tickets that speak for their group when it may be merged
constexpr std::size_t neighbours_looked_at = 40;
constexpr std::int64_t day_s = 86'400;

// Tries changes on a copy of the groups, and tells which remain.
class consolidation {
public:
    consolidation(const engine::state& all, std::int64_t now, place since) : all_(all), now_(now), book_(all.groups) {
        turn_round();
        choose(since);
    }

    std::vector<proposal> run() {
        merge_groups();
        const auto merged = standing();
        const auto merges = told_.size();
        for (int round = 0; round < rounds; ++round) {
            bool has_moved = false;
            for (int sweep = 0; sweep < sweeps && move_tickets(); ++sweep) has_moved = true;
            if (!has_moved) break;
            merge_groups();
        }
        told_.resize(merges); // later merges are told as the moves of their tickets, since some groups exist here only
        tell_moves(merged);
        return std::move(told_);
    }

private:
    // Who found whom, seen from the one who was found: later tickets that read like it.
    void turn_round() {
        begins_.assign(all_.tickets.size() + 1, 0);
        const auto each_kept = [this](auto&& see) {
            for (place where = 0; where < all_.tickets.size(); ++where) {
                std::uint32_t rank = 0;
                all_.near.read(where, [&](const neighbour& one) { see(where, one, rank++); });
            }
        };
        each_kept([this](place, const neighbour& one, std::uint32_t) { ++begins_[one.where]; });
        std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
        found_by_.resize(begins_.back());
        each_kept([this](place where, const neighbour& one, std::uint32_t rank) {
            found_by_[--begins_[one.where]] = {{where, one.letters}, rank};
        });
    }

    // The tickets that may move: those put since, and those that read like them.
    void choose(place since) {
        chosen_.assign(all_.tickets.size(), since == 0);
        for (auto where = since; where < all_.tickets.size(); ++where) {
            chosen_[where] = true;
            if (since > 0) all_.near.read(where, [&](const neighbour& one) { chosen_[one.where] = true; });
        }
    }

    std::vector<std::uint32_t> standing() const {
        std::vector<std::uint32_t> groups(all_.tickets.size());
        for (place where = 0; where < groups.size(); ++where) groups[where] = book_.group_of(where);
        return groups;
    }

    bool is_recent(std::int64_t at) const { return now_ == no_time || at == no_time || now_ - at <= all_.settings.forget_days * day_s; }

    // Whether the group's tickets changed in that turn or since; 0: everything is new.
    bool is_stirred(std::uint32_t group, int turn) const { return turn == 0 || (group < stirred_.size() && stirred_[group] >= turn); }
    void stir(std::uint32_t group) {
        if (group == no_group) return;
        if (group >= stirred_.size()) stirred_.resize(group + 1, 0);
        stirred_[group] = turn_;
    }

    bool is_chosen(const group_record& one) const {
        return std::any_of(one.members.begin(), one.members.end(), [this](place member) { return chosen_[member]; });
    }

    // Small groups join the larger ones they belong to.
    void merge_groups() {
        const auto before = std::exchange(merging_turn_, ++turn_);
        std::vector<std::uint32_t> order;
        for (std::uint32_t group = 0; group < book_.size(); ++group) {
            const auto& one = book_.at(group);
            if (one.members.size() > 1 && !one.is_reviewed && is_recent(one.last_at) && is_stirred(group, before) && is_chosen(one))
                order.push_back(group);
        }
        std::stable_sort(order.begin(), order.end(), [this](std::uint32_t one, std::uint32_t other) {
            return book_.at(one).members.size() < book_.at(other).members.size();
        });
        for (auto group : order) merge_group(group);
    }

    void merge_group(std::uint32_t group) {
        const auto members = book_.at(group).members; // a copy: merging empties it
        if (members.empty()) return;
        std::map<std::uint32_t, double> sums;
        const auto step = std::max<std::size_t>(1, members.size() / sampled);
        std::size_t asked = 0;
        for (std::size_t at = 0; at < members.size() && asked < sampled; at += step, ++asked) {
            const auto one = all_.recall(members[at]);
            for (const auto& each : all_.targets(one, nearest(members[at], one), book_))
                if (each.group != no_group && each.group != group) {
                    const auto found = all_.judge(one, each, book_);
                    sums[each.group] += found.total - found.size + all_.tuned.threshold;
                }
        }
        auto best = no_group;
        double best_sum = 0;
        for (const auto& [other, sum] : sums) {
            const bool can = book_.at(other).members.size() >= members.size() && may_merge(group, other);
            if (can && (best == no_group || sum > best_sum)) best = other, best_sum = sum;
        }
        const auto average = best_sum / static_cast<double>(asked) - all_.tuned.merge_threshold - attaching_;
        if (best == no_group || average < 0) return;
        stir(best);
        for (auto member : members) book_.assign(member, best, all_.contribution_of(member), all_.tickets.at(member).at);
        told_.push_back({book_.at(group).id, book_.at(best).id, {}, {}, all_.probability(average + attaching_)});
    }

    bool may_merge(std::uint32_t from, std::uint32_t into) const {
        const auto& one = book_.at(from);
        const auto& other = book_.at(into);
        if (one.is_reviewed || all_.people.are_groups_apart(one.id, other.id)) return false;
        return std::all_of(one.members.begin(), one.members.end(),
                           [&](place member) {
                               return !all_.tickets.at(member).is_fixed && all_.may_join(all_.tickets.at(member).id, into, book_);
                           }) &&
               std::none_of(other.members.begin(), other.members.end(),
                            [&](place member) { return all_.people.is_kept_out(all_.tickets.at(member).id, one.id); });
    }

    // Each ticket, taken out, is judged again; true when one moved.
    bool move_tickets() {
        const auto turn = std::exchange(moving_turn_, ++turn_);
        bool has_moved = false;
        for (place where = 0; where < all_.tickets.size(); ++where) {
            if (!chosen_[where]) continue;
            const auto& record = all_.tickets.at(where);
            const auto before = book_.group_of(where);
            const bool is_held = record.is_fixed || record.is_erased || !is_recent(record.at) || is_with_its_own(record.id, before);
            if (is_held || (before != no_group && book_.at(before).is_reviewed)) continue;
            has_moved = move_ticket(where, before, turn) || has_moved;
        }
        return has_moved;
    }

    // Whether the ticket stands where a person linked it.
    bool is_with_its_own(ticket_id ticket, std::uint32_t group) const {
        const auto& others = all_.people.together(ticket);
        return group != no_group && std::any_of(others.begin(), others.end(), [&](ticket_id other) {
                   const auto where = all_.tickets.find(other);
                   return where != no_place && book_.group_of(where) == group;
               });
    }

    bool move_ticket(place where, std::uint32_t before, int turn) {
        const auto one = all_.recall(where);
        const auto hits = nearest(where, one);
        const auto is_unchanged = [&](std::uint32_t group) { return group == no_group || !is_stirred(group, turn); };
        const auto leads_nowhere_new = [&](const hit& each) { return is_unchanged(book_.group_of(each.where)); };
        if (turn > 0 && is_unchanged(before) && std::all_of(hits.begin(), hits.end(), leads_nowhere_new)) return false;
        const auto brought = all_.contribution_of(where);
        const auto at = all_.tickets.at(where).at;
        book_.assign(where, no_group, brought, at);
        const auto found = best_target(one, hits, before);
        auto best = found.group;
        if (found.alone != no_place) {
            best = book_.number_of(next_made_up_--);
            book_.assign(found.alone, best, all_.contribution_of(found.alone), all_.tickets.at(found.alone).at);
        } else if (best == no_group) {
            const bool was_alone = before == no_group || book_.at(before).members.empty();
            best = was_alone ? before : book_.number_of(next_made_up_--);
        }
        book_.assign(where, best, brought, at);
        if (best == before) return false;
        stir(before);
        stir(best);
        return true;
    }

    // Where the ticket belongs most; neither group nor ticket when it belongs nowhere. It stays where it is likelier than not; to go
    // elsewhere takes what attaching takes.
    target best_target(const read_ticket& one, const std::vector<hit>& hits, std::uint32_t before) const {
        target best;
        double best_total = 0;
        for (const auto& each : all_.targets(one, hits, book_)) {
            if (each.group != no_group && !is_recent(book_.at(each.group).last_at)) continue;
            if (each.alone != no_place && !is_recent(all_.tickets.at(each.alone).at)) continue;
            const bool stays = each.group != no_group && each.group == before;
            const auto total = all_.judge(one, each, book_).total + (stays ? all_.tuned.consolidation : -attaching_);
            if (total >= best_total) best = each, best_total = total;
        }
        return best;
    }

    // What the ticket found when it came, and those that found it later; the words do not change while the groups do. A ticket of which
    // nothing is kept is searched for, once.
    std::vector<hit> nearest(place where, const read_ticket& one) {
        std::vector<ranked> all(found_by_.begin() + begins_[where], found_by_.begin() + begins_[where + 1]);
        std::uint32_t rank = 0;
        const auto take = [&](const neighbour& each) { all.push_back({each, rank++}); };
        if (!all_.near.read(where, take))
            for (const auto& each : searched(where, one)) take(each);
        std::sort(all.begin(), all.end(), [](const ranked& left, const ranked& right) {
            return std::pair(left.rank, right.one.where) < std::pair(right.rank, left.one.where);
        });
        std::erase_if(all, [this](const ranked& each) { return all_.tickets.at(each.one.where).is_erased; });
        if (all.size() > neighbours_looked_at) all.resize(neighbours_looked_at);
        std::vector<hit> found(all.size());
        for (std::size_t at = 0; at < all.size(); ++at) {
            found[at].where = all[at].one.where;
            found[at].letters = static_cast<double>(all[at].one.letters);
        }
        return found;
    }

    const std::vector<neighbour>& searched(place where, const read_ticket& one) {
        const auto [kept, is_new] = searched_.try_emplace(where);
        if (is_new)
            for (const auto& each : all_.nearest(one, neighbour_lists::kept))
                kept->second.push_back({each.where, static_cast<float>(each.letters)});
        return kept->second;
    }

    void tell_moves(const std::vector<std::uint32_t>& before) {
        std::map<std::uint32_t, place> founders; // of groups that did not exist
        for (place where = 0; where < all_.tickets.size(); ++where) {
            const auto group = book_.group_of(where);
            if (group == before[where]) continue;
            proposal told;
            told.ticket = all_.tickets.at(where).id;
            told.probability = 0.5;
            if (group != no_group) {
                const auto& members = book_.at(group).members;
                const auto stayed = std::find_if(members.begin(), members.end(), [&](place each) { return before[each] == group; });
                if (stayed != members.end())
                    told.beside = all_.tickets.at(*stayed).id;
                else if (const auto [founder, is_first] = founders.emplace(group, where); !is_first)
                    told.beside = all_.tickets.at(founder->second).id;
                else if (before[where] == no_group)
                    continue; // it stands alone already; who joins it says so
            }
            told_.push_back(told);
        }
    }

    const engine::state& all_;
    std::int64_t now_;
    group_book book_;
    struct ranked {
        neighbour one;
        std::uint32_t rank = 0; // in the list it is of
    };
    std::vector<ranked> found_by_; // by who was found, from begins_[where] to begins_[where + 1]
    std::vector<std::uint32_t> begins_;
    std::unordered_map<place, std::vector<neighbour>> searched_;
    std::vector<bool> chosen_;
    std::vector<int> stirred_;                          // by group: the turn in which it last changed
    int turn_ = 0, merging_turn_ = 0, moving_turn_ = 0; // 0: none yet
    std::vector<proposal> told_;
    // What speaks for a probability of attach_from.
    double attaching_ = std::log(all_.settings.attach_from / (1 - all_.settings.attach_from)) / all_.tuned.steepness;
    group_id next_made_up_ = std::numeric_limits<group_id>::min() / 2; // ids of groups that exist here only
};

} // namespace

std::vector<proposal> engine::state::consolidate(std::int64_t now, place since) const {
    return consolidation(*this, now, std::min(since, tickets.size())).run();
}

} // namespace relais::model::grouping
