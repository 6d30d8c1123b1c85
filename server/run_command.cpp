// SPDX-License-Identifier: EUPL-1.2
#include "server/run_command.hpp"

#include "model/search_feed.hpp"
#include "model/search_index.hpp"
#include "server/commands.hpp"
#include "server/control_server.hpp"
#include "server/data_dir.hpp"

#include <termios.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <stdexcept>

namespace relais::server {
namespace {

auto rebuild_here(const configuration& config, model::database& database) {
    return [&config, &database](const std::function<void(std::int64_t)>& progress) {
        model::search_index index(search_folder(config));
        model::search_feed(database, index).rebuild(progress);
    };
}

int run_here(const configuration& config, std::string_view name, const nlohmann::json& arguments, std::istream& input) {
    auto keys = api::load_secrets(config.master_key_file);
    model::attachment_store attachments((std::filesystem::path(config.site.data_dir) / "attachments").string());
    auto database = model::open_database(config.database);
    auto progress = [](const std::string& text) { std::cerr << text << std::endl; };
    auto result = [](const std::string& text) { std::cout << text << std::endl; };
    command_services services{config, *database, attachments, keys, rebuild_here(config, *database)};
    command_context context{services, arguments, input, progress, result};
    auto status = run_command(name, context);
    database->stop();
    return status;
}

// Silences the terminal for as long as it lives.
class no_echo {
public:
    no_echo() {
        is_terminal_ = tcgetattr(STDIN_FILENO, &before_) == 0;
        auto silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        if (is_terminal_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~no_echo() {
        if (is_terminal_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
    no_echo(const no_echo&) = delete;
    no_echo& operator=(const no_echo&) = delete;

private:
    termios before_{};
    bool is_terminal_ = false;
};

std::string read_line(const char* question) {
    if (question) std::cerr << question << std::flush;
    std::string line;
    if (!std::getline(std::cin, line) || line.empty()) throw std::runtime_error("no password was given");
    return line;
}

} // namespace

configuration configuration_of(const common_options& options) {
    auto loaded = load_configuration(options.config_file);
    for (const auto& fault : loaded.faults)
        std::cerr << options.config_file << (fault.line > 0 ? ":" + std::to_string(fault.line) : "") << ": " << fault.text << '\n';
    if (!loaded.faults.empty()) throw std::runtime_error("the configuration has faults: correct the lines above");
    auto& config = loaded.config;
    if (!options.data_dir.empty()) config.site.data_dir = options.data_dir;
    if (!options.listen.empty()) {
        if (config.site.base_url == configuration{}.site.base_url) config.site.base_url = "http://" + options.listen;
        config.listen = {options.listen};
    }
    complete_configuration(config);
    return config;
}

int run_on_database(const common_options& options, std::string_view name, const nlohmann::json& arguments, std::istream& input) {
    auto config = configuration_of(options);
    prepare_data_dir(config.site.data_dir);
    directory_lock lock(config.site.data_dir);
    if (lock.is_held()) return run_here(config, name, arguments, input);
    return run_through_server(control_socket_of(config.site.data_dir), name, arguments, input);
}

int run_on_existing(const common_options& options, std::string_view name, const nlohmann::json& arguments) {
    auto config = configuration_of(options);
    if (!std::filesystem::exists(config.master_key_file))
        throw std::runtime_error("no Relais has worked in " + config.site.data_dir + " (" + config.master_key_file +
                                 " is not there): name its data directory with --data, or its configuration with --config");
    std::istringstream no_input;
    return run_on_database(options, name, arguments, no_input);
}

std::string ask_password(bool from_standard_input) {
    if (from_standard_input) return read_line(nullptr);
    no_echo silence;
    auto first = read_line("Password: ");
    auto second = read_line("\nThe same again: ");
    std::cerr << '\n';
    if (first != second) throw std::runtime_error("the two passwords differ");
    return first;
}

} // namespace relais::server
