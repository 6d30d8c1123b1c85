// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relais::server {

// Source of the numbers: security.md 3.4. The body limit is the largest of any route; each route then has its own.
struct gate_limits {
    std::size_t head_bytes = 8UL * 1024;
    std::size_t field_count = 64;
    std::size_t target_bytes = 4UL * 1024;
    std::uint64_t body_bytes = 26UL * 1024 * 1024;
    std::vector<std::string> allowed_hosts; // "name" takes any port, "name:port" only this one; empty: any host
    std::vector<std::string> single_cookies = {"__Host-sid", "sid", "__Host-suivi", "suivi"};
};

// What the gate says of a request head. The views point into the head that was checked.
struct gate_verdict {
    int status = 0;        // 0: accepted; otherwise answer this status and close the connection
    std::string_view code; // why, for the log and the answer; never holds what the client sent

    std::string_view method;
    std::string_view target; // origin form ("/path?query"), also when the absolute form was sent; "*" for OPTIONS *
    std::string_view host;   // as sent, with its port
    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    bool keep_alive = true; // what the client wishes; http_1_0 clients must be told when we agree
    bool http_1_0 = false;
    bool expects_continue = false;

    bool accepted() const { return status == 0; }
    bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

// Checks the raw bytes of a request head, request line to empty line included, before Beast may read them: Beast 1.74 takes
// several forms that another server would cut elsewhere. A head that reached the limit without its empty line may be given
// too: it is refused with 414 or 431.
// Source: security.md 1.5 and 4.6, RFC 9112.
gate_verdict check_head(std::string_view raw_head, const gate_limits& limits);

} // namespace relais::server
