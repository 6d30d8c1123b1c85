// SPDX-License-Identifier: EUPL-1.2
#include "server/mail_folder.hpp"

#include "api/secrets.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace relais::server {
namespace {

constexpr std::size_t file_limit_bytes = 40 * 1024 * 1024;
constexpr std::size_t hash_characters = 32;

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

class descriptor {
public:
    descriptor(const std::filesystem::path& path, int flags) : id_{open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600)} {
        if (id_ < 0) fail("cannot open " + path.string());
    }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() { close(id_); }

    void write_all(std::string_view bytes) const {
        while (!bytes.empty()) {
            auto count = write(id_, bytes.data(), bytes.size());
            if (count < 0 && errno != EINTR) fail("cannot write a mail");
            if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
        }
    }
    void sync() const {
        if (fsync(id_) != 0) fail("cannot sync a mail");
    }

private:
    int id_;
};

std::string name_of(std::string_view message_id, std::int64_t at) {
    auto hash = api::sha256_hex(message_id).substr(0, hash_characters);
    return fmt::format("{:%Y%m%dT%H%M%S}Z-{}.eml", fmt::gmtime(static_cast<std::time_t>(at)), hash);
}

bool is_name(std::string_view name) {
    return name.ends_with(".eml") && name.size() < 100 && std::all_of(name.begin(), name.end() - 4, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == 'T' || c == 'Z' || c == '-';
           });
}

} // namespace

mail_folder::mail_folder(std::filesystem::path folder) : folder_{std::move(folder)} {
    if (std::filesystem::create_directories(folder_)) std::filesystem::permissions(folder_, std::filesystem::perms::owner_all);
}

std::string mail_folder::keep(std::string_view bytes, std::string_view message_id, std::int64_t at) const {
    auto name = name_of(message_id, at);
    auto temporary = folder_ / (name + ".tmp");
    {
        descriptor file{temporary, O_WRONLY | O_CREAT | O_TRUNC};
        file.write_all(bytes);
        file.sync();
    }
    std::filesystem::rename(temporary, folder_ / name);
    descriptor{folder_, O_RDONLY | O_DIRECTORY}.sync();
    return name;
}

std::vector<mail_folder::entry> mail_folder::list(std::size_t limit) const {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator{folder_})
        if (auto name = file.path().filename().string(); is_name(name)) names.push_back(std::move(name));
    auto kept = std::min(limit, names.size());
    std::partial_sort(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(kept), names.end(), std::greater<>{});
    std::vector<entry> out;
    for (std::size_t i = 0; i < kept; ++i)
        if (auto found = find(names[i])) out.push_back(std::move(*found));
    return out;
}

std::optional<mail_folder::entry> mail_folder::find(std::string_view name) const {
    if (!is_name(name)) return std::nullopt;
    auto path = folder_ / name;
    std::error_code absent;
    if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(path, absent))) return std::nullopt;
    if (std::filesystem::file_size(path, absent) > file_limit_bytes) return std::nullopt;
    std::ifstream in{path, std::ios::binary};
    std::string bytes{std::istreambuf_iterator<char>{in}, {}};
    try {
        return entry{std::string{name}, mails::read(bytes)};
    } catch (const std::invalid_argument&) {
        return std::nullopt;
    }
}

} // namespace relais::server
