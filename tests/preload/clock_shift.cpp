// SPDX-License-Identifier: EUPL-1.2
// Preloaded into the built program by tests that live through several days: its wall clock is the machine's plus the seconds that stand in
// the file RELAIS_CLOCK_SHIFT (eight bytes, the machine's order), read again at each look. Steady clocks and time-outs stay true.
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

namespace {

const volatile std::int64_t* map_shift() {
    const char* file = std::getenv("RELAIS_CLOCK_SHIFT");
    auto descriptor = file == nullptr ? -1 : open(file, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return nullptr;
    auto* found = mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, descriptor, 0);
    close(descriptor);
    return found == MAP_FAILED ? nullptr : static_cast<const volatile std::int64_t*>(found);
}

std::int64_t shift() {
    static const auto* kept = map_shift();
    return kept == nullptr ? 0 : *kept;
}

} // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* at) noexcept {
    auto status = static_cast<int>(syscall(SYS_clock_gettime, clock, at));
    if (status == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) at->tv_sec += shift();
    return status;
}

extern "C" int gettimeofday(timeval* at, void*) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

extern "C" time_t time(time_t* at) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (at != nullptr) *at = now.tv_sec;
    return now.tv_sec;
}
