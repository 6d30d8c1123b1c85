// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace relais::model {

struct import_counts {
    std::uint64_t lines = 0; // read so far, without the header
    std::int64_t added = 0, updated = 0, unchanged = 0, refused = 0;
};

// What an import tells while it runs, on the thread that called it. Either may be empty.
struct import_report {
    // A line that was left out: its number in the file (the header is line 1), the field, and why, as codes.
    std::function<void(std::uint64_t line, std::string_view field, std::string_view code)> bad_line = {};
    std::function<void(const import_counts&)> progress = {}; // after each batch
};

} // namespace relais::model
