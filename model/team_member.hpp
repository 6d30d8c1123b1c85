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
    auto fields() { return std::tie(id, login, name, role, team_id); }
};

namespace team_members {

constexpr int limit = 500;

// Those who may be given a ticket, by name, at most `limit`.
std::vector<team_member> all(soci::session& sql);

// Puts a colleague in a team, or in none. The same again changes nothing. Throws: not_found, when nobody of that number treats tickets;
// invalid on "team", when there is no such team.
void place(soci::session& sql, std::int64_t user, std::optional<std::int64_t> team, const actor& who, sys_seconds now);

// Makes a team; its code is its name without accents or spaces. Throws: invalid on "name", when it is empty or taken.
std::int64_t found_team(soci::session& sql, std::string_view name, const actor& who, sys_seconds now);

} // namespace team_members

} // namespace relais::model
