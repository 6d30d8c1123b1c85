// SPDX-License-Identifier: EUPL-1.2
#include "server/application.hpp"

#include "api/app.hpp"
#include "api/bulk_jobs.hpp"
#include "api/limits.hpp"
#include "api/live_hub.hpp"
#include "api/metrics.hpp"
#include "api/pages.hpp"
#include "api/secrets.hpp"
#include "api/site.hpp"
#include "model/attachment.hpp"
#include "model/attachment_store.hpp"
#include "model/call.hpp"
#include "model/call_count.hpp"
#include "model/callback_calling.hpp"
#include "model/callback_rate.hpp"
#include "model/clock_job.hpp"
#include "model/demo/fill.hpp"
#include "model/dossier_pace.hpp"
#include "model/event_mark.hpp"
#include "model/event_watch.hpp"
#include "model/housekeeping.hpp"
#include "model/incident_grouper.hpp"
#include "model/journal.hpp"
#include "model/lease.hpp"
#include "model/rule_job.hpp"
#include "model/search_feed.hpp"
#include "model/search_index.hpp"
#include "model/sql.hpp"
#include "server/control_server.hpp"
#include "server/data_dir.hpp"
#include "server/dialler.hpp"
#include "server/http/connection.hpp"
#include "server/http/listener.hpp"
#include "server/inbound_service.hpp"
#include "server/lmtp_server.hpp"
#include "server/log.hpp"
#include "server/mail_service.hpp"
#include "server/registry_service.hpp"
#include "server/repeated_task.hpp"
#include "server/share_service.hpp"
#include "server/tracker_sender.hpp"
#include "server/webhook_sender.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <unistd.h>

namespace relais::server {

namespace fs = std::filesystem;

namespace {

std::size_t worker_count(const configuration& config) {
    auto cores = std::max(1U, std::thread::hardware_concurrency());
    return config.worker_threads > 0 ? static_cast<std::size_t>(config.worker_threads) : std::max(2U, cores);
}

int io_thread_count(const configuration& config) {
    auto cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    return config.io_threads > 0 ? config.io_threads : std::max(1, cores / 2);
}

// How the owners of leases of this node are called, whichever process it runs in.
std::string owners_of_node(const configuration& config) { return "relais-" + node_name(config.site.data_dir) + "-"; }

// One owner of leases a process: the node's name is not enough when it restarts.
std::string process_name(const configuration& config) {
    return owners_of_node(config) + std::to_string(::getpid()) + "-" +
           std::to_string(std::chrono::steady_clock::now().time_since_epoch().count());
}

model::incident_grouper::options grouping_options(const configuration& config) {
    model::incident_grouper::options out;
    out.engine.attach_from = config.grouping.attach_percent / 100.0;
    out.engine.suggest_from = config.grouping.suggest_percent / 100.0;
    out.engine.forget_days = config.grouping.forget_days;
    out.bursts.evidence_wanted = config.grouping.burst_evidence;
    out.bursts.false_share = config.grouping.burst_false_percent / 100.0;
    out.terms = config.grouping.rules;
    out.owner = process_name(config);
    return out;
}

// The right part of the Message-ID of our mails.
std::string message_id_host(const configuration& config) {
    if (!config.mail.message_id_host.empty()) return config.mail.message_id_host;
    const auto& address = config.mail.from_address.empty() ? config.site.service.email : config.mail.from_address;
    return address.substr(address.rfind('@') + 1);
}

lmtp_server::options inbound_options(const configuration& config) {
    lmtp_server::options out;
    out.listen = config.inbound.listen, out.allowed = config.inbound.allowed, out.host = message_id_host(config);
    out.limits.message_bytes = static_cast<std::size_t>(config.inbound.size_bytes);
    return out;
}

std::unique_ptr<directory_lock> take_lock(const configuration& config) {
    prepare_data_dir(config.site.data_dir);
    auto lock = std::make_unique<directory_lock>(config.site.data_dir);
    if (!lock->is_held())
        throw std::runtime_error("the data directory " + config.site.data_dir +
                                 " is used by another relais: stop it first, or choose another with --data");
    return lock;
}

// The storage can no longer be trusted: the supervisor starts us again, and SQLite recovers from its journal.
[[noreturn]] void give_up(const std::string& why) {
    spdlog::critical("the storage failed: {}; stopping", why);
    journals::flush();
    constexpr int software_error = 70;
    std::_Exit(software_error);
}

// While a demonstration is filled its indexes are away, and come back at its end.
std::unique_ptr<model::database> open_whole(const configuration& config) {
    auto out = model::open_database(config.database, give_up);
    if (out->read_now(model::demo::state_of_fill) == model::demo::fill_state::started)
        throw std::runtime_error("this database holds a demonstration that was interrupted: run relais demo again");
    return out;
}

} // namespace

struct application::parts {
    parts(configuration what, options how)
        : config(std::move(what)), lock(take_lock(config)), keys(api::load_secrets(config.master_key_file)),
          attachments((fs::path(config.site.data_dir) / "attachments").string()), database(open_whole(config)),
          search(search_folder(config)), feed(*database, search), grouper(*database, grouping_options(config)),
          workers(worker_count(config)), templates(config.site.share_dir),
          assets((fs::path(config.site.share_dir) / "build" / "assets").string()), trackers(api::read_trackers(config.trackers_file)),
          sender(*database, trackers, templates.texts(), config.site.base_url),
          mails(config, *database, templates.texts(), keys, model::system_now),
          registry(config.registry, *database, model::system_now, process_name(config)), app(make_app(how)),
          site(app, config.limits, assets), administration_site(app, config.limits, assets),
          control(control_socket_of(config.site.data_dir), services()) {
        app.live = &live;
        app.originate = [this](nlohmann::json call) { dial.dial(std::move(call)); };
        app.trackers = &trackers;
        app.grouper = &grouper;
        app.suggest_from = config.grouping.suggest_percent / 100.0;
        app.broadcast_per_minute = config.grouping.broadcast_per_minute;
        app.preview_mail = [this](const auto& row, const auto& facts) { return mails.preview(row, facts); };
        app.kept_mails = [this](std::string_view name) { return mails.kept(name); };
        site.gate.allowed_hosts = config.site.allowed_hosts;
        for (const auto& text : config.site.trusted_proxies) site.proxies.push_back(*parse_network(text));
        site.render = [this](const api::request& request, std::string_view page, nlohmann::json data) {
            return api::render_page(request, page, std::move(data), app);
        };
        site.strict_transport = config.tls.enabled() || config.site.base_url.starts_with("https://");
        administration_site.administration = [this](const api::request& request) { return administration(request, site); };
    }

