// SPDX-License-Identifier: EUPL-1.2
#include "model/outbox.hpp"

#include "model/sql.hpp"

#include <sodium.h>

#include <array>

namespace relais::model::outbox {

namespace {

// Chosen when the row is written, so that a mail sent again after a crash is recognised by the reader's mailbox.
std::string message_id() {
    std::array<unsigned char, 16> random{};
    randombytes_buf(random.data(), random.size());
    std::string hex(random.size() * 2 + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), random.data(), random.size());
    hex.pop_back();
    return hex;
}

} // namespace

std::int64_t add(soci::session& sql, const outbox_entry& entry, sys_seconds now) {
    auto known = sql::first<std::int64_t>(sql, "SELECT id FROM outbox WHERE unique_key = :unique_key", entry.unique_key);
    if (known) return *known;
    std::string medium = entry.recipient.empty() ? "letter" : "mail";
    return sql::insert(sql,
                       "INSERT INTO outbox (unique_key, kind, medium, ticket_id, message_id, recipient, language, payload, is_capped, "
                       "mail_message_id, state, next_at, created_at) "
                       "VALUES (:unique_key, :kind, :medium, :ticket_id, :message_id, :recipient, :language, :payload, :is_capped, "
                       ":mail_message_id, 'waiting', :next_at, :created_at)",
                       entry.unique_key, entry.kind, medium, entry.ticket_id, entry.message_id, entry.recipient, entry.language,
                       entry.payload.dump(), entry.is_capped, message_id(), entry.not_before.value_or(now), now);
}

bool withdraw(soci::session& sql, std::string_view unique_key) {
    return sql::change(sql, "DELETE FROM outbox WHERE unique_key = :unique_key AND state = 'waiting' AND lease_until <= :clock", unique_key,
                       sql::lease_now(sql)) == 1;
}

} // namespace relais::model::outbox
