// SPDX-License-Identifier: EUPL-1.2
#include "model/attachment.hpp"

#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/ticket_merge.hpp"

#include <iterator>

namespace relais::model::attachments {

namespace {
const std::string columns = "id, public_id, ticket_id, message_id, draft_key, display_name, media_type, size_bytes, sha256, storage_name, "
                            "scan_state, created_at";
} // namespace

std::int64_t add(soci::session& sql, const attachment& file, std::string_view key_sealed) {
    auto id =
        sql::insert(sql,
                    "INSERT INTO attachment (public_id, ticket_id, message_id, draft_key, display_name, media_type, size_bytes, sha256, "
                    "storage_name, scan_state, created_at) VALUES (:public_id, :ticket_id, :message_id, :draft_key, :display_name, "
                    ":media_type, :size_bytes, :sha256, :storage_name, :scan_state, :created_at)",
                    file.public_id, file.ticket_id, file.message_id, file.draft_key, file.display_name, file.media_type, file.size_bytes,
                    file.sha256, file.storage_name, file.scan_state, file.created_at);
    sql::change(sql, "INSERT INTO attachment_key (attachment_id, key_sealed) VALUES (:attachment_id, :key_sealed)", id, key_sealed);
    return id;
}

void adopt(soci::session& sql, std::string_view draft_key, std::int64_t ticket_id, std::int64_t message_id) {
    sql::change(sql,
                "UPDATE attachment SET ticket_id = :ticket_id, message_id = :message_id, draft_key = '' "
                "WHERE draft_key = :draft_key AND ticket_id IS NULL",
                ticket_id, message_id, draft_key);
}

std::vector<attachment> drafts(soci::session& sql, std::string_view draft_key) {
    if (draft_key.empty()) return {};
    return sql::all<attachment>(sql, "SELECT " + columns + " FROM attachment WHERE draft_key = :draft_key ORDER BY id LIMIT 100",
                                draft_key);
}

void remove_draft(soci::session& sql, std::string_view draft_key, std::string_view public_id) {
    auto id = sql::first<std::int64_t>(
        sql, "SELECT id FROM attachment WHERE public_id = :public_id AND draft_key = :draft_key AND ticket_id IS NULL", public_id,
        draft_key);
    if (!id || draft_key.empty()) throw not_found();
    sql::change(sql, "DELETE FROM attachment_key WHERE attachment_id = :id", *id);
    sql::change(sql, "DELETE FROM attachment WHERE id = :id", *id);
}

std::vector<attachment> of(soci::session& sql, std::int64_t ticket_id) {
    auto read = [&](std::int64_t id) {
        return sql::all<attachment>(sql, "SELECT " + columns + " FROM attachment WHERE ticket_id = :ticket_id ORDER BY id LIMIT 500", id);
    };
    auto out = read(ticket_id);
    for (auto merged : tickets::merged_into(sql, ticket_id)) {
        auto theirs = read(merged);
        std::move(theirs.begin(), theirs.end(), std::back_inserter(out));
    }
    return out;
}

attachment get(soci::session& sql, std::int64_t ticket_id, std::string_view public_id) {
    auto found = sql::first<attachment>(sql, "SELECT " + columns + " FROM attachment WHERE public_id = :public_id", public_id);
    if (!found || !found->ticket_id) throw not_found();
    if (!tickets::is_read_with(sql, *found->ticket_id, ticket_id)) throw not_found();
    return std::move(*found);
}

std::string key_sealed(soci::session& sql, std::int64_t attachment_id) {
    auto found = sql::first<std::string>(sql, "SELECT key_sealed FROM attachment_key WHERE attachment_id = :id", attachment_id);
    if (!found) throw not_found();
    return *found;
}

bool is_known(soci::session& sql, std::string_view storage_name) {
    return sql::first<std::int64_t>(sql, "SELECT id FROM attachment WHERE storage_name = :storage_name", storage_name).has_value();
}

std::vector<attachment> pending(soci::session& sql, int limit) {
    return sql::all<attachment>(sql, "SELECT " + columns + " FROM attachment WHERE scan_state = 'pending' ORDER BY id LIMIT :limit", limit);
}

void set_scan_state(soci::session& sql, std::int64_t attachment_id, std::string_view state) {
    sql::change(sql, "UPDATE attachment SET scan_state = :state WHERE id = :id", state, attachment_id);
}

} // namespace relais::model::attachments