    api::app make_app(const options& how) {
        auto wake_mailer = [this] { mails.wake(); };
        auto wake_registry = [this] { registry.wake(); };
        return {config.site,       keys,        *database,     attachments,       search, templates,        rates, counters, workers,
                model::system_now, wake_mailer, wake_registry, how.demonstration, {},     how.demo_accounts};
    }

    command_services services() {
        auto rebuild = [this](const std::function<void(std::int64_t)>& progress) {
            std::lock_guard one_at_a_time(feeding);
            feed.rebuild(progress);
        };
        return {config, *database, attachments, keys, rebuild};
    }

    // We hold the data directory: whoever worked here before is dead, and nobody need wait for the end of their leases.
    void release_leases() {
        auto release = [node = owners_of_node(config)](soci::session& sql) { model::leases::release_all(sql, node); };
        database->write_now(release);
    }

    void start_tasks() {
        using namespace std::chrono_literals;
        release_leases();
        auto feed_once = [this] {
            std::lock_guard one_at_a_time(feeding);
            feed.step();
        };
        tasks.push_back(std::make_unique<repeated_task>("the search feed", 300ms, feed_once));
        auto show_news = [this] {
            if (live.viewers() == 0) return news.rest();
            live.publish(news.step());
        };
        tasks.push_back(std::make_unique<repeated_task>("the live updates", 200ms, show_news));
        auto close_stale = [this] {
            const auto& limits = config.site.telephony;
            auto close = [&limits](soci::session& sql) {
                return model::calls::close_stale(sql, limits.ring_timeout_s, limits.talk_timeout_s, model::system_now());
            };
            database->write_now(close);
        };
        tasks.push_back(std::make_unique<repeated_task>("the closing of calls", 30s, close_stale));
        auto count_calls = [this] {
            auto next_week = [](soci::session& sql) { return model::call_counts::advance(sql, model::system_now()); };
            while (!is_stopping && database->write_now(next_week)) {
            } // one visit a week: others pass in between
        };
        tasks.push_back(std::make_unique<repeated_task>("the counts of calls", 60s, count_calls));
        auto scan = [this] { scan_pending(config.scanner, *database, attachments, keys); };
        if (config.scanner.is_configured()) tasks.push_back(std::make_unique<repeated_task>("the scanner", 2s, scan));
        auto note = [](soci::session& sql) { model::event_marks::note(sql, model::at_seconds(model::sql::lease_now(sql))); };
        auto mark = [this, note] { database->write_now(note); };
        tasks.push_back(std::make_unique<repeated_task>("the marks of events", std::chrono::seconds(model::event_marks::every_s), mark));
        auto seal = [this] {
            auto next_block = [](soci::session& sql) { return model::journal::seal(sql, model::system_now()); };
            while (database->write_now(next_block) == model::journal::block_limit) {
            } // one visit a block: others pass in between
        };
        tasks.push_back(std::make_unique<repeated_task>("the journal", 60s, seal));
        auto forget = [this] {
            auto old = [days = config.retention](soci::session& sql) { model::housekeeping::forget(sql, days, model::system_now()); };
            database->write_now(old);
        };
        tasks.push_back(std::make_unique<repeated_task>("the housekeeping", 5min, forget));
        auto sweep = [this] { sweep_files(); };
        tasks.push_back(std::make_unique<repeated_task>("the sweep of files", 1h, sweep));
        auto call_back = [this] {
            auto moved = database->write_now([](soci::session& sql) { return model::callback_calling::tidy(sql, model::system_now()); });
            if (moved > 0) mails.wake(); // those who could not be reached are told
        };
        tasks.push_back(std::make_unique<repeated_task>("the callbacks", 20s, call_back));
        auto count_kept = [this] {
            database->write_now([](soci::session& sql) { model::callback_rates::publish(sql, model::system_now()); });
        };
        if (config.callback.is_rate_public)
            tasks.push_back(std::make_unique<repeated_task>("the rate of callbacks kept", 5min, count_kept));
        auto group = [this] {
            while (grouper.step(model::system_now()) == grouping_options(config).batch && !is_stopping) {
            } // while the queue fills whole batches
            if (grouper.take_mail_written()) mails.wake();
        };
        tasks.push_back(std::make_unique<repeated_task>("the grouping", 300ms, group));
        auto share = [this] {
            if (shares.run(model::system_now(), [this] { return is_stopping.load(); })) mails.wake();
        };
        tasks.push_back(std::make_unique<repeated_task>("the weekly share", 5s, share));
        auto watch = [this] {
            while (clocks.step(model::system_now()) && !is_stopping) {
            }
            if (clocks.take_mail_written()) mails.wake();
        };
        tasks.push_back(std::make_unique<repeated_task>("the clocks", 1s, watch));
        auto rule = [this] {
            while (rules.step(model::system_now()) && !is_stopping) {
            }
        };
        tasks.push_back(std::make_unique<repeated_task>("the rules", 1s, rule));
        auto count_pace = [this] { model::dossier_paces::refresh(*database, model::system_now()); };
        tasks.push_back(std::make_unique<repeated_task>("the pace of dossiers", 10min, count_pace));
        auto send = [this] { sender.step(model::system_now()); };
        if (!trackers.empty()) tasks.push_back(std::make_unique<repeated_task>("the trackers", 2s, send));
        auto do_many = [this] {
            if (api::run_bulk_jobs(app, [this] { return is_stopping.load(); })) mails.wake();
        };
        tasks.push_back(std::make_unique<repeated_task>("the bulk jobs", 500ms, do_many));
        auto tell = [this] { hooks.step(model::system_now()); };
        if (!config.site.webhooks.hosts.empty()) tasks.push_back(std::make_unique<repeated_task>("the webhooks", 1s, tell));
        if (config.inbound.is_configured()) letter_box = std::make_unique<lmtp_server>(inbound_options(config), answer_office());
        if (registry.is_remote()) {
            tasks.push_back(std::make_unique<repeated_task>("the refresh of dossiers", 1s, [this] { registry.refresh(); }));
            tasks.push_back(std::make_unique<repeated_task>("the registry's health", 10s, [this] { registry.report(); }));
        }
        mails.start();
        registry.start();
    }

