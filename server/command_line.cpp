// SPDX-License-Identifier: EUPL-1.2
#include "server/command_line.hpp"

#include "server/application.hpp"
#include "server/log.hpp"
#include "server/run_command.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include <sys/stat.h>

#include <functional>
#include <iostream>

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
