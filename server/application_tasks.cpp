// SPDX-License-Identifier: EUPL-1.2
// What a server does by itself, each thing at its own pace and on a thread of its own.
#include "server/application_parts.hpp"

#include "api/bulk_jobs.hpp"
#include "model/attachment.hpp"
#include "model/call.hpp"
#include "model/call_count.hpp"
#include "model/callback_calling.hpp"
#include "model/callback_rate.hpp"
#include "model/dossier_pace.hpp"
#include "model/event_mark.hpp"
#include "model/housekeeping.hpp"
#include "model/journal.hpp"
#include "model/lease.hpp"
#include "model/sql.hpp"

namespace relais::server {

namespace {

lmtp_server::options inbound_options(const configuration& config) {
    lmtp_server::options out;
    out.listen = config.inbound.listen, out.allowed = config.inbound.allowed, out.host = message_id_host(config);
    out.limits.message_bytes = static_cast<std::size_t>(config.inbound.size_bytes);
    return out;
}

} // namespace

// We hold the data directory: whoever worked here before is dead, and nobody need wait for the end of their leases.
void application::parts::release_leases() {
    auto release = [this](soci::session& sql) { model::leases::release_all(sql, node); };
    database->write_now(release);
}

void application::parts::start_tasks() {
    using namespace std::chrono_literals;
    release_leases();
    auto feed_once = [this] {
        std::lock_guard one_at_a_time(feeding);
        feed.step();
    };
    repeat("the search feed", 300ms, feed_once);
    auto show_news = [this] {
        if (live.viewers() == 0) return news.rest();
        live.publish(news.step());
    };
    repeat("the live updates", 200ms, show_news);
    auto close_stale = [this] {
        const auto& limits = config.site.telephony;
        auto close = [&limits](soci::session& sql) {
            return model::calls::close_stale(sql, limits.ring_timeout_s, limits.talk_timeout_s, model::system_now());
        };
        database->write_now(close);
    };
    repeat("the closing of calls", 30s, close_stale);
    auto count_calls = [this] {
        auto next_week = [](soci::session& sql) { return model::call_counts::advance(sql, model::system_now()); };
        while (!is_stopping && database->write_now(next_week)) {
        } // one visit a week: others pass in between
    };
    repeat("the counts of calls", 60s, count_calls);
    auto scan = [this] { scan_pending(config.scanner, *database, attachments, keys); };
    if (config.scanner.is_configured()) repeat("the scanner", 2s, scan);
    auto note = [](soci::session& sql) { model::event_marks::note(sql, model::at_seconds(model::sql::lease_now(sql))); };
    auto mark = [this, note] { database->write_now(note); };
    repeat("the marks of events", std::chrono::seconds(model::event_marks::every_s), mark);
    auto seal = [this] {
        auto next_block = [](soci::session& sql) { return model::journal::seal(sql, model::system_now()); };
        while (database->write_now(next_block) == model::journal::block_limit) {
        } // one visit a block: others pass in between
    };
    repeat("the journal", 60s, seal);
    auto forget = [this] {
        auto old = [days = config.retention](soci::session& sql) { model::housekeeping::forget(sql, days, model::system_now()); };
        database->write_now(old);
    };
    repeat("the housekeeping", 5min, forget);
    auto sweep = [this] { sweep_files(); };
    repeat("the sweep of files", 1h, sweep);
    auto call_back = [this] {
        auto moved = database->write_now([](soci::session& sql) { return model::callback_calling::tidy(sql, model::system_now()); });
        if (moved > 0) mails.wake(); // those who could not be reached are told
    };
    repeat("the callbacks", 20s, call_back);
    auto count_kept = [this] { database->write_now([](soci::session& sql) { model::callback_rates::publish(sql, model::system_now()); }); };
    if (config.callback.is_rate_public) repeat("the rate of callbacks kept", 5min, count_kept);
    auto group = [this] {
        while (grouper.step(model::system_now()) == model::incident_grouper::options{}.batch && !is_stopping) {
        } // while the queue fills whole batches
        if (grouper.take_mail_written()) mails.wake();
    };
    repeat("the grouping", 300ms, group);
    auto share = [this] {
        if (shares.run(model::system_now(), [this] { return is_stopping.load(); })) mails.wake();
    };
    repeat("the weekly share", 5s, share);
    auto watch = [this] {
        while (clocks.step(model::system_now()) && !is_stopping) {
        }
        if (clocks.take_mail_written()) mails.wake();
    };
    repeat("the clocks", 1s, watch);
    auto rule = [this] {
        while (rules.step(model::system_now()) && !is_stopping) {
        }
    };
    repeat("the rules", 1s, rule);
    auto count_pace = [this] { model::dossier_paces::refresh(*database, model::system_now()); };
    repeat("the pace of dossiers", 10min, count_pace);
    auto send = [this] { sender.step(model::system_now()); };
    if (!trackers.empty()) repeat("the trackers", 2s, send);
    auto do_many = [this] {
        if (api::run_bulk_jobs(app, [this] { return is_stopping.load(); })) mails.wake();
    };
    repeat("the bulk jobs", 500ms, do_many);
    auto tell = [this] { hooks.step(model::system_now()); };
    if (!config.site.webhooks.hosts.empty()) repeat("the webhooks", 1s, tell);
    if (config.inbound.is_configured()) letter_box = std::make_unique<lmtp_server>(inbound_options(config), answer_office());
    if (registry.is_remote()) {
        repeat("the refresh of dossiers", 1s, [this] { registry.refresh(); });
        repeat("the registry's health", 10s, [this] { registry.report(); });
    }
    mails.start();
    registry.start();
}

std::function<lmtp_session::office()> application::parts::answer_office() {
    return [this] {
        return lmtp_session::office{[this](const std::string& recipient) { return answers.is_known(recipient); },
                                    [this](const lmtp_session::message& mail) { return answers.take(mail); }};
    };
}

// Removes from the disk the files that no row knows: refused, taken back, of a form never sent, or left by a crash. A day old, so
// that one being received is never among them.
void application::parts::sweep_files() {
    constexpr std::int64_t day_s = std::int64_t{24} * 3600;
    std::vector<std::string> old;
    attachments.each_older_than(day_s, [&old](const std::string& name) { old.push_back(name); });
    for (const auto& name : old) {
        auto look = [&name](soci::session& sql) { return model::attachments::is_known(sql, name); };
        if (!database->read_now(look)) attachments.remove(name);
    }
}

} // namespace relais::server
