// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace relais::server {

struct inbound_file {
    std::string name, content; // the name as it was sent; the bytes decoded
};

// A mail that came in, read by GMime. Texts are UTF-8 when the mail said how it was written.
struct inbound_mail {
    std::string message_id, from_name, from_address;
    std::string text; // of the plain part, or of the HTML one
    std::vector<inbound_file> files;
    bool is_automatic = false;  // Auto-Submitted, Precedence, a list, or an autoresponder's own words (RFC 3834)
    bool is_report = false;     // a delivery report (RFC 3464)
    std::string action, status; // of that report: "failed", "5.1.1"
};

namespace inbound_mails {

constexpr int parts_limit = 100, depth_limit = 10;

// Reads any bytes: what cannot be understood is absent. Parts beyond the limits are left out.
inbound_mail read(std::string_view bytes);

// What becomes of it. loop: our own mail came back. sender: of the envelope; empty for "<>".
enum class kind { message, bounce, delay, automatic, loop };
kind kind_of(const inbound_mail& mail, std::string_view sender, std::string_view own_host);
std::string_view word(kind what);

} // namespace inbound_mails
} // namespace relais::server
