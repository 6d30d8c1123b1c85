// SPDX-License-Identifier: EUPL-1.2
#include "model/outbox.hpp"

#include "model/random_id.hpp"
#include "model/sql.hpp"

namespace relais::model::outbox {

namespace {

// Without a mail address: on paper when we know where to post it, else somebody has to say it (model/letter.hpp).
std::string medium_of(soci::session& sql, const outbox_entry& entry) {
    if (!entry.recipient.empty()) return "mail";
    if (entry.participant_id) return "phone";
    auto posted_to = sql::first<std::int64_t>(sql,
                                              "SELECT citizen.id FROM ticket JOIN citizen ON citizen.id = ticket.requester_id "
                                              "WHERE ticket.id = :ticket AND citizen.postal_address <> ''",
                                              entry.ticket_id);
    return posted_to ? "letter" : "phone";
}

std::int64_t insert(soci::session& sql, const outbox_entry& entry, sys_seconds now) {
    return sql::insert(
        sql,
        "INSERT INTO outbox (unique_key, kind, medium, ticket_id, message_id, participant_id, recipient, language, payload, is_capped, "
        "mail_message_id, state, next_at, created_at) "
        "VALUES (:unique_key, :kind, :medium, :ticket_id, :message_id, :participant_id, :recipient, :language, :payload, :is_capped, "
        ":mail_message_id, 'waiting', :next_at, :created_at)",
        entry.unique_key, entry.kind, medium_of(sql, entry), entry.ticket_id, entry.message_id, entry.participant_id, entry.recipient,
        entry.language, entry.payload.dump(), entry.is_capped, random_id(), entry.not_before.value_or(now), now);
}

} // namespace

// Most entries are new, and the key is unique: what is refused is looked for, rather than every entry.
std::int64_t add(soci::session& sql, const outbox_entry& entry, sys_seconds now) {
    try {
        return insert(sql, entry, now);
    } catch (const std::exception& error) {
        if (!sql::is_duplicate(error)) throw;
        auto known = sql::first<std::int64_t>(sql, "SELECT id FROM outbox WHERE unique_key = :unique_key", entry.unique_key);
        if (!known) throw;
        return *known;
    }
}

bool withdraw(soci::session& sql, std::string_view unique_key) {
    return sql::change(sql, "DELETE FROM outbox WHERE unique_key = :unique_key AND state = 'waiting' AND lease_until <= :clock", unique_key,
                       sql::lease_now(sql)) == 1;
}

} // namespace relais::model::outbox
