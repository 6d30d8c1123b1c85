// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace relais::tests {

// A file of the build that the running test or measure belongs to: "relais", "tests/libclock_shift.so".
std::string built(const std::string& file);

// A real program started by a test (a mail sink, a database, our own server) and stopped with it, whatever way the test ends.
// Its standard output is read all along, so that it never blocks on a full pipe.
class process {
public:
    struct options {
        std::map<std::string, std::string> environment = {}; // added to ours
        std::string directory = {};                          // to start in; empty: ours
        std::string error_file = {};                         // for its standard error; empty: ours
    };

    // The first word is the program, looked up in PATH. Throws std::runtime_error when it cannot be started.
    explicit process(std::vector<std::string> words);
    process(std::vector<std::string> words, options how);
    process(const process&) = delete;
    process& operator=(const process&) = delete;
    ~process(); // SIGKILL when it still runs

    // The next line of its standard output, without the line end. Throws std::runtime_error at the limit or when the output has ended.
    std::string read_line(std::chrono::milliseconds limit = std::chrono::seconds{20});
    // All that is left of its standard output, until it ends it.
    std::string read_all(std::chrono::milliseconds limit = std::chrono::seconds{60});

    pid_t id() const { return id_; }
    bool is_running();
    void send(int signal);
    // Waits for its end: the exit status, or 128 + the signal that killed it. Throws std::runtime_error at the limit.
    int wait(std::chrono::milliseconds limit = std::chrono::seconds{60});
    // SIGTERM, then SIGKILL at the limit; the status as above.
    int stop(std::chrono::milliseconds limit = std::chrono::seconds{10});

private:
    void read_output(int pipe);
    bool reap(bool block);

    pid_t id_ = -1;
    std::optional<int> status_;
    std::mutex mutex_;
    std::condition_variable more_;
    std::string output_;
    bool ended_ = false;
    int kill_pipe_[2] = {-1, -1}; // wakes the reader when a grandchild keeps the output open
    std::thread reader_;
};

} // namespace relais::tests
