// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/demo/people.hpp"
#include "model/demo/records.hpp"
#include "model/demo/timeline.hpp"

#include <optional>

namespace relais::model::demo {

// What decides a dossier before it is written out: made again at will from its index.
struct dossier_plan {
    std::uint64_t index = 0;
    std::uint64_t owner = 0;        // the dossier whose person this is: people have several
    std::optional<std::size_t> bug; // in catalogue.topics
    bool odd = false;               // an anomaly that no planted bug explains
    std::string procedure;
    std::size_t place = 0;
    sys_seconds opened_at{};
    sys_seconds hit_at{};                // when the bug struck
    std::optional<sys_seconds> moved_at; // when it left the bug behind
    std::string error_code;
};

// The dossiers of a demonstration as a function of their index, so that a ticket can point to one without keeping any.
class agency {
public:
    explicit agency(const options& wanted);

    dossier_plan plan(std::uint64_t index) const;
    person owner(const dossier_plan& plan) const;
    // Where the dossier stood then; nothing before it was opened.
    std::optional<dossier_state> state_at(const dossier_plan& plan, sys_seconds at) const;
    demo_dossier dossier(std::uint64_t index) const;

    // A dossier that the bug struck before that moment and that is still stuck, when there is one.
    std::optional<dossier_plan> struck_by(std::size_t bug, const timeline::moment& when, dice& roll) const;
    // A dossier of that procedure (any when empty) opened before that moment and not struck by a bug, when a few draws find one.
    // recent: opened in the ten weeks before it.
    std::optional<dossier_plan> ordinary(const std::string& procedure, bool recent, sys_seconds at, dice& roll) const;

    const timeline& times() const { return times_; }
    const options& wanted() const { return wanted_; }

private:
    person_wish wish(const dossier_plan& plan) const;
    void strike(dossier_plan& plan, std::uint64_t rank, std::uint64_t ranks, dice& roll) const;
    std::uint64_t blocks() const;
    std::uint64_t places_of(std::size_t bug) const;

    options wanted_;
    timeline times_;
    std::vector<int> slots_;                           // a block of dossiers: topic, or one of the marks below
    std::vector<std::vector<std::uint64_t>> slots_of_; // by topic
};

// The number of a dossier: opaque, different for every index.
std::string dossier_number(std::uint64_t seed, std::uint64_t index);
// A file number of department 00, which cannot belong to anybody.
std::string made_up_neph(int year, int month, std::uint64_t index, bool legacy);

// The ordinary life of a dossier: its status at a moment and since when. Same dice, same life.
dossier_state ordinary_state(const std::string& procedure, sys_seconds opened_at, sys_seconds at, dice roll);
// A procedure of an ordinary dossier, by how often people start it.
const std::string& drawn_procedure(dice& roll);
bool by_school(std::string_view procedure);

} // namespace relais::model::demo
