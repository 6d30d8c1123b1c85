// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <mutex>

namespace relais::server {

// GMime keeps tables for the whole process and promises nothing to threads: one message at a time, well under a millisecond each.
std::unique_lock<std::mutex> enter_gmime();

} // namespace relais::server
