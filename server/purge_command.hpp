// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/commands.hpp"

namespace relais::server {

// `purge --dry-run`: a line for each kind of data kept for as long as it may be (kind, how many, oldest and newest date), for the archives
// service's visa. Erases nothing.
int count_overdue(command_context& context);

} // namespace relais::server
