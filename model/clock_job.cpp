// SPDX-License-Identifier: EUPL-1.2
#include "model/clock_job.hpp"

#include "model/citizen.hpp"
#include "model/lease.hpp"
#include "model/legal_clock.hpp"
#include "model/outbox.hpp"
#include "model/setting.hpp"
#include "model/sql.hpp"
#include "model/staff_notice.hpp"
#include "model/ticket_actions.hpp"
#include "model/ticket_clock.hpp"
#include "model/ticket_wait.hpp"

#include <algorithm>
#include <charconv>

namespace relais::model {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view lease_name = "clocks", place_setting = "clocks.place";
constexpr int read_page = 500, work_page = 50; // looked at, and worked on, in one transaction: others wait for it
constexpr auto overlap = 15s;                  // a transaction may commit after a later one

constexpr auto long_ago = 24h;

struct changed_ticket {
    sys_seconds at{};
    std::int64_t id = 0, version = 0;
    std::string status, waiting_reason;
    std::int64_t is_kept = 0; // it has clocks, or a wait that has not ended
    auto fields() { return std::tie(at, id, version, status, waiting_reason, is_kept); }
};

std::pair<sys_seconds, std::int64_t> read_place(soci::session& sql) {
    auto text = settings::find(sql, place_setting).value_or("0:0");
    std::int64_t at = 0, id = 0;
    auto first = std::from_chars(text.data(), text.data() + text.size(), at);
    if (first.ptr != text.data() + text.size()) std::from_chars(first.ptr + 1, text.data() + text.size(), id);
    return {at_seconds(at), id};
}

void write_place(soci::session& sql, sys_seconds at, std::int64_t id) {
    settings::set(sql, place_setting, std::to_string(seconds(at)) + ":" + std::to_string(id));
}

// Some statuses are changed for many tickets at once, by an incident: their waits are written down here. Those that came long ago, with an
// import, begin now: nobody is reminded of what they were asked in another time.
void reconcile_wait(soci::session& sql, const changed_ticket& of, sys_seconds now) {
    auto wait = ticket_waits::current(sql, of.id);
    auto says = of.status == "waiting" ? of.waiting_reason : std::string{};
    if (says == (wait ? wait->reason : std::string{})) return;
    ticket_waits::follow(sql, of.id);
    if (of.at < now - long_ago) ticket_waits::restart(sql, of.id, now);
}

std::string kind_of(int percent) { return percent < 100 ? "clock_warning" : percent == 100 ? "clock_breach" : "clock_escalation"; }

// What a clock has reached by now is told, once: the row's steps_done is compared and set.
bool tell_step(soci::session& sql, const ticket_clock& clock, const clock_step& step, sys_seconds now) {
    auto taken = sql::change(sql, "UPDATE ticket_clock SET steps_done = :percent WHERE id = :id AND steps_done < :same", step.percent,
                             clock.id, step.percent);
    if (taken == 0) return false;
    nlohmann::json data = {{"clock", clock.clock}, {"percent", step.percent}};
    events::record(sql, actor{}, "ticket." + kind_of(step.percent), "ticket", clock.ticket_id, data, now);
    std::vector<staff_notices::colleague> whom;
    if (step.tells_assignee) whom = staff_notices::in_charge(sql, clock.ticket_id);
    if (step.tells_supervisor)
        for (auto& each : staff_notices::supervisors(sql, clock.ticket_id))
            if (std::none_of(whom.begin(), whom.end(), [&](const auto& known) { return known.id == each.id; }))
                whom.push_back(std::move(each));
    auto unique = "clock:" + std::to_string(clock.ticket_id) + ":" + clock.clock + ":" + std::to_string(step.percent);
    return staff_notices::tell(sql, clock.ticket_id, {unique, kind_of(step.percent), data, step.by_mail}, whom, now);
}

// The facts decide, not what was last read of them: a ticket may have been answered a moment ago.
bool run_clock(soci::session& sql, const ticket_clock& clock, const clock_book& book, sys_seconds now) {
    auto has_mail = false;
    auto from = ticket_clocks::facts(sql, clock.ticket_id);
    auto readings = from ? ticket_clocks::read(*from, book) : std::vector<clock_reading>{};
    for (const auto& each : readings) {
        if (each.clock != clock.clock || !each.is_running()) continue;
        for (const auto& step : book.steps) {
            if (step.clock != clock.clock || step.percent <= clock.steps_done) continue;
            auto at = ticket_clocks::reaches(each, each.within * step.percent / 100, book);
            if (at && *at <= now) has_mail |= tell_step(sql, clock, step, now);
        }
    }
    ticket_clocks::refresh(sql, clock.ticket_id, book, now);
    return has_mail;
}

outbox_entry mail_to_citizen(soci::session& sql, const ticket& on, std::string kind, const ticket_wait& wait) {
    outbox_entry out;
    out.unique_key = kind + ":" + std::to_string(wait.id) + ":" + std::to_string(wait.reminders);
    out.kind = std::move(kind);
    out.recipient = citizens::get(sql, on.requester_id).email;
    out.language = on.language;
    out.ticket_id = on.id;
    return out;
}

bool remind(soci::session& sql, const ticket& on, const ticket_wait& wait, sys_seconds now) {
    auto taken =
        sql::change(sql, "UPDATE ticket_wait SET reminders = reminders + 1 WHERE id = :id AND reminders = :sent", wait.id, wait.reminders);
    if (taken == 0) return false;
    nlohmann::json data = {{"reason", wait.reason}, {"detail", wait.detail}, {"count", wait.reminders + 1}};
    events::record(sql, actor{}, "ticket.reminded", "ticket", on.id, data, now);
    if (wait.reason == "citizen") {
        outbox::add(sql, mail_to_citizen(sql, on, "waiting_reminder", wait), now);
        return true;
    }
    auto unique = "waiting:" + std::to_string(wait.id) + ":" + std::to_string(wait.reminders);
    return staff_notices::tell(sql, on.id, {unique, "waiting", data, true}, staff_notices::in_charge(sql, on.id), now);
}

bool end_wait(soci::session& sql, const ticket& on, const ticket_wait& wait, ticket_waits::step::kind how, sys_seconds now) {
    tickets::action act{on.reference, 0, actor{}, now};
    if (how == ticket_waits::step::kind::give_back) return ticket_waits::end(sql, act), false;
    auto mail = mail_to_citizen(sql, on, "waiting_closure", wait);
    tickets::close(sql, act, "no_answer", "");
    outbox::add(sql, mail, now);
    return true;
}

bool run_wait(soci::session& sql, const ticket_wait& wait, const clock_book& book, sys_seconds now) {
    auto next = ticket_waits::next_step(wait, book);
    if (next && next->at <= now) {
        auto on = tickets::get(sql, wait.ticket_id);
        if (on.status != "waiting") return ticket_waits::follow(sql, on.id), false;
        if (next->what != ticket_waits::step::kind::remind) return end_wait(sql, on, wait, next->what, now);
        auto has_mail = remind(sql, on, wait, now);
        auto after = wait;
        ++after.reminders;
        next = ticket_waits::next_step(after, book);
        sql::change(sql, "UPDATE ticket_wait SET next_at = :next WHERE id = :id", next ? std::optional(next->at) : std::nullopt, wait.id);
        return has_mail;
    }
    sql::change(sql, "UPDATE ticket_wait SET next_at = :next WHERE id = :id", next ? std::optional(next->at) : std::nullopt, wait.id);
    return false;
}

} // namespace

