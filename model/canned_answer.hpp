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

// An answer kept ready for a team, or for all of them. Its text has variables (model/answer_variable.hpp).
struct canned_answer {
    std::int64_t id = 0;
    std::optional<std::int64_t> team_id; // nothing: every team
    std::string team;                    // its name
    std::string title, body;
    std::int64_t version = 1;
    std::optional<sys_seconds> retired_at; // no longer offered
    auto fields() { return std::tie(id, team_id, team, title, body, version, retired_at); }
};

// What it said at a version.
struct canned_answer_text {
    std::int64_t version = 1;
    std::string title, body, written_by;
    sys_seconds written_at;
    auto fields() { return std::tie(version, title, body, written_by, written_at); }
};

namespace canned_answers {

constexpr int list_limit = 500;

struct words {
    std::optional<std::int64_t> team_id;
    std::string title, body;
};

// What a colleague may choose from, by title: those of every team and of theirs; all of them for whoever is in no team.
std::vector<canned_answer> offered_to(soci::session& sql, std::int64_t user_id);
// All of them, by title, the retired ones last.
std::vector<canned_answer> all(soci::session& sql);
// Throws: not_found.
canned_answer get(soci::session& sql, std::int64_t id);
// Every text it had, newest first.
std::vector<canned_answer_text> texts(soci::session& sql, std::int64_t id);

// Both throw invalid on "title", "body" (empty, too long, a variable that does not exist) or "team".
std::int64_t add(soci::session& sql, const words& what, const actor& who, sys_seconds now);
// seen: the version that was changed. Throws: not_found; conflict("conflict.canned") when a colleague was first.
void change(soci::session& sql, std::int64_t id, std::int64_t seen, const words& what, const actor& who, sys_seconds now);
// No longer offered, or offered again, as it was seen. Nothing is erased. Throws as change.
void set_retired(soci::session& sql, std::int64_t id, std::int64_t seen, bool retired, const actor& who, sys_seconds now);

} // namespace canned_answers

} // namespace relais::model
