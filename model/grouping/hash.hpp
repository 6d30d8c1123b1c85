// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string_view>

namespace relais::model::grouping {

// FNV-1a; a hash of a text may go on with another text. The same on every machine, so that groups are the same everywhere.
constexpr std::uint64_t hash_on(std::string_view text, std::uint64_t from = 14695981039346656037ULL) {
    for (const char letter : text) from = (from ^ static_cast<unsigned char>(letter)) * 1099511628211ULL;
    return from;
}

// The same with its bits mixed, for tables.
constexpr std::uint64_t hash_of(std::string_view text) {
    const auto hash = hash_on(text);
    return (hash ^ hash >> 32) * 0x9E3779B97F4A7C15ULL;
}

} // namespace relais::model::grouping
