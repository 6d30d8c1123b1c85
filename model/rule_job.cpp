// SPDX-License-Identifier: EUPL-1.2
#include "model/rule_job.hpp"

#include "model/lease.hpp"
#include "model/rule_firing.hpp"
#include "model/setting.hpp"
#include "model/sql.hpp"
#include "model/ticket_facts.hpp"

#include <algorithm>

namespace relais::model {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view lease_name = "rules", place_setting = "rules.place", began_setting = "rules.began";
constexpr std::size_t events_a_transaction = 20; // others wait for it
constexpr int waits_a_page = 50;
constexpr std::int64_t past_events = 5'000; // of the days before Relais looked, for the first trials
constexpr auto late = 1h;                   // what is read later than that came with an import: written down, and left alone

// From where to read when nobody has read before: the last week, within reason.
feed_cursor first_place(soci::session& sql, sys_seconds now) {
    constexpr std::int64_t us_in_s = 1'000'000;
    auto newest = sql::first<std::int64_t>(sql, "SELECT COALESCE(MAX(id), 0) FROM event").value_or(0);
    auto from = std::max<std::int64_t>(0, newest - past_events);
    auto week = seconds(now - 24h * (rule_occasions::kept_days - 1)) * us_in_s;
    auto found = sql::first<std::int64_t>(sql, "SELECT COALESCE(MIN(id), 0) FROM event WHERE id > :from AND at_us >= :week", from, week);
    auto at = found.value_or(0) > 0 ? *found - 1 : newest;
    return {at, at};
}

} // namespace

template <class Visit> void rule_job::write(Visit visit) {
    auto checked = [this, visit](soci::session& sql) {
        leases::check(sql, lease_name, *token_);
        visit(sql, rules::on(sql));
    };
    for (;;) {
        try {
            database_.write_now(checked);
            refused_.clear();
            return;
        } catch (const rule_firings::refusal& why) {
            refused_[{why.rule_id, why.event_id}] = why.what();
        }
    }
}

bool rule_job::step(sys_seconds now) {
    auto before = token_;
    token_ = database_.write_now([this](soci::session& sql) { return leases::take(sql, lease_name, owner_); });
    if (!token_) return false;
    if (!has_begun_ || before != token_) begin(now);
    auto has_more = follow(now);
    return end_waits(now) || has_more;
}

// Where the leader before us stood.
void rule_job::begin(sys_seconds now) {
    auto look = [now](soci::session& sql) {
        auto began = settings::keep_first(sql, began_setting, std::to_string(seconds(now)));
        auto place = settings::keep_first(sql, place_setting, event_feed::write_cursor(first_place(sql, now)));
        return std::pair(at_seconds(std::stoll(began)), event_feed::read_cursor(place).value_or(feed_cursor{}));
    };
    std::tie(began_at_, cursor_) = database_.write_now(look);
    cursor_.given = cursor_.settled; // those after it come again
    seen_.clear();
    has_begun_ = true;
}

bool rule_job::follow(sys_seconds now) {
    auto look = [this](soci::session& sql) { return event_feed::after(sql, cursor_, event_feed::page_limit, false); };
    auto page = database_.read_now(look);
    std::vector<event> work;
    for (auto& each : page.events)
        if (rule_occasions::concerns(each.what) && !seen_.contains(each.what.id)) work.push_back(std::move(each.what));
    for (std::size_t from = 0; from < work.size(); from += events_a_transaction) {
        auto to = std::min(from + events_a_transaction, work.size());
        write([&](soci::session& sql, const std::vector<rule>& on) {
            for (auto at = from; at < to; ++at) handle(sql, work[at], on, now);
        });
    }
    for (const auto& each : work) seen_.insert(each.id);
    auto is_end = static_cast<int>(page.events.size()) < event_feed::page_limit;
    if (page.next.settled != cursor_.settled) {
        auto place = event_feed::write_cursor({page.next.settled, page.next.settled});
        write([&](soci::session& sql, const std::vector<rule>&) { settings::set(sql, place_setting, place); });
        seen_.erase(seen_.begin(), seen_.upper_bound(page.next.settled));
    }
    cursor_ = page.next;
    return !is_end || !work.empty(); // what rules did is read too
}

