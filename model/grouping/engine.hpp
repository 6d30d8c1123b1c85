// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/grouping/decision.hpp"
#include "model/grouping/options.hpp"
#include "model/grouping/ticket.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

namespace relais::model::grouping {

// Who said that a ticket belongs to a group.
enum class linked_by { machine, person };

// Groups the tickets that report the same bug. It holds an index of tickets and groups in memory; it reads no database, no clock and
// no socket, and the same calls in the same order give the same answers. It never changes a group by itself: it answers (decide,
// candidates, similar, consolidate), and its owner tells it what was done (put, attach, ...), once that is committed. Rebuilding is
// telling everything again: put() every ticket in order of arrival with its present group, then the links and the reviews.
// One thread at a time. Unknown tickets and groups are ignored by every change but put().
// Source: docs/decisions/0020-grouping.md
class engine {
public:
    explicit engine(const options& wanted = {}) : engine(wanted, weights_for(wanted)) {}
    engine(const options& wanted, const weights& constants);
    ~engine();
    engine(engine&&) noexcept;
    engine& operator=(engine&&) noexcept;

    // What to do with a ticket that is not put yet. Changes nothing.
    decision decide(const ticket& asked) const;
    // The same with the tickets that read alike, for little more than the price of one.
    consideration consider(const ticket& asked, std::size_t similar_limit) const;
    // The groups (and lone tickets) it may belong to, the most probable first, whatever the band; for suggestions beside a ticket.
    // A ticket that is put already is not compared with itself.
    std::vector<match> candidates(const ticket& asked, std::size_t limit) const;
    // The tickets that read alike, best first; `asked` itself is left out. For a form being typed, fill what is known.
    std::vector<similar_ticket> similar(const ticket& asked, std::size_t limit) const;

    // A ticket arrived and is in that group, or alone. Putting an id twice does nothing.
    void put(const ticket& arrived, std::optional<group_id> group, linked_by who = linked_by::machine);
    // The machine's own link or move, one that people may still change. Never follows a person's word.
    void link(ticket_id ticket, std::optional<group_id> group);

    // A person's word. Each is remembered for ever, and every machine decision respects it from then on.
    // attach: this ticket belongs to that group (must-link with the tickets there).
    void attach(ticket_id ticket, group_id group);
    // detach: it does not belong to the group it is in; it is alone after that, and never returns there by machine.
    void detach(ticket_id ticket);
    // merge: both are the same bug; `into` remains. A ticket that people took out of one and only the machine put into the other is left
    // alone.
    void merge(group_id from, group_id into);
    // split: these tickets leave for the new group `into`; the two never meet again by machine, and who was kept out of `from` is kept
    // out of both.
    void split(group_id from, std::span<const ticket_id> tickets, group_id into);
    // reviewed: a person read this group; it takes new tickets, but the machine neither merges it with another reviewed group,
    // nor moves its tickets out.
    void set_reviewed(group_id group, bool reviewed = true);
    // What detach and split leave behind, for rebuilding and for undoing: a ticket and a group, or two groups, that no machine joins.
    void keep_apart(ticket_id ticket, group_id group);
    void keep_groups_apart(group_id one, group_id other);
    void allow_together(ticket_id ticket, group_id group);
    // Between two tickets, for rebuilding from stored corrections and for undoing one.
    void must_link(ticket_id one, ticket_id other);
    void cannot_link(ticket_id one, ticket_id other);
    void withdraw_link(ticket_id one, ticket_id other);
    // The tickets of which that was said.
    const std::unordered_set<ticket_id>& told_together(ticket_id ticket) const;
    const std::unordered_set<ticket_id>& told_apart(ticket_id ticket) const;

    // The probability from which tickets are attached from now on: see calibration.hpp.
    void set_attach_from(double probability);

    // A ticket is erased: its words leave every answer.
    void erase(ticket_id ticket);

    // What it would merge or move now among groups that nobody reviewed. now: only tickets and groups younger than forget_days are looked
    // at; absent: all are, as in streams without time. since: a ticket_count() of before; only tickets put after it, and those that read
    // like them, are looked at, which takes little time.
    std::vector<proposal> consolidate(std::optional<sys_seconds> now, std::size_t since = 0) const;

    std::optional<group_id> group_of(ticket_id ticket) const;
    std::vector<ticket_id> tickets_of(group_id group) const;
    std::size_t ticket_count() const;
    // Bytes held by the index, counted, not guessed from the process.
    std::size_t memory_bytes() const;

    struct state; // model/grouping/state.hpp

private:
    std::unique_ptr<state> state_;
};

} // namespace relais::model::grouping
