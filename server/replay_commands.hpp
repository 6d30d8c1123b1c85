// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

namespace relais::server {

struct replay_words {
    std::string tickets, groups, ranks, feedback;
    std::string language = "fr"; // of the lines that name none
    bool topics = false;
};

// Runs the production grouping over a file of tickets. Lines that cannot be used are told on standard error with their number and
// reason, and left out; the files are written all the same. Returns 1 when there was such a line, else 0.
// Throws std::runtime_error when a file cannot be read or written.
// Source: docs/replay.md
int run_replay(const replay_words& words);

// The same for the burst detector over hourly counts.
int run_replay_bursts(const std::string& counts, const std::string& alarms);

} // namespace relais::server
