// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/event.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// A colleague who treats tickets, and the team that he or she answers with.
struct team_member {
    std::int64_t id = 0;
    std::string login, name, role;
    std::optional<std::int64_t> team_id;
    std::int64_t version = 1; // of the account
    auto fields() { return std::tie(id, login, name, role, team_id, version); }
};

namespace team_members {

constexpr int limit = 500;

// Those who may be given a ticket, by name, at most `limit`.
std::vector<team_member> all(soci::session& sql);

// One of those. Throws: not_found, when nobody of that number treats tickets.
team_member get(soci::session& sql, std::int64_t user);

// Puts a colleague in a team, or in none. The same again changes nothing. seen: the version that was changed; 0: whatever it is now.
// Throws: not_found, when nobody of that number treats tickets; invalid on "team", when there is no such team;
// conflict("conflict.member"), when the account has changed since.
void place(soci::session& sql, std::int64_t user, std::optional<std::int64_t> team, const actor& who, sys_seconds now,
           std::int64_t seen = 0);

// Makes a team; its code is its name without accents or spaces. Throws: invalid on "name", when it is empty or taken.
std::int64_t found_team(soci::session& sql, std::string_view name, const actor& who, sys_seconds now);

} // namespace team_members

} // namespace relais::model
