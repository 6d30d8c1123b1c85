// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/event.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// What the product owner decided on an incident of a weekly share. Nothing of it is ever changed: a decision that amends another stands
// beside it, and what is said or done about it are steps of their own.
struct decision {
    std::int64_t id = 0, share_id = 0, incident_id = 0;
    std::string week;                       // of the share
    std::string kind;                       // accept, prioritise, reject, ask
    std::string text, due;                  // YYYY-MM-DD or empty
    std::optional<std::int64_t> amends_id;  // the one it replaces
    std::optional<std::int64_t> amended_by; // the one that replaces it
    std::string actor_name;
    sys_seconds decided_at;
    std::optional<sys_seconds> carried_out_at;
    auto fields() {
        return std::tie(id, share_id, incident_id, week, kind, text, due, amends_id, amended_by, actor_name, decided_at, carried_out_at);
    }
    bool stands() const { return !amended_by; }
};

struct decision_step {
    std::int64_t id = 0, decision_id = 0;
    std::string kind; // comment, answer, carried_out, resumed
    std::string text, actor_name;
    sys_seconds made_at;
    static constexpr auto columns = "id, decision_id, kind, text, actor_name, made_at";
    auto fields() { return std::tie(id, decision_id, kind, text, actor_name, made_at); }
};

// A decision with what was said about it.
struct decision_thread {
    decision what;
    std::vector<decision_step> steps;
};

namespace decisions {

constexpr std::size_t text_limit = 2000; // code points

// What is decided. amends: 0, or the decision that it replaces.
struct draft {
    std::string kind, text, due;
    std::int64_t incident_id = 0, amends = 0;
};
// Writes it, with its event in the incident's history. Throws: invalid on "decision", "text" (a rejection or a question says why),
// "due", "incident" (not in that share); conflict("conflict.amended") when somebody amended it first; not_found.
std::int64_t decide(soci::session& sql, std::int64_t share_id, const draft& what, const actor& who, sys_seconds now);

// comment (the owner's), answer (the resolution team's), carried_out or resumed. Throws: invalid on "text" when it is empty, conflict
// ("conflict.carried_out") when it already is, or is not, carried out; not_found.
void add_step(soci::session& sql, std::int64_t id, std::string_view kind, std::string_view text, const actor& who, sys_seconds now);

decision get(soci::session& sql, std::int64_t id);
// All of an incident, amended ones too, oldest first.
std::vector<decision> of_incident(soci::session& sql, std::int64_t incident_id);
std::vector<decision> of_share(soci::session& sql, std::int64_t share_id);
// Those that stood and were not carried out at an instant, the oldest first.
std::vector<decision> outstanding(soci::session& sql, sys_seconds at);
std::vector<decision_step> steps(soci::session& sql, std::int64_t decision_id);
std::vector<decision_thread> threads(soci::session& sql, std::vector<decision> all);
// The same with their words as a share tells them (told_words): for links, and for roles that do not see what citizens write.
std::vector<decision_thread> told(soci::session& sql, std::vector<decision_thread> all);

} // namespace decisions

} // namespace relais::model
