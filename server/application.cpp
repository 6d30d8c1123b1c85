// SPDX-License-Identifier: EUPL-1.2
#include "server/application_parts.hpp"

#include "model/demo/fill.hpp"
#include "server/log.hpp"

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
std::string process_of(const std::string& node) {
    return node + std::to_string(::getpid()) + "-" + std::to_string(std::chrono::steady_clock::now().time_since_epoch().count());
}

model::incident_grouper::options grouping_options(const configuration& config, std::string owner) {
    model::incident_grouper::options out;
    out.engine.attach_from = config.grouping.attach_percent / 100.0;
    out.engine.suggest_from = config.grouping.suggest_percent / 100.0;
    out.engine.forget_days = config.grouping.forget_days;
    out.bursts.evidence_wanted = config.grouping.burst_evidence;
    out.bursts.false_share = config.grouping.burst_false_percent / 100.0;
    out.terms = config.grouping.rules;
    out.owner = std::move(owner);
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

std::string message_id_host(const configuration& config) {
    if (!config.mail.message_id_host.empty()) return config.mail.message_id_host;
    const auto& address = config.mail.from_address.empty() ? config.site.service.email : config.mail.from_address;
    return address.substr(address.rfind('@') + 1);
}

application::parts::parts(configuration what, options how)
    : config(std::move(what)), lock(take_lock(config)), node(owners_of_node(config)), owner(process_of(node)),
      keys(api::load_secrets(config.master_key_file)), attachments((fs::path(config.site.data_dir) / "attachments").string()),
      database(open_whole(config)), search(search_folder(config)), feed(*database, search),
      grouper(*database, grouping_options(config, owner)), workers(worker_count(config)), templates(config.site.share_dir),
      assets((fs::path(config.site.share_dir) / "build" / "assets").string()), trackers(api::read_trackers(config.trackers_file)),
      sender(*database, trackers, templates.texts(), config.site.base_url),
      mails(config, *database, templates.texts(), keys, model::system_now), registry(config.registry, *database, model::system_now, owner),
      app(make_app(how)), site(app, config.limits, assets), administration_site(app, config.limits, assets),
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

api::app application::parts::make_app(const options& how) {
    auto wake_mailer = [this] { mails.wake(); };
    auto wake_registry = [this] { registry.wake(); };
    return {config.site,       keys,        *database,     attachments,       search, templates,        rates, counters, workers,
            model::system_now, wake_mailer, wake_registry, how.demonstration, {},     how.demo_accounts};
}

command_services application::parts::services() {
    auto rebuild = [this](const std::function<void(std::int64_t)>& progress) {
        std::lock_guard one_at_a_time(feeding);
        feed.rebuild(progress);
    };
    return {config, *database, attachments, keys, rebuild};
}

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
