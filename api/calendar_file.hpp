// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace relais::api {

// One appointment, for the calendar of whoever receives it.
struct calendar_event {
    std::string uid;           // the same for the same appointment, however often it is sent
    std::int64_t sequence = 0; // higher for each change
    bool is_cancelled = false;
    std::chrono::sys_seconds from, to, written_at;
    std::string summary, description;
};

// The text of an .ics file. Source: RFC 5545 (lines of at most 75 bytes, ended by CRLF, commas and line ends escaped)
std::string calendar_file(const calendar_event& event);

} // namespace relais::api
