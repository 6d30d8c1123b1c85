// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/config.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace relais::server {

// One answered request, without personal data: the route's pattern and never the path, no query, no address, no name, no token.
// Source: security.md lines 61 and 66.
struct access_entry {
    std::string_view request_id;
    std::string_view method;
    std::string_view route; // empty: no route was found
    int status = 0;
    std::uint64_t sent_bytes = 0;
    double duration_ms = 0;
    std::string_view audience; // "anonymous", "staff", "token"
    std::int64_t audience_id = 0;
};

// The two journals of the process: JSON lines, times in UTC with milliseconds.
class journals {
public:
    // Opens the files named by the configuration and makes the application's journal spdlog's default logger.
    // Throws std::runtime_error when a file cannot be opened.
    static void open(const logging_options& options, const std::string& data_dir);
    static void access(const access_entry& entry);
    static void flush();
};

// A JSON string literal, quotes included, of a text we do not trust.
std::string json_quoted(std::string_view text);

} // namespace relais::server
