// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/reply.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace relais::server {

// What the session knows and the reply does not.
struct answer_circumstances {
    std::string_view request_id;
    bool keep_alive = true;
    bool is_http_1_0 = false;
    bool strict_transport = false;             // under TLS, or behind a proxy that speaks it (base_url is https)
    std::optional<std::uint64_t> length_bytes; // nothing: in chunks, or until the close for HTTP/1.0
};

// The status line and every field, the security ones included, up to and with the empty line. A field that the reply gives replaces
// ours of the same name; an attachment gets a policy under which nothing runs.
// Throws std::invalid_argument when a field of the reply holds a control character: a mistake of ours, answered 500.
// Source: security.md lines 15-26.
std::string answer_head(const api::reply& reply, std::string_view content_type, const answer_circumstances& circumstances);

// False for the statuses that have no body (204, 304).
bool has_body(int status);

} // namespace relais::server
