// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "api/secrets.hpp"
#include "model/database.hpp"
#include "server/config.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace relais::server {

// The demonstration's accounts, one of each role (config/demo_accounts.json), with passwords and second factors drawn for this data
// directory and kept in its file demo-accounts.json (mode 0600), so that they can be shown again.
// Throws std::runtime_error when accounts exist whose passwords are not known any more.
std::vector<api::demo_account> demo_accounts(const configuration& config, model::database& database, const api::secrets& keys);
// The name of the first account of a role, as config/demo_accounts.json has it; empty when there is none.
std::string demo_account_name(const configuration& config, const std::string& role);
std::string accounts_file(const configuration& config);

// A new password that model::passwords::faults() finds nothing to say about.
std::string draw_password(std::string_view login, const std::vector<std::string>& common);

} // namespace relais::server
