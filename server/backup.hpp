// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/run_command.hpp"

#include <string>

namespace relais::server {

// `relais backup FILE`: the database in one steady view and the attachments, in one file sealed under the master key, which is not in it.
// Reads beside a running server, and may run at any time. Returns the exit status.
int back_up(const common_options& options, const std::string& file);

// `relais restore FILE`: into an empty data directory that holds the master key, or an empty MariaDB database. A backup of one database
// restores into the other too. Refused while a server runs.
int restore(const common_options& options, const std::string& file);

} // namespace relais::server
