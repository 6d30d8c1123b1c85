// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relais::server {

struct mail_attachment {
    std::string name;       // any text: see mails::safe_filename
    std::string media_type; // "application/pdf"; anything else than type/subtype becomes application/octet-stream
    std::string content;
};

// One message to one person. Addresses and message ids are written without angle brackets.
struct mail {
    std::string from_name;
    std::string from_address;
    std::string to_name;
    std::string to_address;
    std::string subject;
    std::string text;
    std::string message_id;
    std::string in_reply_to;
    std::string references;     // ids separated by spaces
    std::string reply_to;       // empty: the sender's
    std::string auto_submitted; // "auto-replied", "auto-generated" or empty (RFC 3834)
    std::int64_t date = 0;      // seconds, UTC
    std::optional<std::string> html = std::nullopt;
    std::vector<mail_attachment> attachments = {};
};

namespace mails {

// The message as RFC 5322 bytes with CRLF everywhere: UTF-8 texts in quoted-printable, attachments in base64, accented headers
// encoded. The same mail always gives the same bytes.
// Names, subject, texts and file names may hold anything: what could break out of a header is removed.
// Throws: std::invalid_argument, when an address, a message id or auto_submitted is not well formed (these are never repaired).
std::string write(const mail& it);

// What a message says, for the demonstration page and for tests; bodies decoded, attachments included.
// Throws: std::invalid_argument, when the bytes are no message.
mail read(std::string_view bytes);

// True for an address we agree to write to: local@domain in ASCII, at most 254 and 64 bytes, nothing quoted, no control character.
// Source: RFC 5321 4.1.2 without quoted local parts (security.md section 2, line 7).
bool is_address(std::string_view text);

// A file name that is safe in a header and on a disk: no path, control or direction character, no leading dot, at most 100 bytes with
// its extension kept; "file" when nothing is left.
std::string safe_filename(std::string_view name);

} // namespace mails
} // namespace relais::server
