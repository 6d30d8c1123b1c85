// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// A file of a ticket, or of a form not yet sent (draft_key). The bytes lie in the attachment store; the key that opens them lies apart.
// scan_state: "pending" (held until the verdict), "clean", "infected" (never given out), "unscanned" (no scanner is configured).
struct attachment {
    std::int64_t id = 0;
    std::string public_id; // 128 random bits at least: in addresses
    std::optional<std::int64_t> ticket_id, message_id;
    std::string draft_key, display_name, media_type;
    std::int64_t size_bytes = 0;
    std::string sha256, storage_name, scan_state;
    sys_seconds created_at;

    auto fields() {
        return std::tie(id, public_id, ticket_id, message_id, draft_key, display_name, media_type, size_bytes, sha256, storage_name,
                        scan_state, created_at);
    }
};

namespace attachments {

// Writes the row of a file that is already on disk and synced; key_sealed opens it and is destroyed with its row.
std::int64_t add(soci::session& sql, const attachment& file, std::string_view key_sealed);
// The draft files of a form now belong to a ticket's message.
void adopt(soci::session& sql, std::string_view draft_key, std::int64_t ticket_id, std::int64_t message_id);
std::vector<attachment> drafts(soci::session& sql, std::string_view draft_key);
// Removes a draft; the file on disk is swept later. Only the form that sent it knows its draft_key. Throws: not_found.
void remove_draft(soci::session& sql, std::string_view draft_key, std::string_view public_id);
std::vector<attachment> of(soci::session& sql, std::int64_t ticket_id);
// A file of this very ticket, or of one merged into it. Throws: not_found.
attachment get(soci::session& sql, std::int64_t ticket_id, std::string_view public_id);
// The sealed key of a file. Throws: not_found when it was erased.
std::string key_sealed(soci::session& sql, std::int64_t attachment_id);
// True while a row, of a ticket or of a form begun, holds this file of the store.
bool is_known(soci::session& sql, std::string_view storage_name);
// Files that wait for a scanner's verdict, oldest first.
std::vector<attachment> pending(soci::session& sql, int limit);
void set_scan_state(soci::session& sql, std::int64_t attachment_id, std::string_view state);

} // namespace attachments

} // namespace relais::model
