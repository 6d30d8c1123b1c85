// SPDX-License-Identifier: EUPL-1.2
#include "server/command_line.hpp"

#include "server/application.hpp"
#include "server/backup.hpp"
#include "server/demo.hpp"
#include "server/log.hpp"
#include "server/replay_commands.hpp"
#include "server/run_command.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <sstream>

namespace relais::server {
namespace {

constexpr int wrong_usage = 2;

// A sub-command and what to do once its words are read.
struct chosen {
    std::function<int()> run;
};

CLI::App* add_command(CLI::App& parent, chosen& choice, const std::string& name, const std::string& help, std::function<int()> run) {
    auto* added = parent.add_subcommand(name, help);
    added->callback([&choice, run = std::move(run)] { choice.run = run; });
    return added;
}

void add_place(CLI::App* command, common_options& common) {
    command->add_option("--config", common.config_file, "The configuration file")->check(CLI::ExistingFile);
    command->add_option("--data", common.data_dir, "The data directory: SQLite, attachments, keys");
}

void add_listen(CLI::App* command, common_options& common) { command->add_option("--listen", common.listen, "ADDRESS:PORT"); }

int check_config(const std::string& file) {
    auto loaded = load_configuration(file);
    for (const auto& fault : loaded.faults)
        std::cout << file << (fault.line > 0 ? ":" + std::to_string(fault.line) : "") << ": " << fault.text << '\n';
    return loaded.faults.empty() ? 0 : 1;
}

int migrate(const common_options& common) {
    auto config = configuration_of(common);
    std::cerr << model::migrate(config.database) << " migrations applied\n";
    return 0;
}

int serve(const common_options& common) {
    block_stopping_signals();
    auto config = configuration_of(common);
    journals::open(config.logging, config.site.data_dir);
    application server(config, {});
    server.start();
    for (auto port : server.ports()) spdlog::info("listening on port {}", port);
    return serve_until_signal(server);
}

// A command on the database: its words become the arguments, wherever it then runs.
struct account_words {
    nlohmann::json arguments = nlohmann::json::object();
    bool password_stdin = false;
};

void add_account_commands(CLI::App& program, chosen& choice, common_options& common, account_words& words) {
    auto keep_text = [&words](const char* name) { return [&words, name](const std::string& value) { words.arguments[name] = value; }; };
    auto* user = program.add_subcommand("user", "Accounts of colleagues and partners")->require_subcommand(1);
    auto run_user = [&] {
        std::istringstream password(ask_password(words.password_stdin) + "\n");
        return run_on_database(common, "user add", words.arguments, password);
    };
    auto* user_add = add_command(*user, choice, "add", "Make an account; its password is asked", run_user);
    user_add->add_option_function<std::string>("NAME", keep_text("login"), "The login")->required();
    user_add->add_option_function<std::string>("--role", keep_text("role"), "agent, resolver, owner, supervisor, admin, dpo or partner")
        ->required();
    user_add->add_option_function<std::string>("--full-name", keep_text("name"), "Shown to colleagues and citizens");
    user_add->add_option_function<std::string>("--quality", keep_text("quality"), "Shown to citizens beside the name");
    user_add->add_option_function<std::string>("--email", keep_text("email"));
    user_add->add_flag("--password-stdin", words.password_stdin, "Read the password from standard input");
    add_place(user_add, common);

    auto* token = program.add_subcommand("token", "Tokens of programs")->require_subcommand(1);
    auto run_token = [&] {
        std::istringstream no_input;
        return run_on_database(common, "token add", words.arguments, no_input);
    };
    auto* token_add = add_command(*token, choice, "add", "Make an API token, printed once", run_token);
    token_add->add_option_function<std::string>("NAME", keep_text("name"), "Who uses it")->required();
    token_add->add_option_function<std::string>("--role", keep_text("role"))->required();
    auto keep_number = [&words](const char* name) { return [&words, name](std::int64_t value) { words.arguments[name] = value; }; };
    token_add->add_option_function<std::int64_t>("--rate", keep_number("rate"), "Requests a second; 0: no limit");
    token_add->add_option_function<std::int64_t>("--days", keep_number("days"), "Until it expires, 365 at most");
    add_place(token_add, common);
}

int run_on_file(const common_options& common, std::string_view name, const std::string& file) {
    std::ifstream input(file, std::ios::binary);
    if (!input) throw std::runtime_error("cannot read " + file);
    return run_on_database(common, name, nlohmann::json::object(), input);
}

// file: where the name of a file to read is kept until the command runs.
void add_data_commands(CLI::App& program, chosen& choice, common_options& common, std::string& file) {
    auto on_file = [&common, &file](const char* name) { return [&common, &file, name] { return run_on_file(common, name, file); }; };
    auto alone = [&common](const char* name) { return [&common, name] { return run_on_existing(common, name); }; };
    auto* import = program.add_subcommand("import", "Read files of other systems; sends no mail")->require_subcommand(1);
    auto* dossiers = add_command(*import, choice, "dossiers", "Dossiers, as CSV", on_file("import dossiers"));
    auto* tickets = add_command(*import, choice, "tickets", "Tickets and their messages, as JSON lines", on_file("import tickets"));
    for (auto* each : {dossiers, tickets}) {
        each->add_option("FILE", file)->required();
        add_place(each, common);
    }
    auto* journal = program.add_subcommand("journal", "The sealed journal of events")->require_subcommand(1);
    add_place(add_command(*journal, choice, "verify", "Find out whether it was changed after it was sealed", alone("journal verify")),
              common);
    auto* search = program.add_subcommand("search", "The full-text index of this node")->require_subcommand(1);
    add_place(add_command(*search, choice, "rebuild", "Read every ticket again", alone("search rebuild")), common);
}

// file: where the name of the file is kept until the command runs.
void add_backup_commands(CLI::App& program, chosen& choice, common_options& common, std::string& file) {
    auto* backup = add_command(program, choice, "backup", "Copy the database and the attachments into a file, beside a running server",
                               [&] { return back_up(common, file); });
    auto* restoring = add_command(program, choice, "restore", "Put a backup into an empty data directory that holds its master key",
                                  [&] { return restore(common, file); });
    for (auto* each : {backup, restoring}) {
        each->add_option("FILE", file)->required();
        add_place(each, common);
    }
}

void add_purge_command(CLI::App& program, chosen& choice, common_options& common) {
    auto run = [&common] { return run_on_existing(common, "purge"); };
    auto words_are_enough = [](std::int64_t) {};
    auto* purge = add_command(program, choice, "purge", "Count what has been kept for as long as it may be", run);
    purge->add_flag("--dry-run", words_are_enough, "Erase nothing: the list is for the archives service's visa")->required();
    add_place(purge, common);
}

struct share_words {
    std::string week, out = ".";
};

void add_share_commands(CLI::App& program, chosen& choice, common_options& common, share_words& words) {
    auto run_share = [&common, &words] {
        // A server that does the work beside us has a working directory of its own.
        nlohmann::json arguments = {{"week", words.week}, {"out", std::filesystem::absolute(words.out).string()}};
        return run_on_existing(common, "share", arguments);
    };
    auto* share = add_command(program, choice, "share", "Write a weekly share as HTML, XLSX, CSV and JSON", run_share);
    share->add_option("--week", words.week, "2026-W47; absent: the last one");
    share->add_option("--out", words.out, "The folder");
    add_place(share, common);
    auto run_figures = [&common] { return run_on_existing(common, "figures rebuild"); };
    auto* figures = program.add_subcommand("figures", "The key figures K1 to K20")->require_subcommand(1);
    add_place(add_command(*figures, choice, "rebuild", "Count every ticket again", run_figures), common);
}

void add_demo_command(CLI::App& program, chosen& choice, demo_options& options) {
    auto* demo = add_command(program, choice, "demo", "Fill the database once with a living demonstration, and serve it",
                             [&options] { return run_demo(options); });
    add_place(demo, options.common);
    add_listen(demo, options.common);
    demo->add_option("--dossiers", options.dossiers, "How many dossiers to make");
    demo->add_option("--tickets", options.tickets, "How many tickets to make");
    demo->add_flag("--prepare-only", options.prepare_only, "Fill and end");
}

struct bursts_words {
    std::string counts, alarms;
};

void add_replay_commands(CLI::App& program, chosen& choice, replay_words& tickets, bursts_words& bursts) {
    auto* replay = add_command(program, choice, "replay", "Group the tickets of a file, as the server would",
                               [&tickets] { return run_replay(tickets); });
    replay->add_option("FILE", tickets.tickets, "Tickets, a JSON object a line, in order")->required();
    replay->add_option("--groups", tickets.groups, "Where the group of each ticket is written")->required();
    replay->add_option("--ranks", tickets.ranks, "Where the 20 most similar earlier tickets of each are written");
    replay->add_option("--feedback", tickets.feedback, "Corrections by people, a JSON object a line");
    replay->add_option("--lang", tickets.language, "The language of lines that name none")->check(CLI::IsMember({"fr", "en"}));
    replay->add_flag("--topics", tickets.topics, "The stream is of news-like topics, not of reports");
    auto* counts = add_command(program, choice, "replay-bursts", "Detect bursts in hourly counts, as the server would",
                               [&bursts] { return run_replay_bursts(bursts.counts, bursts.alarms); });
    counts->add_option("FILE", bursts.counts, "incident, hour and count, separated by tabulations, with a header")->required();
    counts->add_option("--alarms", bursts.alarms, "Where the alarms are written")->required();
}

} // namespace

int run_command_line(int count, char** words) {
    ::umask(0077); // whatever we write is ours alone
    CLI::App program("Relais, the contact centre that relays a citizen's problem to the people who can fix it", "relais");
    program.set_version_flag("--version", RELAIS_VERSION);
    program.require_subcommand(1);
    common_options common;
    chosen choice;
    auto* serving = add_command(program, choice, "serve", "Run the server", [&common] { return serve(common); });
    add_place(serving, common);
    add_listen(serving, common);
    add_place(add_command(program, choice, "migrate", "Bring the schema up to date", [&common] { return migrate(common); }), common);
    std::string file;
    add_data_commands(program, choice, common, file);
    share_words words_of_share;
    add_share_commands(program, choice, common, words_of_share);
    account_words words_of_account;
    add_account_commands(program, choice, common, words_of_account);
    std::string backup_file;
    add_backup_commands(program, choice, common, backup_file);
    add_purge_command(program, choice, common);
    demo_options demonstration;
    add_demo_command(program, choice, demonstration);
    replay_words replayed;
    bursts_words counted;
    add_replay_commands(program, choice, replayed, counted);
    std::string checked;
    add_command(program, choice, "check-config", "Print every fault of a configuration file", [&checked] { return check_config(checked); })
        ->add_option("FILE", checked)
        ->required();
    try {
        program.parse(count, words);
        return choice.run();
    } catch (const CLI::ParseError& error) {
        return program.exit(error) == 0 ? 0 : wrong_usage;
    } catch (const std::exception& error) {
        std::cerr << "relais: " << error.what() << '\n';
        return 1;
    }
}

} // namespace relais::server
