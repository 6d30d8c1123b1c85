// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/weekly_share.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace relais::model {

// A row of the outbox that a worker of the mailer holds under a lease.
struct outgoing_mail {
    std::int64_t id = 0;
    std::string kind;
    std::optional<std::int64_t> ticket_id;
    std::optional<std::int64_t> message_id;
    std::string recipient;
    std::string language;
    std::string payload; // JSON
    bool is_capped = false;
    std::string mail_message_id;
    std::int64_t attempts = 0; // this one included
    sys_seconds created_at;
    std::optional<std::int64_t> participant_id; // to whom it goes, when it is not the requester

    static constexpr auto columns =
        "id, kind, ticket_id, message_id, recipient, language, payload, is_capped, mail_message_id, attempts, created_at, "
        "participant_id";
    auto fields() {
        return std::tie(id, kind, ticket_id, message_id, recipient, language, payload, is_capped, mail_message_id, attempts, created_at,
                        participant_id);
    }
};

// What leaves as one message: nearly always one row; several acknowledgements for one mailbox when its limit made them wait. The first
// gives the Message-ID.
using outgoing_group = std::vector<outgoing_mail>;

// What the templates may say about the ticket and the message of a row: nothing that the sender of a form typed.
struct mail_facts {
    std::string reference;
    sys_seconds received_at;
    std::string department;
    std::string legal_nature;
    std::string answer_before; // YYYY-MM-DD
    std::string implicit_on;   // YYYY-MM-DD or empty
    std::int64_t follow_up_generation = 0;
    std::string participant_code;  // of whom it goes to, when it is not the requester: link and address of answers are theirs
    std::string participant, role; // name and role of the participant who is written to, or of whom the requester is told
    std::string requester;         // their name, in a mail to a participant
    std::string forwarded_to;
    std::string body;                  // of the agent's message
    std::string author;                // who answers, in which quality (CRPA L.111-2)
    std::int64_t incident = 0;         // of a broadcast (model/broadcast.hpp)
    std::string incident_title;        // as the public knows it; may be empty
    std::optional<weekly_share> share; // of the mail that brings it
    std::string first_mail; // "<row>.<random>" of the ticket's acknowledgement, that mail programs thread under; empty: none was sent
};

namespace outgoing_mails {

struct claim_terms {
    std::string owner;
    int limit = 20;
    int group_limit = 20; // acknowledgements in one mail
    int lease_s = 120;
};

struct claimed {
    std::vector<outgoing_group> groups;
    std::int64_t delayed = 0; // rows put off by the limit of their mailbox
};

// True when a mail waits, is due and is held by nobody.
bool has_due(soci::session& sql, sys_seconds now);

// How many mails wait, due or not.
std::int64_t count_waiting(soci::session& sql);

// Takes the most overdue mails, at most `limit`, until lease_s seconds later by the database's clock.
claimed claim(soci::session& sql, const claim_terms& terms, sys_seconds now);

// What the templates need. Throws: not_found, when the ticket or the message is gone.
mail_facts facts(soci::session& sql, const outgoing_mail& mail);

// The three ends of an attempt. False when the lease was lost meanwhile: another worker decides.
// sent: hash of the exact bytes, and their copy without secrets. A mail that passes clears the ticket's "unreachable".
bool mark_sent(soci::session& sql, const outgoing_group& group, const std::string& owner, const std::string& sent_hash,
               const std::string& sent_copy, sys_seconds now);
// To be tried again at next_at. error: for operators, no personal data.
bool postpone(soci::session& sql, const outgoing_group& group, const std::string& owner, const std::string& error, sys_seconds next_at);
// Never again: the ticket is flagged "unreachable" by mail, which agents see.
bool give_up(soci::session& sql, const outgoing_group& group, const std::string& owner, const std::string& error, sys_seconds now);

// Gives rows back untried, as if they had never been taken.
void release(soci::session& sql, const outgoing_group& group, const std::string& owner);

// After how long attempt number `attempts` (from 1) is followed by another: 1, 5, 15, 60 minutes, then every 4 hours up to 5 days;
// nothing after that. Source: security.md 4.4.
std::optional<std::chrono::seconds> retry_delay(std::int64_t attempts);

} // namespace outgoing_mails
} // namespace relais::model
