// SPDX-License-Identifier: EUPL-1.2
#include "server/demo.hpp"

#include "api/follow_up_token.hpp"
#include "model/category_proposal.hpp"
#include "model/demo/fill.hpp"
#include "model/demo/fill_answers.hpp"
#include "model/demo/fill_callbacks.hpp"
#include "model/demo/fill_calls.hpp"
#include "model/demo/fill_rules.hpp"
#include "model/demo/incidents.hpp"
#include "model/demo/shares.hpp"
#include "model/sql.hpp"
#include "model/totp.hpp"
#include "model/user.hpp"
#include "server/address.hpp"
#include "server/application.hpp"
#include "server/data_dir.hpp"
#include "server/demo_accounts.hpp"
#include "server/log.hpp"

#include <date/date.h>
#include <fmt/format.h>

#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>

namespace relais::server {
namespace {

// Loopback only, no limits to meet while trying things, journals in files: the terminal is for the person.
configuration demo_configuration(common_options common) {
    if (common.data_dir.empty() && common.config_file.empty()) common.data_dir = "./var/demo";
    if (common.listen.empty() && common.config_file.empty()) common.listen = "127.0.0.1:8080";
    auto config = configuration_of(common);
    for (const auto& each : config.listen)
        if (auto where = parse_endpoint(each); !where || !where->address().is_loopback())
            throw std::runtime_error("the demonstration listens on loopback only, and " + each + " is not");
    config.site.limits_enabled = false;
    config.callback.is_rate_public = true;
    config.site.callback = std::make_shared<model::callback_rules>(config.callback);
    config.limits.connections_per_address = config.limits.connections;
    config.limits.drain_delay_ms = 0;
    if (config.administration_listen == configuration{}.administration_listen) config.administration_listen = "127.0.0.1:0";
    if (config.logging.application_file.empty()) config.logging.application_file = "relais.jsonl";
    if (config.logging.access_file.empty()) config.logging.access_file = "access.jsonl";
    return config;
}

// One line for each tenth that is done.
std::function<void(std::uint64_t done, std::uint64_t all)> say_progress(std::string what) {
    return [what = std::move(what), last = std::uint64_t(0)](std::uint64_t done, std::uint64_t all) mutable {
        auto tenth = all == 0 ? 10 : done * 10 / all;
        if (tenth != last) std::cerr << what << ": " << tenth * 10 << " %" << std::endl;
        last = tenth;
    };
}

void fill(const demo_options& options, const configuration& config, model::database& database, const api::secrets& keys) {
    model::demo::options wanted;
    wanted.dossiers = options.dossiers;
    wanted.tickets = options.tickets;
    wanted.now = model::system_now();
    auto words = model::category_words::load(config.site.share_dir + "/config/category_words.json");
    model::demo::fill_ways ways;
    ways.follow_up_hash = [&keys](const std::string& reference) {
        return api::follow_up_tokens::hash(api::follow_up_tokens::make(keys, reference, 1));
    };
    ways.progress = [say = say_progress("making the demonstration"), all = options.dossiers + options.tickets](
                        std::uint64_t dossiers, std::uint64_t tickets) { say(dossiers + tickets, all); };
    ways.categories = &words;
    model::demo::ticket_truths truths;
    ways.on_ticket = [&truths](std::int64_t id, const model::demo::demo_ticket& one) { truths.note(id, one.truth.bug); };
    model::demo::fill(database, wanted, ways);
    model::demo::fill_callbacks(database, wanted, config.callback);
    model::demo::incident_ways lived;
    lived.terms = config.grouping.rules;
    lived.resolver = demo_account_name(config, "resolver"), lived.resolver_quality = "chargé de résolution";
    lived.supervisor = demo_account_name(config, "supervisor");
    lived.progress = say_progress("making the incidents");
    model::demo::fill_incidents(database, wanted, truths, lived);
}

// What it took: for docs/operations.md, and for whoever chooses a size.
void say_cost(std::chrono::steady_clock::time_point since) {
    constexpr long kib_in_mib = 1024;
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
    std::cerr << fmt::format("the demonstration was made in {:.1f} s, with {} MiB of memory at most\n", seconds,
                             used.ru_maxrss / kib_in_mib);
}

std::string name_of(const std::vector<api::demo_account>& accounts, std::string_view role) {
    for (const auto& each : accounts)
        if (each.role == role) return each.name;
    return {};
}

// The telephone and the weekly shares of the last ten weeks, answered by those who have an account and by their colleagues.
void fill_past(const demo_options& options, model::database& database, const std::vector<api::demo_account>& accounts) {
    std::vector<model::demo::call_taker> takers;
    for (const auto& each : accounts) {
        if (each.role != "agent" && each.role != "resolver" && each.role != "supervisor") continue;
        auto find = [&each](soci::session& sql) { return model::users::find(sql, each.login); };
        if (auto user = database.read_now(find)) takers.push_back({user->id, user->name, std::to_string(201 + takers.size())});
    }
    model::demo::options wanted;
    wanted.tickets = options.tickets, wanted.now = model::system_now();
    model::demo::fill_calls(database, wanted, takers);
    model::demo::fill_shares(database, wanted, name_of(accounts, "owner"), name_of(accounts, "resolver"), name_of(accounts, "supervisor"));
}

bool holds_data(model::database& database) {
    auto read = [](soci::session& sql) {
        return model::sql::first<std::int64_t>(sql, "SELECT id FROM ticket LIMIT 1") ||
               model::sql::first<std::int64_t>(sql, "SELECT id FROM dossier LIMIT 1");
    };
    return database.read_now(read);
}

// A demonstration that was interrupted holds nothing worth keeping; nothing else is ever removed.
void start_again(const configuration& config) {
    if (config.database.is_mariadb())
        throw std::runtime_error("the demonstration in " + config.database.mariadb_database +
                                 " was interrupted: give it an empty database");
    for (auto end : {"", "-wal", "-shm"}) std::filesystem::remove(config.database.sqlite_file + end);
    std::filesystem::remove(accounts_file(config));
    std::filesystem::remove_all(search_folder(config));
}

// Everything that is filled once, while nobody else holds the directory.
std::vector<api::demo_account> prepare(const demo_options& options, const configuration& config) {
    using model::demo::fill_state;
    prepare_data_dir(config.site.data_dir);
    directory_lock lock(config.site.data_dir);
    if (!lock.is_held())
        throw std::runtime_error("the data directory " + config.site.data_dir + " is used by another relais: stop it first");
    auto keys = api::load_secrets(config.master_key_file);
    auto database = model::open_database(config.database);
    auto state = database->read_now(model::demo::state_of_fill);
    auto is_new = state != fill_state::done;
    auto started_at = std::chrono::steady_clock::now();
    if (state == fill_state::started) {
        database.reset();
        start_again(config);
        database = model::open_database(config.database);
        state = fill_state::empty;
    }
    if (state == fill_state::empty) {
        if (holds_data(*database)) throw std::runtime_error("this database holds data of its own: the demonstration needs an empty one");
        fill(options, config, *database, keys);
    }
    auto accounts = demo_accounts(config, *database, keys);
    fill_past(options, *database, accounts);
    auto answers = [&](soci::session& sql) {
        model::demo::fill_answers(sql, config.site.share_dir + "/config/canned_answers.json", name_of(accounts, "supervisor"),
                                  model::system_now());
    };
    database->write_now(answers);
    auto rules = [&](soci::session& sql) { model::demo::fill_rules(sql, name_of(accounts, "supervisor"), model::system_now()); };
    database->write_now(rules);
    database->stop();
    if (is_new) say_cost(started_at);
    return accounts;
}

void show(const configuration& config, const std::vector<api::demo_account>& accounts, const application* server) {
    const auto& base = config.site.base_url;
    std::cout << "Relais, demonstration\n\n"
              << "  for citizens     " << base << "/\n"
              << "  for staff        " << base << "/connexion\n"
              << "  mails            " << base << "/demo/courriels\n"
              << "  current codes    " << base << "/demo/codes\n";
    if (server && server->administration_port() != 0)
        std::cout << "  figures          http://127.0.0.1:" << server->administration_port() << "/metrics\n";
    std::cout << "\n  account                role         password              second-factor secret\n";
    for (const auto& each : accounts)
        std::cout << "  " << each.login << std::string(23 - std::min<std::size_t>(22, each.login.size()), ' ') << each.role
                  << std::string(13 - std::min<std::size_t>(12, each.role.size()), ' ') << each.password << "   "
                  << model::totp::base32(each.seed) << '\n';
    std::cout << std::endl;
}

} // namespace

int run_demo(const demo_options& options) {
    auto config = demo_configuration(options.common);
    auto accounts = prepare(options, config);
    if (options.prepare_only) return show(config, accounts, nullptr), 0;
    block_stopping_signals();
    journals::open(config.logging, config.site.data_dir);
    application server(config, {.demonstration = true, .demo_accounts = accounts});
    server.start();
    show(config, accounts, &server);
    return serve_until_signal(server);
}

} // namespace relais::server
