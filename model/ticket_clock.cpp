// SPDX-License-Identifier: EUPL-1.2
#include "model/ticket_clock.hpp"

#include "model/sql.hpp"
#include "model/sql_bulk.hpp"

#include <algorithm>
#include <sstream>

namespace relais::model::ticket_clocks {

namespace {

using namespace std::chrono_literals;

const std::string select = std::string("SELECT ") + ticket_clock::columns + " FROM ticket_clock ";
constexpr auto look_soon = 60s, look_later = 900s; // nothing tells that an acknowledgement has left

std::optional<sys_seconds> end_of_day(const std::string& day, const calendar& centre) {
    std::istringstream in(day);
    date::local_days local;
    in >> date::parse("%F", local);
    if (day.empty() || !in) return std::nullopt;
    return calendars::instant(centre.zone, date::local_seconds(local + date::days(1)));
}

bool pauses(const ticket_wait& wait, const clock_book& book) {
    if (wait.reason == "closed") return true;
    const auto* rule = clock_books::find_waiting(book, wait.reason);
    return rule && rule->pauses;
}

// From the start to the stop, less the pauses.
std::vector<time_span> stretches(sys_seconds from, std::optional<sys_seconds> to, const std::vector<ticket_wait>& waits,
                                 const clock_book& book) {
    std::vector<time_span> out;
    auto end = to.value_or(clock_reading::forever);
    for (const auto& wait : waits) {
        if (!pauses(wait, book)) continue;
        if (auto until = std::min(wait.began_at, end); from < until) out.push_back({from, until});
        from = std::max(from, wait.ended_at.value_or(clock_reading::forever));
    }
    if (from < end) out.push_back({from, end});
    return out;
}

clock_reading reading(std::string_view clock, const clock_target& target, std::chrono::seconds within) {
    clock_reading out;
    out.clock = clock, out.target = &target, out.within = within;
    return out;
}

void add_acknowledgement(std::vector<clock_reading>& to, const clock_facts& of, const clock_book& book) {
    const auto* target = clock_books::find_target(book, acknowledgement, of.procedure, of.channel);
    if (!target || !of.owes_acknowledgement) return;
    auto& out = to.emplace_back(reading(acknowledgement, *target, target->within));
    out.stopped_at = of.acknowledged_at;
    out.running = stretches(of.received_at, out.stopped_at, {}, book);
}

void add_answer(std::vector<clock_reading>& to, const clock_facts& of, const clock_book& book) {
    const auto* target = clock_books::find_target(book, answer, of.procedure, of.channel);
    if (!target || of.channel == "phone" || of.channel == "callback") return; // answered while they speak
    auto& out = to.emplace_back(reading(answer, *target, target->within));
    out.stopped_at = of.first_reply_at ? of.first_reply_at : of.closed_at;
    out.running = stretches(of.received_at, out.stopped_at, of.waits, book);
}

void add_announced(std::vector<clock_reading>& to, const clock_facts& of, const clock_book& book) {
    const auto* target = clock_books::find_target(book, announced, of.procedure, of.channel);
    auto last = end_of_day(of.answer_before, book.centre);
    if (!target || !last) return;
    auto within = calendars::business_seconds_between(book.hours_of(*target), of.received_at, *last);
    if (within <= 0s) return; // the day is over before the centre opens
    auto& out = to.emplace_back(reading(announced, *target, within));
    out.stopped_at = of.closed_at;
    out.running = stretches(of.received_at, out.stopped_at, {}, book);
}

// When the job has something to do: the next step of this clock that lies ahead of what was done.
std::optional<sys_seconds> next_step(const clock_reading& of, std::int64_t done, const clock_book& book) {
    for (const auto& step : book.steps)
        if (step.clock == of.clock && step.percent > done) return reaches(of, of.within * step.percent / 100, book);
    return std::nullopt;
}

std::optional<sys_seconds> next_look(const clock_reading& of, std::int64_t done, const clock_book& book, sys_seconds now) {
    auto at = next_step(of, done, book);
    if (of.clock != acknowledgement) return at;
    auto again = now + (now - of.running.front().from < look_later ? look_soon : look_later);
    return std::min(at.value_or(again), again);
}

// What had passed before the clock was first read is told to nobody: it came with an import, or with this version of Relais.
std::int64_t steps_passed(const clock_reading& of, const clock_book& book, sys_seconds now) {
    std::int64_t done = 0;
    for (const auto& step : book.steps) {
        if (step.clock != of.clock) continue;
        auto at = reaches(of, of.within * step.percent / 100, book);
        if (at && *at < now) done = step.percent;
    }
    return done;
}

ticket_clock row_of(const clock_reading& of, const clock_facts& from, const clock_book& book) {
    ticket_clock out;
    const auto& hours = book.hours_of(*of.target);
    out.ticket_id = from.id, out.clock = of.clock, out.target_s = of.within.count();
    for (const auto& each : of.running)
        if (each.to != clock_reading::forever) out.spent_s += calendars::business_seconds_between(hours, each.from, each.to).count();
    if (of.is_running()) out.since_at = of.running.back().from;
    out.due_at = reaches(of, of.within, book);
    out.stopped_at = of.stopped_at;
    return out;
}

void write(soci::session& sql, const ticket_clock& row, bool is_known) {
    if (is_known)
        sql::change(sql,
                    "UPDATE ticket_clock SET target_s = :target, spent_s = :spent, since_at = :since, due_at = :due, "
                    "stopped_at = :stopped, next_at = :next WHERE ticket_id = :ticket AND clock = :clock",
                    row.target_s, row.spent_s, row.since_at, row.due_at, row.stopped_at, row.next_at, row.ticket_id, row.clock);
    else
        sql::change(sql,
                    "INSERT INTO ticket_clock (ticket_id, clock, target_s, spent_s, since_at, due_at, stopped_at, steps_done, "
                    "next_at) VALUES (:ticket, :clock, :target, :spent, :since, :due, :stopped, :steps, :next)",
                    row.ticket_id, row.clock, row.target_s, row.spent_s, row.since_at, row.due_at, row.stopped_at, row.steps_done,
                    row.next_at);
}

// The queue's order. An acknowledgement is nobody's work: it does not count here.
void order_queue(soci::session& sql, std::int64_t ticket_id, const std::vector<ticket_clock>& clocks) {
    std::optional<sys_seconds> first;
    for (const auto& each : clocks)
        if (each.clock != acknowledgement && !each.stopped_at && each.due_at) first = std::min(first.value_or(*each.due_at), *each.due_at);
    if (first) sql::change(sql, "UPDATE ticket SET due_at = :due WHERE id = :id AND due_at <> :same", *first, ticket_id, *first);
}

} // namespace

std::vector<clock_reading> read(const clock_facts& of, const clock_book& book) {
    std::vector<clock_reading> out;
    add_acknowledgement(out, of, book);
    add_answer(out, of, book);
    add_announced(out, of, book);
    return out;
}

std::optional<sys_seconds> reaches(const clock_reading& of, std::chrono::seconds amount, const clock_book& book) {
    const auto& hours = book.hours_of(*of.target);
    for (const auto& each : of.running) {
        if (each.to != clock_reading::forever) {
            auto passes = calendars::business_seconds_between(hours, each.from, each.to);
            if (passes < amount) {
                amount -= passes;
                continue;
            }
        }
        auto at = calendars::add_business_time(hours, each.from, amount);
        if (at < each.to) return at;
        amount = 0s; // it was reached at the very end: it counts when the clock runs again
    }
    return std::nullopt;
}

std::optional<clock_facts> facts(soci::session& sql, std::int64_t ticket_id) {
    using row =
        std::tuple<std::string, std::string, std::string, sys_seconds, std::optional<sys_seconds>, std::optional<sys_seconds>, std::string>;
    auto found =
        sql::first<row>(sql,
                        "SELECT status, channel, procedure_code, received_at, first_reply_at, closed_at, answer_before FROM ticket "
                        "WHERE id = :id AND status <> 'merged'",
                        ticket_id);
    if (!found) return std::nullopt;
    clock_facts out;
    out.id = ticket_id;
    std::tie(out.status, out.channel, out.procedure, out.received_at, out.first_reply_at, out.closed_at, out.answer_before) = *found;
    auto sent = sql::first<std::tuple<std::optional<sys_seconds>>>(sql, "SELECT sent_at FROM outbox WHERE unique_key = :key",
                                                                   "acknowledgement:" + std::to_string(ticket_id));
    out.owes_acknowledgement = sent.has_value();
    if (sent) out.acknowledged_at = std::get<0>(*sent);
    out.waits = ticket_waits::of(sql, ticket_id);
    return out;
}

std::vector<ticket_clock> of(soci::session& sql, std::int64_t ticket_id) {
    return sql::all<ticket_clock>(sql, select + "WHERE ticket_id = :ticket ORDER BY id LIMIT 10", ticket_id);
}

std::vector<ticket_clock> pending(soci::session& sql, const std::vector<std::int64_t>& ticket_ids) {
    if (ticket_ids.empty()) return {};
    // A statement is kept for each text: two sizes, the rest being filled with the last id.
    constexpr std::size_t small = 50, large = 201;
    std::vector<std::string> ids;
    for (auto id : ticket_ids) ids.push_back(std::to_string(id));
    auto last = ids.back();
    ids.resize(ids.size() <= small ? small : large, last);
    return sql::all_bulk<ticket_clock>(sql,
                                       select + "WHERE ticket_id IN (" + sql::placeholders(ids.size()) +
                                           ") AND stopped_at IS NULL AND clock <> 'acknowledgement' ORDER BY ticket_id, id",
                                       ids);
}

void refresh(soci::session& sql, std::int64_t ticket_id, const clock_book& book, sys_seconds now) {
    auto from = facts(sql, ticket_id);
    if (!from) {
        sql::change(sql, "DELETE FROM ticket_clock WHERE ticket_id = :ticket", ticket_id);
        return;
    }
    auto known = of(sql, ticket_id);
    std::vector<ticket_clock> rows;
    for (const auto& each : read(*from, book)) {
        auto row = row_of(each, *from, book);
        auto before = std::find_if(known.begin(), known.end(), [&](const auto& old) { return old.clock == row.clock; });
        auto is_known = before != known.end();
        row.steps_done = is_known ? before->steps_done : steps_passed(each, book, now);
        if (row.since_at) row.next_at = next_look(each, row.steps_done, book, now);
        write(sql, row, is_known);
        rows.push_back(std::move(row));
    }
    order_queue(sql, ticket_id, rows);
}

} // namespace relais::model::ticket_clocks
