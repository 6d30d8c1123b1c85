// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <string_view>

namespace relais::bench {

// What the product runs for one accepted contact (model/ticket.cpp and what it calls), for the ceilings: the same statements, no product
// around them. Each placeholder is bound to a text or a number by its first letter: t text unique to the ticket, c constant text,
// n number unique to the ticket, k constant number, b the message's body, z nothing.
struct statement {
    std::string_view text;
    std::string_view binds;
    bool is_query = false;
};

// Looking for the dossier (model/dossier_match.cpp).
#define DOSSIER "SELECT id, number_key, neph, person_key, birth_date, procedure_code, status, department, email, phone FROM dossier WHERE "
#define NAMED "(birth_name_folded = ? AND first_names_folded >= ? AND first_names_folded < ?)"
#define USED "(usual_key >= ? AND usual_key < ?)"

inline constexpr std::array<statement, 16> ticket_statements = {{
    {"INSERT INTO idempotency_key (key_hash, route, fingerprint, status, answer, created_at) VALUES (?, ?, ?, 0, '', ?)", "tctk"},
    {"SELECT id FROM ticket WHERE reference = ?", "t", true},
    {"INSERT INTO citizen (name, name_folded, birth_name, birth_name_folded, first_names, first_names_folded, birth_date, birth_precision, "
     "email, email_folded, phone, phone_typed, postal_address, language, created_at, name_turned) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
     "?, "
     "?, ?, ?, ?)",
     "ttttttcctttttckt"},
    {DOSSIER "number_key IN (?, ?, ?, ?, ?, ?) LIMIT 30", "tttttt", true},
    {DOSSIER "neph IN (?, ?, ?, ?, ?, ?) LIMIT 120", "tttttt", true},
    {"SELECT id, person_key FROM dossier WHERE birth_date IN (?, ?, ?, ?, ?) LIMIT 2000", "ttttt", true},
    {DOSSIER NAMED " OR " NAMED " OR " NAMED " LIMIT 180", "ttttttttt", true},
    {DOSSIER USED " OR " USED " OR " USED " LIMIT 180", "tttttt", true},
    {"INSERT INTO ticket (reference, channel, requester_id, subject_person_id, relation, procedure_code, department, subject, status, "
     "is_active, category, category_state, category_reason, legal_nature, dossier_id, dossier_link, dossier_number_typed, neph_typed, "
     "portal_step, portal_error_code, portal_message, portal_browser, portal_release, language, received_at, due_at, answer_before, "
     "implicit_on, follow_up_hash, flags, external_id, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'new', 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
     "?, "
     "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
     "tcnncccccccczcttcccccckncctczk"},
    {"INSERT INTO message (ticket_id, kind, author_id, author_name, channel, body, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)", "nczccbk"},
    {"INSERT INTO event (at_us, actor_kind, actor_id, actor_name, action, object_kind, object_id, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
     "kczcccnc"},
    {"SELECT id FROM outbox WHERE unique_key = ?", "t", true},
    {"INSERT INTO outbox (unique_key, kind, medium, ticket_id, message_id, recipient, language, payload, is_capped, mail_message_id, "
     "state, "
     "next_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?)",
     "tccnztccktkk"},
    {"INSERT INTO registry_lookup (ticket_id, state, next_at, created_at) VALUES (?, 'waiting', ?, ?)", "nkk"},
    {"INSERT INTO grouping_queue (ticket_id, created_at) VALUES (?, ?)", "nk"},
    {"UPDATE idempotency_key SET status = ?, answer = ? WHERE key_hash = ?", "kct"},
}};

#undef DOSSIER
#undef NAMED
#undef USED

inline constexpr std::string_view body =
    "Bonjour, depuis trois semaines ma demande reste « en cours d'instruction » alors que j'ai fourni tous les documents demandés. Le site "
    "affiche une erreur au moment de valider la photo et personne ne répond au téléphone. Mon employeur attend mon permis, pouvez-vous "
    "m'aider s'il vous plaît ? J'ai déjà recommencé deux fois avec un autre navigateur, sans succès. Cordialement.";

} // namespace relais::bench
