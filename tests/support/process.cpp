// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace relais::tests {

std::string built(const std::string& file) {
    auto self = std::filesystem::read_symlink("/proc/self/exe"); // in the build's folder `tests`
    return self.parent_path().parent_path() / file;
}

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> out;
    for (auto& word : words) out.push_back(word.data());
    out.push_back(nullptr);
    return out;
}

std::vector<std::string> merged(const std::map<std::string, std::string>& added) {
    std::vector<std::string> out;
    for (char** line = environ; *line; ++line) {
        std::string text{*line};
        if (!added.contains(text.substr(0, text.find('=')))) out.push_back(std::move(text));
    }
    for (const auto& [name, value] : added) out.push_back(name + "=" + value);
    return out;
}

// Between fork and exec only async-signal-safe calls are allowed: everything was prepared before.
[[noreturn]] void become(char** words, char** environment, const process::options& how, int output) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(output, STDOUT_FILENO);
    if (!how.error_file.empty()) {
        int errors = open(how.error_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (errors >= 0) dup2(errors, STDERR_FILENO);
    }
    if (!how.directory.empty() && chdir(how.directory.c_str()) != 0) _exit(127);
    execvpe(words[0], words, environment);
    _exit(127);
}

} // namespace

process::process(std::vector<std::string> words) : process(std::move(words), options{}) {}

process::process(std::vector<std::string> words, options how) {
    if (words.empty()) throw std::runtime_error("no program to start");
    auto environment = merged(how.environment);
    auto word_pointers = pointers(words);
    auto environment_pointers = pointers(environment);
    int output[2];
    if (pipe2(output, O_CLOEXEC) != 0 || pipe2(kill_pipe_, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    id_ = fork();
    if (id_ < 0) throw std::runtime_error("no process");
    if (id_ == 0) become(word_pointers.data(), environment_pointers.data(), how, output[1]);
    setpgid(id_, id_); // also here: whoever comes first
    close(output[1]);
    reader_ = std::thread{[this, end = output[0]] { read_output(end); }};
}

process::~process() {
    if (!reap(false)) {
        kill(-id_, SIGKILL);
        reap(true);
    }
    close(kill_pipe_[1]);
    reader_.join();
    close(kill_pipe_[0]);
}

void process::read_output(int pipe) {
    char bytes[4096];
    for (;;) {
        pollfd both[2] = {{pipe, POLLIN, 0}, {kill_pipe_[0], POLLIN, 0}};
        if (poll(both, 2, -1) < 0 && errno == EINTR) continue;
        if (!both[0].revents) break; // the test is over
        auto count = read(pipe, bytes, sizeof bytes);
        if (count <= 0) break;
        std::lock_guard lock{mutex_};
        output_.append(bytes, static_cast<std::size_t>(count));
        more_.notify_all();
    }
    close(pipe);
    std::lock_guard lock{mutex_};
    ended_ = true;
    more_.notify_all();
}

std::string process::read_line(std::chrono::milliseconds limit) {
    std::unique_lock lock{mutex_};
    auto has_line = [this] { return ended_ || output_.find('\n') != std::string::npos; };
    if (!more_.wait_for(lock, limit, has_line)) throw std::runtime_error("the program said nothing in time");
    auto end = output_.find('\n');
    if (end == std::string::npos) throw std::runtime_error("the program ended its output");
    auto line = output_.substr(0, end);
    output_.erase(0, end + 1);
    return line;
}

std::string process::read_all(std::chrono::milliseconds limit) {
    std::unique_lock lock{mutex_};
    if (!more_.wait_for(lock, limit, [this] { return ended_; })) throw std::runtime_error("the program did not end its output in time");
    return std::exchange(output_, {});
}

bool process::reap(bool block) {
    if (status_) return true;
    int raw = 0;
    pid_t ended = 0;
    do ended = waitpid(id_, &raw, block ? 0 : WNOHANG);
    while (ended < 0 && errno == EINTR);
    if (ended != id_) return false;
    status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
    return true;
}

bool process::is_running() { return !reap(false); }

void process::send(int signal) {
    if (is_running()) kill(id_, signal);
}

int process::wait(std::chrono::milliseconds limit) {
    auto deadline = clock::now() + limit;
    while (!reap(false)) {
        if (clock::now() > deadline) throw std::runtime_error("the program did not end in time");
        std::this_thread::sleep_for(5ms);
    }
    return *status_;
}

int process::stop(std::chrono::milliseconds limit) {
    send(SIGTERM);
    auto deadline = clock::now() + limit;
    while (!reap(false) && clock::now() < deadline) std::this_thread::sleep_for(5ms);
    if (!status_) {
        kill(-id_, SIGKILL);
        reap(true);
    }
    return *status_;
}

} // namespace relais::tests
