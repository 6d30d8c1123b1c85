// SPDX-License-Identifier: EUPL-1.2
#include "model/zip_directory.hpp"

#include <algorithm>
#include <set>

namespace relais::model {

namespace {

constexpr std::string_view end_mark = "PK\x05\x06";
constexpr std::string_view entry_mark = "PK\x01\x02";
constexpr std::size_t end_size = 22;
constexpr std::size_t entry_size = 46;
constexpr std::size_t entry_limit = 2000;
constexpr std::uint64_t inflated_limit_bytes = 1024ULL * 1024 * 1024;

// A little-endian number; the caller has checked that it is there.
std::uint32_t number(std::string_view bytes, std::size_t at, std::size_t width) {
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < width; ++i) out |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    return out;
}

bool is_good_name(std::string_view name) {
    bool climbs = name == ".." || name.starts_with("../") || name.find("/../") != std::string_view::npos || name.ends_with("/..");
    bool clean =
        std::all_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '\\' && c != 0x7F; });
    return !name.empty() && name.front() != '/' && !climbs && clean;
}

// Where the end record starts: its comment must reach exactly the end of the file.
std::optional<std::size_t> find_end(std::string_view tail) {
    for (auto at = tail.rfind(end_mark); at != std::string_view::npos;
         at = at == 0 ? std::string_view::npos : tail.rfind(end_mark, at - 1)) {
        if (tail.size() - at >= end_size && at + end_size + number(tail, at + 20, 2) == tail.size()) return at;
    }
    return {};
}

} // namespace

std::optional<std::vector<std::string>> zip_entry_names(std::string_view tail, std::uint64_t size_bytes) {
    auto end = find_end(tail);
    if (!end || number(tail, *end + 4, 4) != 0) return {};
    std::size_t count = number(tail, *end + 10, 2);
    std::uint64_t directory_size = number(tail, *end + 12, 4);
    std::uint64_t directory_at = number(tail, *end + 16, 4);
    auto end_at = size_bytes - tail.size() + *end;
    // The directory stands right before its end record: no room for a second archive in between.
    if (number(tail, *end + 8, 2) != count || count > entry_limit || directory_size > *end || directory_at + directory_size != end_at)
        return {};
    auto directory = tail.substr(*end - static_cast<std::size_t>(directory_size), static_cast<std::size_t>(directory_size));
    std::set<std::string, std::less<>> names;
    std::vector<std::string> out;
    std::uint64_t inflated = 0;
    while (!directory.empty()) {
        if (directory.size() < entry_size || !directory.starts_with(entry_mark)) return {};
        bool encrypted = (number(directory, 8, 2) & 1U) != 0;
        inflated += number(directory, 24, 4);
        std::size_t name_size = number(directory, 28, 2);
        auto whole = entry_size + name_size + number(directory, 30, 2) + number(directory, 32, 2);
        if (encrypted || inflated > inflated_limit_bytes || whole > directory.size()) return {};
        auto name = directory.substr(entry_size, name_size);
        if (!is_good_name(name) || !names.emplace(name).second) return {};
        out.emplace_back(name);
        directory.remove_prefix(whole);
    }
    if (out.size() != count) return {};
    return out;
}

} // namespace relais::model