void rule_job::handle(soci::session& sql, const event& what, const std::vector<rule>& on, sys_seconds now) {
    auto from = std::max(began_at_, now - late);
    auto noted = rule_occasions::note(sql, what, from);
    if (!noted || on.empty() || noted->what.happened_at < from) return;
    auto moment = rule_occasions::moment(noted->what, noted->status_changed, "");
    auto listens = [&](const rule& each) { return moment.events.contains(each.event); };
    if (std::none_of(on.begin(), on.end(), listens)) return;
    moment.words = rule_occasions::words(sql, noted->what);
    auto spent = rule_firings::spent(sql, noted->what.ticket_id, rule_occasions::cause(noted->what));
    perform(sql, rule_decisions::decide(on, moment, spent), noted->what, now);
}

void rule_job::perform(soci::session& sql, const std::vector<rule_decision>& decided, const rule_occasion& on, sys_seconds now) {
    for (const auto& each : decided) {
        auto known = refused_.find({each.by->id, on.event_id});
        rule_firings::perform(sql, each, on, known == refused_.end() ? "" : known->second, now);
    }
}

// The next waits to end, of every rule, in the order in which they ended; a rule's own come in that order, so each is looked at once.
std::vector<rule_job::ended_wait> rule_job::waits_ended(soci::session& sql, const std::vector<rule>& on, sys_seconds now) {
    std::vector<ended_wait> out;
    for (std::size_t i = 0; i < on.size(); ++i) {
        if (on[i].event != "waited") continue;
        for (auto& stay : rule_occasions::stays(sql, on[i].looked_since, on[i].looked_ticket, waits_a_page)) {
            auto at = calendars::add_business_time(centre_, stay.since_at, std::chrono::hours(on[i].after_hours));
            if (at > now) break;
            out.push_back({at, i, std::move(stay)});
        }
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return std::tie(a.at, a.rule) < std::tie(b.at, b.rule); });
    if (out.size() > waits_a_page) out.resize(waits_a_page);
    return out;
}

bool rule_job::end_waits(sys_seconds now) {
    auto look = [&](soci::session& sql) { return waits_ended(sql, rules::on(sql), now).size(); };
    auto count = database_.read_now(look);
    if (count == 0) return false;
    write([&](soci::session& sql, const std::vector<rule>& on) {
        for (const auto& each : waits_ended(sql, on, now)) handle(sql, each, on, now);
    });
    return true;
}

void rule_job::handle(soci::session& sql, const ended_wait& what, const std::vector<rule>& on, sys_seconds now) {
    const auto& by = on[what.rule];
    sql::change(sql, "UPDATE rule SET looked_since = :since, looked_ticket = :ticket WHERE id = :id", what.of.since_at, what.of.ticket_id,
                by.id);
    if (what.at < by.on_since) return; // it had waited so long before the rule was there
    auto facts = ticket_facts::of(sql, what.of.ticket_id);
    if (!facts || !facts->same_status(what.of.facts)) return; // it has moved on; its event comes
    auto of = what.of;
    of.facts = std::move(*facts);
    of.action = "waited";
    auto moment = rule_occasions::end_of_wait(of, what.at, rule_occasions::words(sql, of));
    auto spent = rule_firings::spent(sql, of.ticket_id, rule_occasions::cause(of));
    const std::vector<rule> alone{by};
    perform(sql, rule_decisions::decide(alone, moment, spent), of, now);
}

void rule_job::stop() {
    if (!token_) return;
    database_.write_now([this](soci::session& sql) { leases::release(sql, lease_name, owner_); });
    token_.reset();
}

} // namespace relais::model
