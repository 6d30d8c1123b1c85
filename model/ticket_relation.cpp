// SPDX-License-Identifier: EUPL-1.2
#include "model/ticket_relation.hpp"

#include "model/dossier.hpp"
#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/ticket_version.hpp"

#include <algorithm>
#include <array>

namespace relais::model::tickets {

namespace {
constexpr std::array<std::string_view, 3> roles = {"duplicate", "homonym", "pupil"};
}

void relate_dossier(soci::session& sql, const action& act, std::int64_t dossier, std::string_view role, std::string_view reason) {
    if (std::find(roles.begin(), roles.end(), role) == roles.end()) throw invalid({{"role", "unknown", "fault.dossier_role.unknown"}});
    if (!dossiers::find(sql, dossier)) throw invalid({{"dossier", "unknown", "fault.dossier.unknown"}});
    auto on = take(sql, act);
    if (on.dossier_id == dossier) throw conflict("conflict.dossier_is_subject");
    sql::change(sql, "DELETE FROM ticket_dossier WHERE ticket_id = :ticket AND dossier_id = :dossier", on.id, dossier);
    sql::change(sql, "INSERT INTO ticket_dossier (ticket_id, dossier_id, role, reason) VALUES (:ticket, :dossier, :role, :reason)", on.id,
                dossier, role, reason);
    events::record(sql, act.who, "ticket.dossier_related", "ticket", on.id, {{"dossier", dossier}, {"role", role}}, act.now);
}

} // namespace relais::model::tickets