template <class Visit> auto clock_job::write(Visit visit) {
    auto checked = [this, visit](soci::session& sql) {
        leases::check(sql, lease_name, *token_);
        return visit(sql);
    };
    return database_.write_now(checked);
}

bool clock_job::step(sys_seconds now) {
    token_ = database_.write_now([this](soci::session& sql) { return leases::take(sql, lease_name, owner_); });
    if (!token_) return false;
    return follow(now) || run_waits(now) || run_clocks(now);
}

bool clock_job::follow(sys_seconds now) {
    auto look = [](soci::session& sql) {
        auto [at, id] = read_place(sql);
        auto rows = sql::all<changed_ticket>(
            sql,
            "SELECT updated_at, id, version, status, waiting_reason, CASE WHEN EXISTS (SELECT 1 FROM ticket_clock WHERE "
            "ticket_clock.ticket_id = "
            "ticket.id) OR EXISTS (SELECT 1 FROM ticket_wait WHERE ticket_wait.ticket_id = ticket.id AND ended_at IS NULL AND reason <> "
            "'closed') THEN 1 ELSE 0 END FROM ticket WHERE updated_at >= :at AND (updated_at > :again OR id > :id) ORDER BY updated_at, id "
            "LIMIT :limit",
            at, at, id, read_page);
        return std::pair(at, rows);
    };
    auto [from, rows] = database_.read_now(look);
    std::vector<changed_ticket> work;
    std::optional<changed_ticket> last;
    for (const auto& each : rows) {
        if (static_cast<int>(work.size()) == work_page) break;
        last = each;
        auto is_ended = each.status == "closed" || each.status == "merged";
        auto seen = seen_.find(each.id);
        if ((!is_ended || each.is_kept) && (seen == seen_.end() || seen->second != each.version)) work.push_back(each);
    }
    auto is_end = static_cast<int>(rows.size()) < read_page && (!last || last->id == rows.back().id);
    auto at = last ? last->at : from;
    auto id = last ? last->id : std::int64_t{0};
    if (is_end && at > now - overlap) at = std::max(from, now - overlap), id = 0;
    auto keep = [&](soci::session& sql) {
        for (const auto& each : work) {
            reconcile_wait(sql, each, now);
            ticket_clocks::refresh(sql, each.id, *book_, now);
            legal_clocks::place(sql, each.id);
        }
        if (last) write_place(sql, at, id);
        return true;
    };
    if (last) write(keep);
    if (work.empty()) seen_.clear();
    for (const auto& each : rows) {
        if (last && std::pair(each.at, each.id) > std::pair(last->at, last->id)) break;
        seen_[each.id] = each.version;
    }
    return !is_end;
}

