// SPDX-License-Identifier: EUPL-1.2
#include "model/ticket_team.hpp"

#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/ticket_version.hpp"

namespace relais::model::tickets {

void entrust(soci::session& sql, const action& act, std::optional<std::int64_t> team) {
    auto on = take(sql, act);
    auto name = team ? sql::first<std::string>(sql, "SELECT name FROM team WHERE id = :id", *team) : std::string{};
    if (!name) throw invalid({{"team", "unknown", "fault.team.unknown"}});
    sql::change(sql, "UPDATE ticket SET team_id = :team WHERE id = :id", team, on.id);
    events::record(sql, act.who, "ticket.entrusted", "ticket", on.id,
                   {{"from", on.team_id.value_or(0)}, {"to", team.value_or(0)}, {"team", *name}}, act.now);
}

} // namespace relais::model::tickets
