// SPDX-License-Identifier: EUPL-1.2
#include "model/call.hpp"

#include "model/call_count.hpp"
#include "model/call_state.hpp"
#include "model/callback.hpp"
#include "model/digits.hpp"
#include "model/error.hpp"
#include "model/random_id.hpp"
#include "model/sql_bulk.hpp"
#include "model/sql_get.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

namespace relais::model {

const std::string call_columns =
    "id, public_id, system_key, direction, phone, phone_given, line, queue, state, started_at_us, answered_at_us, ended_at_us, wait_s, "
    "outcome, cause, ended_by, is_blocked, rings_for, answered_by, agent_id, agent_name, team_id, transfers, identity, citizen_id, "
    "dossier_id, ticket_id, message_id, note, written_at, version";

namespace calls {

namespace {

constexpr std::int64_t us_in_s = 1'000'000;
constexpr std::size_t public_id_bytes = 12;
constexpr std::int64_t dialled_s = 120;    // a telephone system that dials later than this does so for another call
constexpr std::int64_t unwritten_s = 1800; // how long a call that ended waits on the screen to be written down

std::string reversed(std::string text) {
    std::reverse(text.begin(), text.end());
    return text;
}

// The colleagues an event concerns: those it rings for, who speaks, who spoke before.
nlohmann::json concerned(const call& now, const call& before) {
    std::vector<std::int64_t> out;
    std::istringstream rings(now.rings_for);
    for (std::int64_t each = 0; rings >> each;) out.push_back(each);
    for (const auto& each : {now.agent_id, before.agent_id})
        if (each && std::find(out.begin(), out.end(), *each) == out.end()) out.push_back(*each);
    return out;
}

void tell(soci::session& sql, const call& changed, const call& before, std::string_view what, const actor& who, sys_seconds now) {
    nlohmann::json data = {{"call", changed.public_id}, {"direction", changed.direction}, {"agents", concerned(changed, before)}};
    if (!changed.outcome.empty()) data["outcome"] = changed.outcome;
    events::record(sql, who, what, "call", changed.id, data, now);
}

// Who got through wants no callback any more; whom nobody answered wants one, however often they rang.
void settle_callback(soci::session& sql, const call& changed, const call& before, sys_seconds now) {
    if (changed.phone.empty() || changed.outcome == before.outcome) return;
    try {
        if (changed.outcome == "answered")
            callbacks::drop_for_answered_call(sql, changed.phone, now);
        else if (changed.is_lost() && !before.is_lost())
            callbacks::want_for_missed_call(sql, changed.phone, now);
    } catch (const conflict&) {
        // Somebody changes that callback in the same instant: it is in hand, and the call is kept all the same.
    }
}

constexpr char after_letter = 'c';

struct cursor {
    std::int64_t at_us = 0, id = 0;
};

cursor read_cursor(std::string_view text) {
    cursor out;
    auto dot = text.find('.');
    auto is_read = text.size() > 2 && text[0] == after_letter && dot != std::string_view::npos;
    if (is_read) {
        auto first = std::from_chars(text.data() + 1, text.data() + dot, out.at_us);
        auto second = std::from_chars(text.data() + dot + 1, text.data() + text.size(), out.id);
        is_read = first.ec == std::errc{} && first.ptr == text.data() + dot && second.ec == std::errc{} &&
                  second.ptr == text.data() + text.size();
    }
    if (!is_read) throw invalid({{"after", "malformed", "fault.after.malformed"}});
    return out;
}

} // namespace

bool is_outcome(std::string_view code) {
    constexpr std::array<std::string_view, 5> all = {"answered", "missed", "abandoned", "busy", "voicemail"};
    return std::find(all.begin(), all.end(), code) != all.end();
}

call insert(soci::session& sql, call what) {
    what.public_id = random_id(public_id_bytes);
    what.id = sql::insert(
        sql,
        "INSERT INTO phone_call (public_id, system_key, direction, phone, phone_given, phone_reversed, line, queue, state, started_at_us, "
        "answered_at_us, ended_at_us, wait_s, outcome, cause, ended_by, is_blocked, rings_for, answered_by, agent_id, agent_name, team_id, "
        "transfers, ticket_id, note) VALUES (:public_id, :system_key, :direction, :phone, :phone_given, :phone_reversed, :line, :queue, "
        ":state, :started_at_us, :answered_at_us, :ended_at_us, :wait_s, :outcome, :cause, :ended_by, :is_blocked, :rings_for, "
        ":answered_by, :agent_id, :agent_name, :team_id, :transfers, :ticket_id, :note)",
        what.public_id, what.system_key, what.direction, what.phone, what.phone_given, reversed(what.phone), what.line, what.queue,
        what.state, what.started_at_us, what.answered_at_us, what.ended_at_us, what.wait_s, what.outcome, what.cause, what.ended_by,
        what.is_blocked, what.rings_for, what.answered_by, what.agent_id, what.agent_name, what.team_id, what.transfers, what.ticket_id,
        what.note);
    return what;
}

call add(soci::session& sql, call what, const actor& who, sys_seconds now) {
    auto added = insert(sql, std::move(what));
    call before;
    before.direction = added.direction;
    announce(sql, added, before, added.is_over() ? "call.ended" : "call.rings", who, now);
    return added;
}

call get(soci::session& sql, std::string_view public_id) {
    return sql::get<call>(sql, "SELECT " + call_columns + " FROM phone_call WHERE public_id = :public_id", public_id);
}

call get(soci::session& sql, std::int64_t id) {
    return sql::get<call>(sql, "SELECT " + call_columns + " FROM phone_call WHERE id = :id", id);
}

void join_ticket(soci::session& sql, const call& what, std::string_view reference) {
    using row = std::tuple<std::int64_t, std::int64_t>;
    auto found = sql::first<row>(sql, "SELECT id, requester_id FROM ticket WHERE reference = :reference", reference);
    if (!found) return;
    sql::change(sql, "UPDATE phone_call SET ticket_id = :ticket, citizen_id = :citizen WHERE id = :id", std::get<0>(*found),
                std::get<1>(*found), what.id);
}

void give_up(soci::session& sql, std::string_view public_id, sys_seconds now) {
    if (sql::change(
            sql,
            "UPDATE phone_call SET state = 'ended', outcome = 'missed', ended_by = 'agent', ended_at_us = :now, version = version + 1 "
            "WHERE public_id = :id AND state = 'ringing' AND system_key IS NULL",
            seconds(now) * us_in_s, public_id) == 0)
        return;
    auto given_up = get(sql, public_id);
    tell(sql, given_up, given_up, "call.dial_failed", {}, now);
}

std::optional<call> adopt(soci::session& sql, const call& begun, sys_seconds now) {
    if (begun.direction != "out" || begun.phone.empty()) return std::nullopt;
    auto asked = sql::first<std::int64_t>(sql,
                                          "SELECT id FROM phone_call WHERE phone = :phone AND direction = 'out' AND state = 'ringing' "
                                          "AND system_key IS NULL AND started_at_us > :since ORDER BY started_at_us DESC LIMIT 1",
                                          begun.phone, (seconds(now) - dialled_s) * us_in_s);
    if (!asked) return std::nullopt;
    auto taken = sql::change(sql, "UPDATE phone_call SET system_key = :key, version = version + 1 WHERE id = :id AND system_key IS NULL",
                             begun.system_key, *asked);
    return taken == 1 ? std::optional(get(sql, *asked)) : std::nullopt;
}

std::vector<call> earlier(soci::session& sql, const call& than, int limit) {
    if (than.phone.empty()) return {};
    return sql::all<call>(sql,
                          "SELECT " + call_columns +
                              " FROM phone_call WHERE phone = :phone AND started_at_us <= :before AND id <> :id "
                              "ORDER BY started_at_us DESC LIMIT :limit",
                          than.phone, than.started_at_us, than.id, limit);
}

std::vector<call> of_agent(soci::session& sql, std::int64_t user, sys_seconds now) {
    auto since = (seconds(now) - unwritten_s) * us_in_s;
    auto out =
        sql::all<call>(sql,
                       "SELECT " + call_columns +
                           " FROM phone_call WHERE state = 'ringing' AND started_at_us > :since ORDER BY started_at_us DESC LIMIT 200",
                       since);
    auto word = " " + std::to_string(user) + " ";
    std::erase_if(out,
                  [&](const call& each) { return (" " + each.rings_for + " ").find(word) == std::string::npos && each.agent_id != user; });
    auto mine = sql::all<call>(
        sql, "SELECT " + call_columns + " FROM phone_call WHERE agent_id = :user AND state = 'talking' ORDER BY started_at_us DESC LIMIT 5",
        user);
    out.insert(out.begin(), mine.begin(), mine.end());
    auto unwritten =
        sql::all<call>(sql,
                       "SELECT " + call_columns +
                           " FROM phone_call WHERE agent_id = :user AND state = 'ended' AND started_at_us > :since "
                           "AND written_at IS NULL AND (outcome = 'answered' OR direction = 'out') ORDER BY started_at_us DESC LIMIT 5",
                       user, since);
    out.insert(out.end(), unwritten.begin(), unwritten.end());
    return out;
}

int close_stale(soci::session& sql, std::int64_t ring_s, std::int64_t talk_s, sys_seconds now, int limit) {
    const auto select = "SELECT " + call_columns +
                        " FROM phone_call WHERE state = :state AND started_at_us < :before "
                        "ORDER BY started_at_us LIMIT :limit";
    auto stale = sql::all<call>(sql, select, "ringing", (seconds(now) - ring_s) * us_in_s, limit);
    auto talking = sql::all<call>(sql, select, "talking", (seconds(now) - talk_s) * us_in_s, limit);
    stale.insert(stale.end(), talking.begin(), talking.end());
    int closed = 0;
    for (auto& each : stale) {
        // Another node, or the hangup itself, may be quicker.
        if (sql::change(sql, "UPDATE phone_call SET version = version + 1 WHERE id = :id AND version = :version", each.id, each.version) ==
            0)
            continue;
        auto before = each;
        call_states::hang_up(each, "", "timeout", seconds(now) * us_in_s);
        keep(sql, each, before, "call.ended", {}, now);
        ++closed;
    }
    return closed;
}

void keep(soci::session& sql, const call& changed, const call& before, std::string_view what, const actor& who, sys_seconds now) {
    sql::change(
        sql,
        "UPDATE phone_call SET state = :state, started_at_us = :started_at_us, answered_at_us = :answered_at_us, ended_at_us = "
        ":ended_at_us, "
        "wait_s = :wait_s, outcome = :outcome, cause = :cause, ended_by = :ended_by, rings_for = :rings_for, answered_by = :answered_by, "
        "agent_id = :agent_id, agent_name = :agent_name, team_id = :team_id, transfers = :transfers, "
        "version = version + 1 WHERE id = :id",
        changed.state, changed.started_at_us, changed.answered_at_us, changed.ended_at_us, changed.wait_s, changed.outcome, changed.cause,
        changed.ended_by, changed.rings_for, changed.answered_by, changed.agent_id, changed.agent_name, changed.team_id, changed.transfers,
        changed.id);
    announce(sql, changed, before, what, who, now);
}

void announce(soci::session& sql, const call& changed, const call& before, std::string_view what, const actor& who, sys_seconds now) {
    for (const auto* each : {&changed, &before}) // a late event may tell that it began in another half hour
        if (each->started_at_us > 0) call_counts::note_change(sql, each->started_at(), now);
    settle_callback(sql, changed, before, now);
    tell(sql, changed, before, what, who, now);
}

namespace {

// Conditions and the values they bind, a question mark each, in their order.
struct conditions {
    std::string text;
    std::vector<std::string> values;
    void add(std::string_view condition, const std::vector<std::string>& bound) {
        text += text.empty() ? " WHERE " : " AND ";
        auto next = bound.begin();
        for (char each : condition) {
            if (each != '?') {
                text += each;
                continue;
            }
            text += ":v" + std::to_string(values.size());
            values.push_back(*next++);
        }
    }
};

std::string us(sys_seconds at) { return std::to_string(seconds(at) * us_in_s); }

// The digits typed, from the last to the first: what an index can look up.
std::string ending_of(std::string_view typed) {
    std::string out;
    for (char each : typed)
        if (digits::is_digit(each)) out.insert(out.begin(), each);
    if (out.size() < 2 || out.size() > 15) throw invalid({{"phone_ending", "malformed", "fault.phone_ending.malformed"}});
    return out;
}

conditions where(const call_filter& filter) {
    conditions out;
    if (filter.from) out.add("phone_call.started_at_us >= ?", {us(*filter.from)});
    if (filter.to) out.add("phone_call.started_at_us < ?", {us(*filter.to)});
    if (!filter.phone_ending.empty()) {
        auto ending = ending_of(filter.phone_ending);
        // '9' + 1: the first text after all those that begin so.
        out.add("phone_call.phone_reversed >= ? AND phone_call.phone_reversed < ?", {ending, ending + ":"});
    }
    if (!filter.reference.empty()) out.add("phone_call.ticket_id = (SELECT id FROM ticket WHERE reference = ?)", {filter.reference});
    if (!filter.direction.empty()) out.add("phone_call.direction = ?", {filter.direction});
    if (!filter.outcome.empty()) out.add("phone_call.outcome = ?", {filter.outcome});
    if (filter.only_lost) out.add("phone_call.direction = 'in' AND phone_call.outcome IN ('missed', 'abandoned', 'busy', 'voicemail')", {});
    if (filter.agent_id) out.add("phone_call.agent_id = ?", {std::to_string(*filter.agent_id)});
    return out;
}

std::string qualified_columns() {
    std::string out;
    std::istringstream in(call_columns);
    for (std::string each; std::getline(in, each, ',');)
        out += (out.empty() ? "phone_call." : ", phone_call.") + each.substr(each.find_first_not_of(' '));
    return out;
}

} // namespace

call_page list(soci::session& sql, const call_filter& filter, std::string_view after, int limit) {
    static const auto select =
        "SELECT " + qualified_columns() +
        ", COALESCE(ticket.reference, ''), COALESCE(citizen.name, '') FROM phone_call "
        "LEFT JOIN ticket ON ticket.id = phone_call.ticket_id LEFT JOIN citizen ON citizen.id = phone_call.citizen_id";
    auto chosen = where(filter);
    if (!after.empty()) {
        auto at = read_cursor(after);
        auto at_us = std::to_string(at.at_us);
        // MariaDB does not use an index for (a, b) < (x, y): the comparison is written out.
        chosen.add("phone_call.started_at_us <= ? AND (phone_call.started_at_us < ? OR phone_call.id < ?)",
                   {at_us, at_us, std::to_string(at.id)});
    }
    auto wanted = std::clamp(limit, 1, page_limit);
    call_page out;
    out.lines = sql::all_bulk<call_line>(
        sql, select + chosen.text + " ORDER BY phone_call.started_at_us DESC, phone_call.id DESC LIMIT " + std::to_string(page_limit + 1),
        chosen.values);
    if (static_cast<int>(out.lines.size()) > wanted) {
        out.lines.resize(static_cast<std::size_t>(wanted));
        const auto& last = out.lines.back().what;
        out.next = after_letter + std::to_string(last.started_at_us) + "." + std::to_string(last.id);
    }
    return out;
}

} // namespace calls

} // namespace relais::model
