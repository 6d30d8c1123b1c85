// SPDX-License-Identifier: EUPL-1.2
#include "server/gmime_lock.hpp"

#include <gmime/gmime.h>

namespace relais::server {

std::unique_lock<std::mutex> enter_gmime() {
    static std::mutex mutex;
    static std::once_flag once;
    std::unique_lock lock{mutex};
    std::call_once(once, [] { g_mime_init(); });
    return lock;
}

} // namespace relais::server
