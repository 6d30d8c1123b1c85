// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/commands.hpp"

namespace relais::server {

// `user add`: {login, role, name, quality, email}; the password is the first line of the input. Says the account's number.
int add_user(command_context& context);
// `token add`: {name, role, rate, days}. The token, alone, is the result.
int add_token(command_context& context);

} // namespace relais::server
