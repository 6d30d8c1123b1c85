// SPDX-License-Identifier: EUPL-1.2
#include "model/incident_grouper.hpp"

#include "model/broadcast.hpp"
#include "model/error.hpp"
#include "model/incident.hpp"
#include "model/incident_corrections.hpp"
#include "model/lease.hpp"
#include "model/reviewed_link.hpp"
#include "model/sql.hpp"
#include "model/verification.hpp"

#include <algorithm>
#include <mutex>
#include <span>
#include <string_view>
#include <utility>

namespace relais::model {

namespace {

using namespace std::chrono_literals;

constexpr auto lease_name = "grouping";
constexpr auto renew_every = 10s, rules_every = 5s, closes_every = 60s, hour = 3600s;
constexpr auto overlap = 30s; // rows commit out of order: the last seconds are read again
constexpr int page_size = 2'000, changed_limit = 100'000;
constexpr std::size_t ruled_at_once = 50;
constexpr int recipients = 1'000, pages_a_step = 25; // a second or two, for which new tickets wait

// A ticket and an incident, or two incidents, that people keep apart or let meet again.
struct two {
    std::int64_t one = 0, other = 0;
    auto fields() { return std::tie(one, other); }
};

// Those of incidents that came apart again are told anew: the engine knew them as the merged one's.
std::vector<two> refusals(soci::session& sql, sys_seconds since) {
    return sql::all<two>(
        sql,
        "SELECT report_refusal.ticket_id, COALESCE(incident.merged_into, incident.id) FROM report_refusal JOIN incident ON "
        "incident.id = report_refusal.incident_id JOIN correction ON correction.id = report_refusal.correction_id WHERE "
        "correction.made_at >= :since OR report_refusal.incident_id IN (SELECT parted.incident_id FROM correction parted WHERE parted.kind "
        "= 'merge' AND parted.undone_at >= :since_parted) OR report_refusal.incident_id IN (SELECT parted.other_id FROM correction parted "
        "WHERE parted.kind = 'merge' AND parted.undone_at >= :since_other) LIMIT 100000",
        since, since, since);
}
std::vector<two> parted_refusals(soci::session& sql, sys_seconds since) {
    return sql::all<two>(sql,
                         "SELECT report_refusal.ticket_id, correction.other_id FROM correction JOIN report_refusal ON "
                         "report_refusal.incident_id = correction.incident_id WHERE correction.kind = 'merge' AND correction.undone_at >= "
                         ":since LIMIT 100000",
                         since);
}
// What another correction says too still stands.
std::vector<two> withdrawn(soci::session& sql, sys_seconds since) {
    return sql::all<two>(sql,
                         "SELECT correction_ticket.ticket_id, correction.incident_id FROM correction JOIN correction_ticket ON "
                         "correction_ticket.correction_id = correction.id WHERE correction.undone_at >= :since AND (correction.kind = "
                         "'detach' OR correction.kind = 'split') AND NOT EXISTS (SELECT 1 FROM report_refusal WHERE "
                         "report_refusal.ticket_id = correction_ticket.ticket_id AND report_refusal.incident_id = correction.incident_id) "
                         "LIMIT 100000",
                         since);
}
// Tickets whose attachment was undone: they are alone by a person's word, yet nobody said that they do not belong there.
std::vector<two> undone_attachments(soci::session& sql, sys_seconds since) {
    return sql::all<two>(
        sql,
        "SELECT correction_ticket.ticket_id, correction.incident_id FROM correction JOIN correction_ticket ON "
        "correction_ticket.correction_id = correction.id WHERE correction.undone_at >= :since AND correction.kind = "
        "'attach' AND NOT EXISTS (SELECT 1 FROM report_refusal WHERE report_refusal.ticket_id = correction_ticket.ticket_id "
        "AND report_refusal.incident_id = correction.incident_id) LIMIT 100000",
        since);
}
std::vector<two> splits(soci::session& sql, sys_seconds since) {
    return sql::all<two>(
        sql,
        "SELECT incident_id, other_id FROM correction WHERE kind = 'split' AND undone_at IS NULL AND made_at >= :since LIMIT "
        "100000",
        since);
}

// Incidents that became part of another.
std::vector<two> merges(soci::session& sql, sys_seconds since) {
    return sql::all<two>(
        sql, "SELECT id, merged_into FROM incident WHERE merged_into > 0 AND updated_at >= :since ORDER BY updated_at LIMIT 10000", since);
}

std::vector<std::int64_t> reviewed(soci::session& sql, sys_seconds since) {
    return sql::all<std::int64_t>(
        sql, "SELECT id FROM incident WHERE is_reviewed = 1 AND merged_into IS NULL AND updated_at >= :since LIMIT 100000", since);
}

// Once more when a ticket's incident became part of another meanwhile: a new transaction sees of which one.
template <class Visit> auto write_beside_merges(database& to, const Visit& visit) {
    constexpr int tries = 3;
    for (int i = 1;; ++i) try {
            return to.write_now(visit);
        } catch (const conflict& met) {
            if (i == tries || met.what() != std::string_view("conflict.merged")) throw;
        }
}

} // namespace

incident_grouper::incident_grouper(database& from, options wanted)
    : database_(from), options_(std::move(wanted)), engine_(options_.engine), bursts_(options_.bursts) {}

std::size_t incident_grouper::memory_bytes() const {
    std::lock_guard lock(mutex_);
    return engine_.memory_bytes();
}

std::vector<grouping::match> incident_grouper::suggest(const grouping::ticket& asked, std::size_t limit) const {
    if (!is_ready_) return {};
    std::unique_lock lock(mutex_, patience);
    if (!lock) return {};
    return engine_.candidates(asked, limit);
}

std::vector<grouping::similar_ticket> incident_grouper::similar(const grouping::ticket& asked, std::size_t limit) const {
    if (!is_ready_) return {};
    std::unique_lock lock(mutex_, patience);
    if (!lock) return {};
    return engine_.similar(asked, limit);
}

// A person's word is told as one, so that the engine remembers it.
void incident_grouper::put(const grouped_ticket& one) {
    auto who = one.is_by_person && one.incident_id ? grouping::linked_by::person : grouping::linked_by::machine;
    engine_.put(one.words, one.incident_id, who); // nothing, when it is there already
    if (engine_.group_of(one.words.id) == one.incident_id) return;
    if (!one.is_by_person)
        engine_.link(one.words.id, one.incident_id);
    else if (one.incident_id)
        engine_.attach(one.words.id, *one.incident_id);
    else
        engine_.detach(one.words.id);
}

void incident_grouper::rebuild(sys_seconds now) {
    auto fresh = grouping::engine(options_.engine);
    {
        std::lock_guard lock(mutex_);
        engine_ = std::move(fresh);
        consolidated_ = 0;
    }
    grouping_queue::place at;
    for (;;) {
        auto page = database_.read_now([at](soci::session& sql) { return grouping_queue::read(sql, at, page_size); });
        std::lock_guard lock(mutex_);
        for (const auto& each : page) {
            put(each);
            if (each.words.at < now - 24h) consolidated_ = engine_.ticket_count();
        }
        if (page.size() < page_size) break;
        at = {seconds(*page.back().words.at), page.back().words.id};
    }
    followed_until_ = sys_seconds{}; // every constraint is told again
    calibrate();
    is_ready_ = true;
    follow(now);
}

void incident_grouper::follow(sys_seconds now) {
    struct news {
        std::vector<grouped_ticket> tickets;
        std::vector<two> merges, withdrawn, freed, refused, splits;
        std::vector<std::int64_t> reviewed;
    };
    auto is_first = followed_until_ == sys_seconds{};
    auto since = is_first ? sys_seconds{} : followed_until_ - overlap;
    auto look = [since, is_first, leads = is_leader()](soci::session& sql) {
        news out;
        if (!is_first) {
            out.tickets = grouping_queue::changed(sql, since, leads, changed_limit);
            out.merges = merges(sql, since), out.withdrawn = withdrawn(sql, since);
            for (const auto& each : parted_refusals(sql, since)) out.withdrawn.push_back(each);
            out.freed = undone_attachments(sql, since);
        }
        out.refused = refusals(sql, since), out.splits = splits(sql, since), out.reviewed = reviewed(sql, since);
        return out;
    };
    auto found = database_.read_now(look);
    std::lock_guard lock(mutex_);
    for (const auto& [from, into] : found.merges)
        if (!engine_.tickets_of(from).empty()) engine_.merge(from, into);
    for (const auto& [ticket, incident] : found.withdrawn) engine_.allow_together(ticket, incident);
    for (const auto& each : found.tickets) put(each);
    for (const auto& [ticket, incident] : found.freed) engine_.allow_together(ticket, incident);
    for (const auto& [ticket, incident] : found.refused) engine_.keep_apart(ticket, incident);
    for (const auto& [one, other] : found.splits) engine_.keep_groups_apart(one, other);
    for (auto each : found.reviewed) engine_.set_reviewed(each);
    followed_until_ = now;
}

void incident_grouper::renew_lease(sys_seconds now) {
    if (token_ && now - renewed_at_ < renew_every && now >= renewed_at_) return;
    auto take = [this](soci::session& sql) { return leases::take(sql, lease_name, options_.owner); };
    auto before = token_;
    token_ = database_.write_now(take);
    renewed_at_ = now;
    // Whoever takes over follows what the last leader wrote before deciding.
    if (token_ && token_ != before) follow(now);
}

int incident_grouper::decide_batch(sys_seconds now) {
    auto look = [limit = options_.batch](soci::session& sql) { return grouping_batch::load(sql, grouping_queue::next(sql, limit)); };
    auto tickets = database_.read_now(look);
    // The engine runs ahead of the database by what is being written; when that fails, it is made anew.
    try {
        for (std::size_t from = 0; from < tickets.size();) {
            auto until = locked([&] { return grouping_batch::decide(engine_, tickets, from); });
            auto keep = [&](soci::session& sql) {
                leases::check(sql, lease_name, *token_);
                return grouping_batch::write(sql, tickets, from, until, options_.terms, now);
            };
            auto founded = write_beside_merges(database_, keep);
            locked([&] { grouping_batch::tell(engine_, tickets[until - 1], founded); });
            from = until;
        }
    } catch (...) {
        is_ready_ = false;
        throw;
    }
    return static_cast<int>(tickets.size());
}

void incident_grouper::apply_rules(sys_seconds now) {
    if (now - ruled_at_ < rules_every && now >= ruled_at_) return;
    auto since = ruled_at_ == sys_seconds{} ? now - 24h : std::min(ruled_at_, now) - overlap;
    auto due = database_.read_now([&](soci::session& sql) { return escalation_rules::due(sql, since, now); });
    for (std::span<const std::int64_t> left = due; !left.empty();) {
        auto page = left.first(std::min(left.size(), ruled_at_once));
        left = left.subspan(page.size());
        auto ripe = database_.read_now([&](soci::session& sql) {
            std::vector<std::int64_t> out(page.begin(), page.end());
            std::erase_if(out, [&](auto each) { return !escalation_rules::would_act(sql, each, options_.terms, now); });
            return out;
        });
        if (ripe.empty()) continue;
        database_.write_now([&](soci::session& sql) {
            leases::check(sql, lease_name, *token_);
            for (auto each : ripe) escalation_rules::apply_all(sql, each, options_.terms, now);
        });
    }
    ruled_at_ = now;
}

// What people began and a single node goes on with, a page a transaction: telling everybody, reading dossiers again.
void incident_grouper::go_on_telling(sys_seconds now) {
    using work = std::pair<std::vector<std::int64_t>, std::vector<std::int64_t>>;
    auto look = [](soci::session& sql) { return work{broadcasts::unfinished(sql), verifications::running(sql)}; };
    auto [tellings, readings] = database_.read_now(look);
    auto page = [this](auto&& next) {
        return database_.write_now([this, &next](soci::session& sql) {
            leases::check(sql, lease_name, *token_);
            return next(sql);
        });
    };
    for (auto id : tellings)
        for (int i = 0; i < pages_a_step; ++i)
            if (!page([&](soci::session& sql) { return broadcasts::queue_next(sql, id, recipients, now); })) break;
    if (now - closed_at_ >= closes_every || now < closed_at_) {
        closed_at_ = now;
        for (const auto& each : database_.read_now(broadcasts::arrived))
            page([&each](soci::session& sql) { return broadcasts::close(sql, each); });
    }
    for (auto id : readings) page([&](soci::session& sql) { return verifications::step(sql, id, verifications::page, now); });
    if (!tellings.empty() || !readings.empty()) has_written_mail_ = true;
}

bool incident_grouper::take_mail_written() { return std::exchange(has_written_mail_, false); }

// How sure the engine must be, by what people said of its last decisions.
void incident_grouper::calibrate() {
    auto least = database_.read_now(
        [otherwise = options_.engine.attach_from](soci::session& sql) { return reviewed_links::attach_from(sql, otherwise); });
    std::lock_guard lock(mutex_);
    engine_.set_attach_from(least);
}

// Once an hour: what bursts, how sure to be, and which groups turn out to be one.
void incident_grouper::end_hour(sys_seconds now) {
    auto hours = database_.read_now([this, now](soci::session& sql) { return bursts_.due(sql, now); });
    if (auto alarms = bursts_.watch(hours); !alarms.empty())
        database_.write_now([&](soci::session& sql) {
            leases::check(sql, lease_name, *token_);
            incident_bursts::record(sql, alarms, now);
        });
    if (now - consolidated_at_ < hour && now >= consolidated_at_) return;
    consolidated_at_ = now;
    calibrate();
    std::lock_guard lock(mutex_);
    auto changes = engine_.consolidate(now, consolidated_);
    consolidated_ = engine_.ticket_count();
    if (changes.empty()) return;
    is_ready_ = false; // until it is known that the database took them
    database_.write_now([&](soci::session& sql) {
        leases::check(sql, lease_name, *token_);
        grouping_batch::consolidate(sql, engine_, changes, options_.terms, now);
    });
    is_ready_ = true;
}

int incident_grouper::step(sys_seconds now) {
    if (!is_ready_) rebuild(now);
    renew_lease(now);
    if (!token_) {
        follow(now);
        return 0;
    }
    try {
        follow(now);
        auto decided = decide_batch(now);
        end_hour(now);
        apply_rules(now);
        go_on_telling(now);
        return decided;
    } catch (const conflict&) {
        token_.reset(); // another node leads now
        return 0;
    }
}

void incident_grouper::stop() {
    if (!token_) return;
    token_.reset();
    database_.write_now([this](soci::session& sql) { leases::release(sql, lease_name, options_.owner); });
}

} // namespace relais::model
