// SPDX-License-Identifier: EUPL-1.2
#include "server/data_dir.hpp"

#include "api/secrets.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace relais::server {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t name_bytes = 9; // 12 letters

} // namespace

void prepare_data_dir(const std::string& folder) {
    std::error_code error;
    auto is_new = fs::create_directories(folder, error);
    if (is_new) fs::permissions(folder, fs::perms::owner_all, error);
    if (error || ::access(folder.c_str(), W_OK) != 0)
        throw std::runtime_error("cannot write in the data directory " + folder + ": make it, or choose another with --data");
}

directory_lock::directory_lock(const std::string& folder) {
    auto name = (fs::path(folder) / "lock").string();
    descriptor_ = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor_ < 0) throw std::runtime_error("cannot open " + name);
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
    ::close(descriptor_);
    descriptor_ = -1;
}

directory_lock::~directory_lock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::string node_name(const std::string& folder) {
    auto file = fs::path(folder) / "node";
    std::string out;
    if (std::ifstream(file) >> out) return out;
    out = api::random_token(name_bytes);
    if (!(std::ofstream(file) << out << std::flush)) throw std::runtime_error("cannot write " + file.string());
    return out;
}

std::string control_socket_of(const std::string& data_dir) { return (fs::absolute(data_dir) / "control.sock").string(); }

} // namespace relais::server
