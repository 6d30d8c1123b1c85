// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string_view>

namespace relais::server {

// Tells systemd ("READY=1", "WATCHDOG=1", "STOPPING=1"); nothing happens when it did not start us.
// Source: sd_notify(3), the protocol alone.
void notify_supervisor(std::string_view state);

} // namespace relais::server