bool clock_job::run_clocks(sys_seconds now) {
    auto work = [this, now](soci::session& sql) {
        auto due = sql::all<ticket_clock>(sql,
                                          std::string("SELECT ") + ticket_clock::columns +
                                              " FROM ticket_clock WHERE next_at <= :now ORDER BY next_at, id LIMIT :limit",
                                          now, work_page);
        auto has_mail = false;
        for (const auto& each : due) has_mail |= run_clock(sql, each, *book_, now);
        return std::pair(due.size(), has_mail);
    };
    auto [count, has_mail] = write(work);
    has_written_mail_ |= has_mail;
    return count == work_page;
}

bool clock_job::run_waits(sys_seconds now) {
    auto work = [this, now](soci::session& sql) {
        auto due = sql::all<ticket_wait>(sql,
                                         std::string("SELECT ") + ticket_wait::columns +
                                             " FROM ticket_wait WHERE next_at <= :now ORDER BY next_at, id LIMIT :limit",
                                         now, work_page);
        auto has_mail = false;
        for (const auto& each : due) has_mail |= run_wait(sql, each, *book_, now);
        return std::pair(due.size(), has_mail);
    };
    auto [count, has_mail] = write(work);
    has_written_mail_ |= has_mail;
    return count > 0; // what came back to the queue is read again
}

void clock_job::stop() {
    if (!token_) return;
    database_.write_now([this](soci::session& sql) { leases::release(sql, lease_name, owner_); });
    token_.reset();
}

} // namespace relais::model
