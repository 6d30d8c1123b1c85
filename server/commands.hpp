// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/secrets.hpp"
#include "model/attachment_store.hpp"
#include "model/database.hpp"
#include "server/config.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

namespace relais::server {

// What a command works with, in its own process or inside the running server: it cannot tell which.
struct command_services {
    const configuration& config;
    model::database& database;
    model::attachment_store& attachments;
    const api::secrets& keys;
    // Reads every ticket again into the search index; says how many are done.
    std::function<void(const std::function<void(std::int64_t)>&)> rebuild_search;
};

// One run of a command.
struct command_context {
    const command_services& on;
    const nlohmann::json& arguments;
    std::istream& input;                              // the file it was given, or standard input
    std::function<void(const std::string&)> progress; // a line on standard error
    std::function<void(const std::string&)> result;   // a line on standard output
};

// Returns the exit status: 0, or 1 after a sentence to `progress`. What it throws becomes such a sentence.
using command_function = int (*)(command_context&);

// A command that reads or writes the database, by the name people type ("user add").
struct command {
    std::string_view name;
    command_function run;
};
std::span<const command> commands();

// Runs one by name; turns errors into a sentence and status 1. 2 when the name is unknown.
int run_command(std::string_view name, command_context& context);

} // namespace relais::server
