// SPDX-License-Identifier: EUPL-1.2
#include "model/rule_firing.hpp"

#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/staff_notice.hpp"
#include "model/ticket_actions.hpp"
#include "model/ticket_team.hpp"
#include "model/ticket_wait.hpp"

namespace relais::model::rule_firings {

namespace {

using nlohmann::json;

void write(soci::session& sql, const rule_decision& what, const rule_occasion& on, const std::string& refused, sys_seconds now) {
    auto effect = rules::to_json(what.does);
    effect["note"] = what.does.note.empty() ? "" : "1"; // the note itself is on the ticket
    sql::change(sql,
                "INSERT INTO rule_firing (rule_id, ticket_id, cause, happened_at, state, effect, reason) VALUES (:rule, :ticket, :cause, "
                ":now, :state, :effect, :reason)",
                what.by->id, on.ticket_id, rule_occasions::cause(on), now, refused.empty() ? "done" : "refused", effect.dump(), refused);
    if (refused.empty()) sql::change(sql, "UPDATE rule SET fired = fired + 1, fired_at = :now WHERE id = :id", now, what.by->id);
}

void alert(soci::session& sql, const tickets::action& act, const rule& by, const rule_occasion& on) {
    json data = {{"rule", by.title}};
    auto unique = "rule:" + std::to_string(by.id) + ":" + std::to_string(on.ticket_id) + ":" + rule_occasions::cause(on);
    staff_notices::tell(sql, on.ticket_id, {unique, "rule", data}, staff_notices::supervisors(sql, on.ticket_id), act.now);
    events::record(sql, act.who, "ticket.alerted", "ticket", on.ticket_id, data, act.now);
}

void act(soci::session& sql, const rule_decision& what, const rule_occasion& on, sys_seconds now) {
    const auto& does = what.does;
    tickets::action by{tickets::get(sql, on.ticket_id).reference, 0, {"rule", what.by->id, what.by->title, {}}, now};
    if (!does.category.empty()) tickets::categorise(sql, by, does.category);
    if (!does.team.empty())
        tickets::entrust(sql, by, sql::first<std::int64_t>(sql, "SELECT id FROM team WHERE code = :code", does.team).value_or(0));
    if (does.assignee != 0) tickets::assign(sql, by, does.assignee);
    if (!does.hold.empty()) ticket_waits::begin(sql, by, does.hold, does.hold_detail);
    if (!does.note.empty()) tickets::note(sql, by, does.note);
    if (does.alerts) alert(sql, by, *what.by, on);
}

} // namespace

std::set<std::int64_t> spent(soci::session& sql, std::int64_t ticket_id, const std::string& cause) {
    auto found =
        sql::all<std::int64_t>(sql, "SELECT rule_id FROM rule_firing WHERE ticket_id = :ticket AND cause = :cause", ticket_id, cause);
    return {found.begin(), found.end()};
}

void perform(soci::session& sql, const rule_decision& what, const rule_occasion& on, const std::string& refused, sys_seconds now) {
    write(sql, what, on, refused, now);
    if (!refused.empty()) return;
    try {
        act(sql, what, on, now);
    } catch (const invalid& why) {
        throw refusal{what.by->id, on.event_id, why.faults.empty() ? "fault.rule.nothing" : why.faults.front().message};
    } catch (const conflict& why) {
        if (std::string_view(why.what()) == "conflict.version") throw; // somebody else at the same instant: tried again
        throw refusal{what.by->id, on.event_id, why.what()};
    } catch (const not_found&) {
        throw refusal{what.by->id, on.event_id, "error.not_found.title"};
    }
}

std::vector<rule_firing> of(soci::session& sql, std::int64_t rule_id, int limit) {
    return sql::all<rule_firing>(
        sql,
        "SELECT rule_firing.id, rule_firing.ticket_id, COALESCE(ticket.reference, ''), rule_firing.happened_at, "
        "rule_firing.state, rule_firing.effect, rule_firing.reason FROM rule_firing LEFT JOIN ticket ON ticket.id = "
        "rule_firing.ticket_id WHERE rule_firing.rule_id = :rule ORDER BY rule_firing.id DESC LIMIT :limit",
        rule_id, limit);
}

} // namespace relais::model::rule_firings
