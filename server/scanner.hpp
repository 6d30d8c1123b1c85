// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/secrets.hpp"
#include "model/attachment_store.hpp"
#include "model/database.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace relais::server {

// Where clamd listens: a unix socket, or a host and port. Neither: no scanner is configured, and files are given out "unscanned".
struct scanner_options {
    std::string socket;
    std::string host;
    int port = 3310;
    int timeout_s = 30;
    bool is_configured() const { return !socket.empty() || !host.empty(); }
};

enum class scan_verdict { clean, infected, unavailable };

// Sends the bytes that `source` gives to clamd (INSTREAM) and returns its verdict; unavailable when it cannot be reached or does not
// answer. Blocking: for a job's thread.
scan_verdict scan(const scanner_options& options, const std::function<void(const std::function<void(std::string_view)>&)>& source);

// Gives every waiting file its verdict. While the scanner is away the files stay held and nothing else waits for them.
// Returns how many got one.
int scan_pending(const scanner_options& options, model::database& database, const model::attachment_store& store, const api::secrets& keys);

// The state of a file that has just come in.
std::string first_scan_state(const scanner_options& options);

} // namespace relais::server