    std::function<lmtp_session::office()> answer_office() {
        return [this] {
            return lmtp_session::office{[this](const std::string& recipient) { return answers.is_known(recipient); },
                                        [this](const lmtp_session::message& mail) { return answers.take(mail); }};
        };
    }

    // Removes from the disk the files that no row knows: refused, taken back, of a form never sent, or left by a crash. A day old, so
    // that one being received is never among them.
    void sweep_files() {
        constexpr std::int64_t day_s = std::int64_t{24} * 3600;
        std::vector<std::string> old;
        attachments.each_older_than(day_s, [&old](const std::string& name) { old.push_back(name); });
        for (const auto& name : old) {
            auto look = [&name](soci::session& sql) { return model::attachments::is_known(sql, name); };
            if (!database->read_now(look)) attachments.remove(name);
        }
    }

    configuration config;
    std::unique_ptr<directory_lock> lock;
    api::secrets keys;
    api::metrics counters;
    api::limits rates;
    model::attachment_store attachments;
    std::unique_ptr<model::database> database;
    model::search_index search;
    model::search_feed feed;
    api::live_hub live;
    model::event_watch news{*database};
    model::incident_grouper grouper;
    std::mutex feeding; // the feed belongs to one thread at a time
    boost::asio::thread_pool workers;
    api::pages templates;
    static_files assets;
    std::vector<api::tracker> trackers;
    tracker_sender sender;
    webhook_sender hooks{*database, keys, config.site.webhooks};
    mail_service mails;
    inbound_service answers{config.site,      keys, *database, attachments, {config.inbound.address, message_id_host(config)},
                            model::system_now};
    std::unique_ptr<lmtp_server> letter_box;
    registry_service registry;
    model::clock_job clocks{*database, config.clocks, process_name(config)};
    model::rule_job rules{*database, config.clocks->centre, process_name(config)};
    share_service shares{config, *database, keys, process_name(config)};
    dialler dial{{config.site.telephony.originate_url, config.originate_token}, *database};
    api::app app;
    http_site site, administration_site;
    std::vector<std::unique_ptr<repeated_task>> tasks;
    control_server control;
    std::unique_ptr<http_listener> listener, administration_listener;
    std::atomic<bool> is_hurried{false}, is_stopping{false};
};

application::application(configuration config, options how) : parts_(std::make_unique<parts>(std::move(config), how)) {}

// From those who ask to those who answer: nobody is left waiting for a part that is gone.
application::~application() {
    auto& all = *parts_;
    all.live.close();
    all.administration_listener.reset();
    all.listener.reset();
    all.control.stop();
    all.letter_box.reset();
    all.is_stopping = true;
    all.tasks.clear();
    all.hooks.stop();
    all.dial.stop();
    all.grouper.stop();
    all.shares.stop();
    all.clocks.stop();
    all.rules.stop();
    all.mails.stop();
    all.registry.stop();
    all.registry.leave();
    all.workers.join();
    all.database->stop();
}

void application::start() {
    auto& all = *parts_;
    const auto& config = all.config;
    all.listener = std::make_unique<http_listener>(all.site, http_listener::options{config.listen, io_thread_count(config), config.tls});
    if (!config.administration_listen.empty())
        all.administration_listener =
            std::make_unique<http_listener>(all.administration_site, http_listener::options{{config.administration_listen}, 1, {}});
    all.start_tasks();
    all.listener->start();
    if (all.administration_listener) all.administration_listener->start();
}

bool application::drain() {
    auto& all = *parts_;
    constexpr auto step = std::chrono::milliseconds(20);
    all.site.is_draining = true;
    all.counters.set(api::gauge::draining, 1);
    auto until = steady::now() + std::chrono::milliseconds(all.config.limits.drain_delay_ms);
    while (steady::now() < until && !all.is_hurried) std::this_thread::sleep_for(step);
    all.listener->stop_accepting();
    all.live.close(); // browsers come back to a server that stays
    auto is_clean = false;
    auto last = steady::now() + std::chrono::milliseconds(all.config.limits.drain_limit_ms);
    while (!is_clean && steady::now() < last && !all.is_hurried) is_clean = all.listener->wait_for_connections(step);
    all.listener->stop();
    all.mails.stop();
    all.registry.stop();
    if (all.administration_listener) all.administration_listener->stop();
    return is_clean;
}

void application::hurry() { parts_->is_hurried = true; }

void application::tick() {
    auto& all = *parts_;
    all.counters.set(api::gauge::connections_open, all.listener->connections());
    all.counters.set(api::gauge::requests_in_flight, all.site.lanes.in_flight());
    all.counters.set(api::gauge::heartbeat_lateness_ms, all.listener->worst_lateness_ms());
    all.mails.publish(all.counters);
    all.registry.publish(all.counters);
    journals::flush();
}

api::app& application::app() { return parts_->app; }
model::database& application::database() { return *parts_->database; }
const configuration& application::config() const { return parts_->config; }
std::vector<std::uint16_t> application::ports() const { return parts_->listener->ports(); }
std::uint16_t application::administration_port() const {
    return parts_->administration_listener ? parts_->administration_listener->ports().front() : std::uint16_t{0};
}

} // namespace relais::server
