// SPDX-License-Identifier: EUPL-1.2
#include "model/checklist_step.hpp"

#include "model/sql.hpp"

namespace relais::model::checklist_steps {

std::vector<checklist_step> of(soci::session& sql, std::int64_t ticket_id) {
    return sql::all<checklist_step>(
        sql, "SELECT step, done_by, done_at FROM checklist_step WHERE ticket_id = :ticket ORDER BY done_at, step LIMIT 200", ticket_id);
}

void set(soci::session& sql, const tickets::action& act, const std::set<std::string>& known, const std::set<std::string>& done) {
    auto on = tickets::get(sql, act.reference);
    std::set<std::string> before;
    for (const auto& each : of(sql, on.id)) before.insert(each.step);
    for (const auto& step : known) {
        auto is_done = done.contains(step);
        if (is_done == before.contains(step)) continue;
        if (is_done)
            sql::change(sql, "INSERT INTO checklist_step (ticket_id, step, done_by, done_at) VALUES (:ticket, :step, :by, :at)", on.id,
                        step, act.who.name, act.now);
        else
            sql::change(sql, "DELETE FROM checklist_step WHERE ticket_id = :ticket AND step = :step", on.id, step);
        events::record(sql, act.who, is_done ? "ticket.step_done" : "ticket.step_undone", "ticket", on.id, {{"step", step}}, act.now);
    }
}

} // namespace relais::model::checklist_steps
