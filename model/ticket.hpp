// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/contact.hpp"
#include "model/event.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// A request for help: what Relais manages. Column values are the codes of contract.md.
struct ticket {
    std::int64_t id = 0;
    std::string reference, channel;
    std::int64_t requester_id = 0, subject_person_id = 0;
    std::string relation, procedure_code, department, subject, status, waiting_reason;
    std::string category, category_state, category_reason, legal_nature;
    std::optional<std::int64_t> team_id, assignee_id, dossier_id;
    std::string dossier_link; // linked, several, none or pending
    std::string dossier_number_typed, neph_typed;
    std::string portal_step, portal_error_code, portal_message, portal_browser, portal_release, language;
    sys_seconds received_at, due_at;
    std::string answer_before, implicit_on; // YYYY-MM-DD
    std::optional<sys_seconds> first_reply_at, closed_at;
    std::string closure_reason, closure_text, forwarded_to, follow_up_hash;
    std::int64_t follow_up_generation = 1;
    std::string mail_state, flags;
    std::optional<std::int64_t> satisfaction;
    std::string satisfaction_text;
    sys_seconds updated_at;
    std::int64_t version = 1;

    auto fields() {
        return std::tie(id, reference, channel, requester_id, subject_person_id, relation, procedure_code, department, subject, status,
                        waiting_reason, category, category_state, category_reason, legal_nature, team_id, assignee_id, dossier_id,
                        dossier_link, dossier_number_typed, neph_typed, portal_step, portal_error_code, portal_message, portal_browser,
                        portal_release, language, received_at, due_at, answer_before, implicit_on, first_reply_at, closed_at,
                        closure_reason, closure_text, forwarded_to, follow_up_hash, follow_up_generation, mail_state, flags, satisfaction,
                        satisfaction_text, updated_at, version);
    }
};
// The columns of `ticket::fields`, in their order, to stand after SELECT.
extern const std::string ticket_columns;

// What opening a ticket tells the caller; `dossier_link` is for staff only (contract.md: the public answer never depends on the dossier).
struct opened_ticket {
    std::int64_t id = 0;
    std::string reference;
    std::string dossier_link;
    std::optional<std::int64_t> dossier_id;
};

namespace tickets {

// Opens a ticket from a checked contact, in one transaction: the people, the ticket, its first message, the link to the dossier with the
// snapshot of its state, the event, the acknowledgement in the outbox, the registry look-up and the grouping queue.
// Without an answer by mail the acknowledgement is a letter. Throws: invalid on "external_id", when this import was already done.
opened_ticket open(soci::session& sql, const contact& from, const actor& who, sys_seconds now);

// By public reference. Throws: not_found.
ticket get(soci::session& sql, std::string_view reference);
ticket get(soci::session& sql, std::int64_t id);
// By the hash of the follow-up link's token, a merged ticket's being that of the ticket it is read with; nothing when the link was revoked
// or `follow_up_days` have passed since the closing.
std::optional<ticket> find_by_follow_up(soci::session& sql, std::string_view hash, int follow_up_days, sys_seconds now);

// Other tickets of the same person (mail address, telephone, or birth name and date) or of the same dossier, newest first, at most `limit`.
std::vector<ticket> previous(soci::session& sql, const ticket& of, int limit = 10);

} // namespace tickets

} // namespace relais::model
