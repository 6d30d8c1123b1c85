// SPDX-License-Identifier: EUPL-1.2
#include "model/ticket_version.hpp"

#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/ticket_wait.hpp"

namespace relais::model::tickets {

ticket take_merged(soci::session& sql, const action& act) {
    auto found = get(sql, act.reference);
    auto expected = act.version == 0 ? found.version : act.version;
    auto taken = sql::change(sql, "UPDATE ticket SET version = version + 1, updated_at = :now WHERE id = :id AND version = :version",
                             act.now, found.id, expected);
    if (taken == 0) throw conflict("conflict.version");
    return found;
}

ticket take(soci::session& sql, const action& act) {
    auto found = take_merged(sql, act);
    if (found.status == "merged") throw conflict("conflict.status");
    return found;
}

ticket hold(soci::session& sql, std::string_view reference) {
    sql::change(sql, "UPDATE ticket SET version = version WHERE reference = :reference", reference);
    auto found = get(sql, reference);
    if (found.status == "closed" || found.status == "merged") throw conflict("conflict.status");
    return found;
}

void set_status(soci::session& sql, std::int64_t ticket_id, std::string_view status, std::string_view waiting_reason) {
    bool active = status == "new" || status == "open";
    sql::change(sql, "UPDATE ticket SET status = :status, waiting_reason = :waiting_reason, is_active = :is_active WHERE id = :id", status,
                waiting_reason, active, ticket_id);
    ticket_waits::follow(sql, ticket_id);
}

} // namespace relais::model::tickets
