// SPDX-License-Identifier: EUPL-1.2
#include "model/checklist_step.hpp"

#include "model/sql.hpp"

namespace relais::model::checklist_steps {

std::vector<checklist_step> of(soci::session& sql, std::int64_t ticket_id) {
    return sql::all<checklist_step>(
        sql, "SELECT step, done_by, done_at FROM checklist_step WHERE ticket_id = :ticket ORDER BY done_at, step LIMIT 200", ticket_id);
}

void set(soci::session& sql, const ticket& on, const ticks& what, const actor& who, sys_seconds now) {
    std::set<std::string> before;
    for (const auto& each : of(sql, on.id)) before.insert(each.step);
    for (const auto& step : what.known) {
        auto is_done = what.done.contains(step);
        if (is_done == what.shown.contains(step) || is_done == before.contains(step)) continue;
        if (is_done)
            sql::change(sql, "INSERT INTO checklist_step (ticket_id, step, done_by, done_at) VALUES (:ticket, :step, :by, :at)", on.id,
                        step, who.name, now);
        else
            sql::change(sql, "DELETE FROM checklist_step WHERE ticket_id = :ticket AND step = :step", on.id, step);
        events::record(sql, who, is_done ? "ticket.step_done" : "ticket.step_undone", "ticket", on.id, {{"step", step}}, now);
    }
}

} // namespace relais::model::checklist_steps
