// SPDX-License-Identifier: EUPL-1.2
#include "model/thread_role.hpp"

#include <string>

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

namespace relais::model::thread_role {

namespace {
thread_local bool background = false;
}

void name(const char* name) {
    constexpr std::size_t limit = 15;
    pthread_setname_np(pthread_self(), std::string(name).substr(0, limit).c_str());
}

void name_background(const char* called) {
    constexpr int niceness = 10;
    name(called);
    background = true;
    setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), niceness);
}

bool is_background() { return background; }

} // namespace relais::model::thread_role
