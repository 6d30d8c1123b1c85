// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/state.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace relais::model::grouping {
namespace {

constexpr int sweeps = 3;          // moves settle after two or three
constexpr int rounds = 2;          // of merges and moves: the second finds little, a third nothing
constexpr std::size_t sampled = 8; // tickets that speak for their group when it may be merged
constexpr std::size_t hits_kept = 30;
constexpr std::int64_t day_s = 86'400;

// Tries changes on a copy of the groups, and tells which remain.
class consolidation {
public:
    consolidation(const engine::state& all, std::int64_t now) : all_(all), now_(now), book_(all.groups) {}

    std::vector<proposal> run() {
        merge_groups();
        const auto merged = book_;
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
    bool is_recent(std::int64_t at) const { return now_ == no_time || at == no_time || now_ - at <= all_.settings.forget_days * day_s; }

    // Small groups join the larger ones they belong to.
    void merge_groups() {
        std::vector<std::uint32_t> order;
        for (std::uint32_t group = 0; group < book_.size(); ++group) {
            const auto& one = book_.at(group);
            if (one.members.size() > 1 && !one.is_reviewed && is_recent(one.last_at)) order.push_back(group);
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
        bool has_moved = false;
        for (place where = 0; where < all_.tickets.size(); ++where) {
            const auto& record = all_.tickets.at(where);
            const auto before = book_.group_of(where);
            const bool is_held = record.is_fixed || record.is_erased || !is_recent(record.at) || is_with_its_own(record.id, before);
            if (is_held || (before != no_group && book_.at(before).is_reviewed)) continue;
            has_moved = move_ticket(where, before) || has_moved;
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

    bool move_ticket(place where, std::uint32_t before) {
        const auto one = all_.recall(where);
        const auto brought = all_.contribution_of(where);
        const auto at = all_.tickets.at(where).at;
        book_.assign(where, no_group, brought, at);
        const auto found = best_target(where, one, before);
        auto best = found.group;
        if (found.alone != no_place) {
            best = book_.number_of(next_made_up_--);
            book_.assign(found.alone, best, all_.contribution_of(found.alone), all_.tickets.at(found.alone).at);
        } else if (best == no_group) {
            const bool was_alone = before == no_group || book_.at(before).members.empty();
            best = was_alone ? before : book_.number_of(next_made_up_--);
        }
        book_.assign(where, best, brought, at);
        return best != before;
    }

    // Where the ticket belongs most; neither group nor ticket when it belongs nowhere. It stays where it is likelier than not; to go
    // elsewhere takes what attaching takes.
    target best_target(place where, const read_ticket& one, std::uint32_t before) {
        target best;
        double best_total = 0;
        for (const auto& each : all_.targets(one, nearest(where, one), book_)) {
            if (each.group != no_group && !is_recent(book_.at(each.group).last_at)) continue;
            if (each.alone != no_place && !is_recent(all_.tickets.at(each.alone).at)) continue;
            const bool stays = each.group != no_group && each.group == before;
            const auto total = all_.judge(one, each, book_).total + (stays ? all_.tuned.consolidation : -attaching_);
            if (total >= best_total) best = each, best_total = total;
        }
        return best;
    }

    // The words do not change while the groups do, so each ticket is searched for once.
    std::vector<hit> nearest(place where, const read_ticket& one) {
        auto& kept = nearest_[where];
        if (kept.empty()) {
            for (const auto& each : all_.nearest(one, hits_kept)) kept.emplace_back(each.where, static_cast<float>(each.letters));
            kept.shrink_to_fit();
        }
        std::vector<hit> found(kept.size());
        for (std::size_t at = 0; at < kept.size(); ++at) {
            found[at].where = kept[at].first;
            found[at].letters = static_cast<double>(kept[at].second);
        }
        return found;
    }

    void tell_moves(const group_book& before) {
        std::map<std::uint32_t, place> founders; // of groups that did not exist
        for (place where = 0; where < all_.tickets.size(); ++where) {
            const auto group = book_.group_of(where);
            if (group == before.group_of(where)) continue;
            proposal told;
            told.ticket = all_.tickets.at(where).id;
            told.probability = 0.5;
            if (group != no_group) {
                const auto& members = book_.at(group).members;
                const auto stayed =
                    std::find_if(members.begin(), members.end(), [&](place each) { return before.group_of(each) == group; });
                if (stayed != members.end())
                    told.beside = all_.tickets.at(*stayed).id;
                else if (const auto [founder, is_first] = founders.emplace(group, where); !is_first)
                    told.beside = all_.tickets.at(founder->second).id;
                else if (before.group_of(where) == no_group)
                    continue; // it stands alone already; who joins it says so
            }
            told_.push_back(told);
        }
    }

    const engine::state& all_;
    std::int64_t now_;
    group_book book_;
    std::unordered_map<place, std::vector<std::pair<place, float>>> nearest_; // with the likeness of their letters
    std::vector<proposal> told_;
    // What speaks for a probability of attach_from.
    double attaching_ = std::log(all_.settings.attach_from / (1 - all_.settings.attach_from)) / all_.tuned.steepness;
    group_id next_made_up_ = std::numeric_limits<group_id>::min() / 2; // ids of groups that exist here only
};

} // namespace

std::vector<proposal> engine::state::consolidate(std::int64_t now) const { return consolidation(*this, now).run(); }

} // namespace relais::model::grouping
