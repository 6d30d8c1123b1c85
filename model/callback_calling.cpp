// SPDX-License-Identifier: EUPL-1.2
#include "model/callback_calling.hpp"

#include "model/callback_notice.hpp"
#include "model/callback_retry.hpp"
#include "model/callback_state.hpp"
#include "model/sql.hpp"

#include <algorithm>

namespace relais::model::callback_calling {
namespace {

constexpr int page_limit = 200;  // of those due
constexpr int lapsed_limit = 20; // brought back by a claim, without waiting for tidy
constexpr std::int64_t minute_s = 60;

const std::string select = "SELECT " + callback_columns + " FROM callback ";

// A missed call brings a number and nothing else: its legal time is the number's. A contact brings a department, which says more when it is
// overseas.
callback_place place_of(const callback& of, const callback_rules& rules) {
    auto out = of.place();
    const auto& lives = calendar_books::zone_of_department(rules.book(), out.department);
    if (out.zone.empty() && lives != "Europe/Paris") out.zone = lives;
    if (out.zone.empty()) out.zone = calendar_books::zone_of_phone(rules.book(), of.phone);
    if (out.department.empty()) out.department = calendar_books::department_of_zone(rules.book(), out.zone);
    return out;
}

bool is_decent(const callback& of, const callback_rules& rules, sys_seconds now) {
    auto place = place_of(of, rules);
    return calendar_books::is_decent(rules.book(), place.zone, place.department, now);
}

void lease(callback& what, const callback_caller& by, std::int64_t clock, int minutes) {
    what.lease_owner = by.owner(), what.lease_name = by.who.name;
    what.lease_until = clock + minutes * minute_s;
}

void end_lease(callback& what) { what.lease_owner.clear(), what.lease_name.clear(), what.lease_until = 0; }

// The callback, if this caller holds it.
callback held(soci::session& sql, std::string_view public_id, const callback_caller& by) {
    auto found = callbacks::get(sql, public_id);
    if (found.state != "claimed" && found.state != "dialling") throw conflict("conflict.callback_state");
    if (found.lease_owner != by.owner() || by.token.value_or(found.lease_token) != found.lease_token)
        throw conflict("conflict.callback_lease");
    return found;
}

void begin_attempt(soci::session& sql, callback& what, const callback_rules& rules, const callback_caller& by, sys_seconds now) {
    callbacks::advance(what, "dial", now);
    ++what.attempts;
    if (!what.first_dialled_at) {
        what.first_dialled_at = now;
        what.expires_at = callback_retries::last_moment(rules, place_of(what, rules), now);
    }
    lease(what, by, sql::lease_now(sql), rules.call_minutes);
    callbacks::save(sql, what, now);
    sql::change(sql,
                "INSERT INTO callback_attempt (callback_id, number, agent_kind, agent_id, agent_name, dialled_at) "
                "VALUES (:callback_id, :number, :agent_kind, :agent_id, :agent_name, :dialled_at)",
                what.id, what.attempts, by.who.kind, by.who.id, by.who.name, now);
    callbacks::tell(sql, what, by.who, "callback.dialled", {{"attempt", what.attempts}}, now);
}

void end_attempt(soci::session& sql, const callback& what, std::string_view outcome, sys_seconds now) {
    sql::change(
        sql, "UPDATE callback_attempt SET outcome = :outcome, ended_at = :ended_at WHERE callback_id = :callback_id AND number = :number",
        outcome, now, what.id, what.attempts);
}

// The half-days that are spent: those of attempts that rang in vain. One that was lost says nothing.
std::vector<sys_seconds> used_by(soci::session& sql, const callback& what) {
    return sql::all<sys_seconds>(sql,
                                 "SELECT dialled_at FROM callback_attempt WHERE callback_id = :callback_id AND outcome <> 'lost' "
                                 "ORDER BY number",
                                 what.id);
}

// Nobody answered: another half-day, or the end.
void try_again(soci::session& sql, callback& what, const callback_rules& rules, sys_seconds now) {
    auto place = place_of(what, rules);
    auto used = used_by(sql, what);
    auto due = what.attempts < callback_attempts ? callback_retries::next(rules, place, used, now) : std::nullopt;
    callbacks::advance(what, due ? "retry" : "give_up", now);
    if (!due) return;
    what.due_at = *due;
    end_lease(what);
}

// Which event of the table an outcome is; empty for those that try again.
std::string_view event_of(std::string_view outcome) {
    if (outcome == "reached") return "reach";
    if (outcome == "voicemail") return "leave_voicemail";
    if (outcome == "wrong_number") return "find_wrong";
    return {};
}

void check_outcome(std::string_view outcome) {
    const auto& known = callback_states::outcomes;
    if (std::find(known.begin(), known.end(), outcome) == known.end()) throw invalid({{"outcome", "unknown", "fault.callback.outcome"}});
}

// Tells the citizen when the end is not one they asked for.
void announce_end(soci::session& sql, const callback& what, sys_seconds now) {
    if (what.state == "voicemail" || what.state == "wrong_number" || what.state == "unreached" || what.state == "expired")
        callback_notices::miss(sql, what, now);
}

// A lease nobody renewed. A third attempt that was lost is the last all the same: nobody is rung four times. By then the gap between two
// attempts has passed, since a call's lease is longer. False when another node was faster.
bool lapse(soci::session& sql, callback& what, sys_seconds now) {
    auto was_dialling = what.state == "dialling";
    callbacks::advance(what, was_dialling && what.attempts >= callback_attempts ? "give_up" : "lapse", now);
    end_lease(what);
    ++what.lease_token; // who held it comes too late
    if (!callbacks::try_save(sql, what, now)) return false;
    if (was_dialling) end_attempt(sql, what, "lost", now);
    callbacks::tell(sql, what, {}, "callback.lapsed", {{"state", what.state}}, now);
    announce_end(sql, what, now);
    return true;
}

bool expire(soci::session& sql, callback& what, sys_seconds now) {
    callbacks::advance(what, what.attempts > 0 ? "give_up" : "expire", now);
    if (!callbacks::try_save(sql, what, now)) return false;
    callbacks::tell(sql, what, {}, "callback.ended", {{"state", what.state}}, now);
    announce_end(sql, what, now);
    return true;
}

std::int64_t lapse_all(soci::session& sql, std::int64_t clock, sys_seconds now, int limit) {
    std::int64_t moved = 0;
    for (auto state : {"claimed", "dialling"})
        for (auto& each : sql::all<callback>(
                 sql, select + "WHERE state = :state AND lease_until <= :clock ORDER BY lease_until LIMIT :limit", state, clock, limit))
            moved += lapse(sql, each, now) ? 1 : 0;
    return moved;
}

// Takes it under a lease; false when somebody was faster.
bool take(soci::session& sql, callback& what, const callback_rules& rules, const callback_caller& by, std::int64_t clock, sys_seconds now) {
    what.zone = place_of(what, rules).zone;
    callbacks::advance(what, "claim", now);
    ++what.lease_token;
    lease(what, by, clock, rules.lease_minutes);
    if (!callbacks::try_save(sql, what, now)) return false;
    callbacks::tell(sql, what, by.who, "callback.claimed", {}, now);
    return true;
}

// Those due after one of them, in their order.
std::vector<callback> due_after(soci::session& sql, sys_seconds due_at, std::int64_t id, sys_seconds now) {
    return sql::all<callback>(sql,
                              select +
                                  "WHERE state = 'scheduled' AND due_at <= :now AND due_at >= :due_at AND (due_at > :same OR id > :id) "
                                  "ORDER BY due_at, id LIMIT :limit",
                              now, due_at, due_at, id, page_limit);
}

} // namespace

std::optional<callback> claim_next(soci::session& sql, const callback_rules& rules, const callback_caller& by, sys_seconds now) {
    if (!rules.is_processing) throw conflict("conflict.callback_paused");
    auto clock = sql::lease_now(sql);
    lapse_all(sql, clock, now, lapsed_limit);
    auto mine = sql::first<callback>(sql,
                                     select + "WHERE state IN ('claimed', 'dialling') AND lease_owner = :owner AND lease_until > :clock "
                                              "ORDER BY id LIMIT 1",
                                     by.owner(), clock);
    if (mine) return mine;
    // Page after page: when it is morning here, hundreds overseas may be due before the first one who is awake.
    auto due = due_after(sql, sys_seconds{}, 0, now);
    while (!due.empty()) {
        for (auto& each : due)
            if (each.expires_at > now && is_decent(each, rules, now) && take(sql, each, rules, by, clock, now)) return each;
        if (due.size() < page_limit) break;
        due = due_after(sql, due.back().due_at, due.back().id, now);
    }
    return std::nullopt;
}

std::optional<callback> find_held(soci::session& sql, std::string_view owner) {
    return sql::first<callback>(sql, select + "WHERE state IN ('claimed', 'dialling') AND lease_owner = :owner ORDER BY id LIMIT 1", owner);
}

callback dial(soci::session& sql, std::string_view public_id, const callback_rules& rules, const callback_caller& by, sys_seconds now) {
    auto what = held(sql, public_id, by);
    if (what.state == "dialling") return what; // the button pressed twice
    if (!is_decent(what, rules, now)) throw conflict("conflict.callback_hour");
    begin_attempt(sql, what, rules, by, now);
    return what;
}

callback finish(soci::session& sql, std::string_view public_id, std::string_view outcome, const callback_rules& rules,
                const callback_caller& by, sys_seconds now) {
    check_outcome(outcome);
    auto what = held(sql, public_id, by);
    if (what.state == "claimed") begin_attempt(sql, what, rules, by, now);
    end_attempt(sql, what, outcome, now);
    auto event = event_of(outcome);
    if (event.empty())
        try_again(sql, what, rules, now);
    else
        callbacks::advance(what, event, now);
    if (outcome == "reached") what.reached_at = used_by(sql, what).back();
    callbacks::save(sql, what, now);
    callbacks::tell(sql, what, by.who, "callback.attempted", {{"outcome", outcome}, {"state", what.state}, {"attempt", what.attempts}},
                    now);
    announce_end(sql, what, now);
    return what;
}

void release(soci::session& sql, std::string_view public_id, const callback_caller& by, sys_seconds now) {
    auto what = held(sql, public_id, by);
    callbacks::advance(what, "release", now);
    end_lease(what);
    callbacks::save(sql, what, now);
    callbacks::tell(sql, what, by.who, "callback.released", {}, now);
}

std::int64_t tidy(soci::session& sql, sys_seconds now, int limit) {
    auto moved = lapse_all(sql, sql::lease_now(sql), now, limit);
    for (auto& each :
         sql::all<callback>(sql, select + "WHERE state = 'scheduled' AND expires_at <= :now ORDER BY expires_at LIMIT :limit", now, limit))
        moved += expire(sql, each, now) ? 1 : 0;
    return moved;
}

std::vector<callback_attempt> attempts_of(soci::session& sql, std::int64_t callback_id) {
    return sql::all<callback_attempt>(sql,
                                      "SELECT number, agent_name, dialled_at, outcome, ended_at FROM callback_attempt "
                                      "WHERE callback_id = :callback_id ORDER BY number",
                                      callback_id);
}

} // namespace relais::model::callback_calling
