// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/config.hpp"

#include <nlohmann/json.hpp>

#include <istream>
#include <string>
#include <string_view>

namespace relais::server {

// What every command takes.
struct common_options {
    std::string config_file, data_dir, listen;
};

// The configuration that the options and the environment give, complete. Prints its faults on standard error.
// Throws std::runtime_error when there are some.
configuration configuration_of(const common_options& options);

// Runs a command on the database: in this process when nobody holds the data directory, else inside the server that does.
int run_on_database(const common_options& options, std::string_view name, const nlohmann::json& arguments, std::istream& input);

// The same for a command that reads what is there: it throws std::runtime_error rather than begin a data directory, which a mistyped name
// would.
int run_on_existing(const common_options& options, std::string_view name, const nlohmann::json& arguments = nlohmann::json::object());

// A password: typed twice without echo, or the first line of standard input. Throws std::runtime_error when the two differ or none came.
std::string ask_password(bool from_standard_input);

} // namespace relais::server
