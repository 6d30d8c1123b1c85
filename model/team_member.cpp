// SPDX-License-Identifier: EUPL-1.2
#include "model/team_member.hpp"

#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace relais::model::team_members {

namespace {

constexpr std::size_t name_limit = 200, code_limit = 40;
const std::string select = "SELECT id, login, name, role, team_id, version FROM user_account "
                           "WHERE role IN ('agent', 'resolver', 'supervisor') AND disabled_at IS NULL ";

std::string code_of(std::string_view name) {
    auto out = text::fold(std::string(name));
    std::replace(out.begin(), out.end(), ' ', '-');
    return out.substr(0, code_limit);
}

} // namespace

std::vector<team_member> all(soci::session& sql) {
    return sql::all<team_member>(sql, select + "ORDER BY name, id LIMIT " + std::to_string(limit));
}

team_member get(soci::session& sql, std::int64_t user) {
    auto found = sql::first<team_member>(sql, select + "AND id = :id", user);
    if (!found) throw not_found();
    return *found;
}

void place(soci::session& sql, std::int64_t user, std::optional<std::int64_t> team, const actor& who, sys_seconds now, std::int64_t seen) {
    auto member = get(sql, user);
    if (team && !sql::first<std::int64_t>(sql, "SELECT id FROM team WHERE id = :id", *team))
        throw invalid({{"team", "unknown", "fault.team.unknown"}});
    if (member.team_id == team) return;
    auto taken = sql::change(sql, "UPDATE user_account SET team_id = :team, version = version + 1 WHERE id = :id AND version = :seen", team,
                             user, seen == 0 ? member.version : seen);
    if (taken == 0) throw conflict("conflict.member");
    events::record(sql, who, "team.joined", "user", user, {{"from", member.team_id.value_or(0)}, {"to", team.value_or(0)}}, now);
}

std::int64_t found_team(soci::session& sql, std::string_view name, const actor& who, sys_seconds now) {
    auto checked = text::check_line(name, name_limit);
    if (!checked.accepted()) throw invalid({fault("name", "text", checked)});
    auto code = code_of(checked.normalised);
    if (code.empty()) throw invalid({{"name", "missing", "fault.name.missing"}});
    try {
        auto id = sql::insert(sql, "INSERT INTO team (code, name) VALUES (:code, :name)", code, checked.normalised);
        events::record(sql, who, "team.founded", "team", id, {{"name", checked.normalised}}, now);
        return id;
    } catch (const std::exception& error) {
        if (!sql::is_duplicate(error)) throw;
        throw invalid({{"name", "taken", "fault.team.taken"}});
    }
}

} // namespace relais::model::team_members
