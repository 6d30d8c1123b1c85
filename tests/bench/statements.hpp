// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace relais::bench {

// What the product runs for one accepted contact whose dossier is not known (model/ticket.cpp and what it calls), for the ceilings: the
// same statements with values as long and as scattered, no product around them. Each placeholder is bound by its letter:
// t text unique to the ticket, c constant text, h a hash (64 hexadecimal digits), r an identifier drawn at random (32 of them), x a
// reference (12), a the answer that is kept, d the data of an event, b the message's body, n number unique to the ticket, k constant
// number, z nothing.
struct statement {
    std::string_view text;
    std::string_view binds;
    bool is_query = false;
};

// Looking for the dossier (model/dossier_match.cpp).
#define DOSSIER "SELECT id, number_key, neph, person_key, birth_date, procedure_code, status, department, email, phone FROM dossier WHERE "
#define NAMED "(birth_name_folded = ? AND first_names_folded >= ? AND first_names_folded < ?)"
#define USED "(usual_key >= ? AND usual_key < ?)"

inline constexpr std::array<statement, 11> ticket_statements = {{
    {"INSERT INTO idempotency_key (key_hash, route, fingerprint, status, answer, created_at) VALUES (?, ?, ?, ?, ?, ?)", "hchkak"},
    {"INSERT INTO citizen (name, name_folded, birth_name, birth_name_folded, first_names, first_names_folded, birth_date, birth_precision, "
     "email, email_folded, phone, phone_typed, postal_address, language, created_at, name_turned) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
     "?, "
     "?, ?, ?, ?)",
     "ttttttcctttttckt"},
    {DOSSIER "number_key IN (?, ?, ?, ?, ?, ?) OR neph IN (?, ?, ?, ?, ?, ?) LIMIT 150", "tttttttttttt", true},
    {"SELECT id, person_key FROM dossier WHERE birth_date IN (?, ?, ?, ?, ?) LIMIT 2000", "ttttt", true},
    {DOSSIER NAMED " OR " NAMED " OR " NAMED " OR " USED " OR " USED " OR " USED " LIMIT 360", "ttttttttttttttt", true},
    {"INSERT INTO ticket (reference, channel, requester_id, subject_person_id, relation, procedure_code, department, subject, status, "
     "is_active, category, category_state, category_reason, legal_nature, dossier_id, dossier_link, dossier_number_typed, neph_typed, "
     "portal_step, portal_error_code, portal_message, portal_browser, portal_release, language, received_at, due_at, answer_before, "
     "implicit_on, follow_up_hash, flags, external_id, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'new', 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
     "?, "
     "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
     "xcnncccccccczcttcccccckkcchczk"},
    {"INSERT INTO message (ticket_id, kind, author_id, author_name, channel, body, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)", "nczccbk"},
    {"INSERT INTO event (at_us, actor_kind, actor_id, actor_name, action, object_kind, object_id, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
     "kczcccnd"},
    {"INSERT INTO outbox (unique_key, kind, medium, ticket_id, message_id, participant_id, recipient, language, payload, is_capped, "
     "mail_message_id, state, next_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?)",
     "tccnzztcckrkk"},
    {"INSERT INTO registry_lookup (ticket_id, state, next_at, created_at) VALUES (?, 'waiting', ?, ?)", "nkk"},
    {"INSERT INTO grouping_queue (ticket_id, created_at) VALUES (?, ?)", "nk"},
}};

#undef DOSSIER
#undef NAMED
#undef USED

inline constexpr std::string_view body =
    "Bonjour, depuis trois semaines ma demande reste « en cours d'instruction » alors que j'ai fourni tous les documents demandés. Le site "
    "affiche une erreur au moment de valider la photo et personne ne répond au téléphone. Mon employeur attend mon permis, pouvez-vous "
    "m'aider s'il vous plaît ? J'ai déjà recommencé deux fois avec un autre navigateur, sans succès. Cordialement.";

inline constexpr std::string_view answer =
    R"({"answer_before":"2026-12-24","dossier":null,"incident":null,"received_at":"2026-11-26T10:00:00Z","reference":"26-7K3F-9QTX",)"
    R"("service":{"email":"contact@example.test","hours":"du lundi au vendredi, de 9 h à 17 h","name":"Agence du permis de conduire",)"
    R"("phone":"0 806 00 12 34","postal_address":"1 place de la Préfecture, 08000 Charleville-Mézières"},"status":"new"})";
inline constexpr std::string_view event_data =
    R"({"channel":"web_form","dossier":"none","facts":["new","","web_form","REGISTRATION","75","","","dossier_number_suspect","",0,32503680000]})";

// The values of one ticket.
struct ticket_values {
    explicit ticket_values(std::int64_t of) : number(of) {
        unique = "k" + std::to_string(100'000'000 + of);
        for (int i = 0; i < 12; ++i) scattered += hexadecimal(static_cast<std::uint64_t>(of) * 16 + static_cast<std::uint64_t>(i));
    }
    // What a letter other than n, k and z stands for; each hash of a statement is another.
    std::string_view text(char letter, std::size_t at) const {
        auto all = std::string_view(scattered);
        switch (letter) {
        case 't':
            return unique;
        case 'h':
            return all.substr(at == 0 ? 0 : 64, 64);
        case 'r':
            return all.substr(128, 32);
        case 'x':
            return all.substr(160, 12);
        case 'a':
            return answer;
        case 'd':
            return event_data;
        case 'b':
            return body;
        default:
            return "fr";
        }
    }

    std::int64_t number;
    std::string unique, scattered;

private:
    // 16 digits that follow no order (splitmix64).
    static std::string hexadecimal(std::uint64_t of) {
        of += 0x9e3779b97f4a7c15U;
        of = (of ^ (of >> 30U)) * 0xbf58476d1ce4e5b9U;
        of = (of ^ (of >> 27U)) * 0x94d049bb133111ebU;
        of ^= of >> 31U;
        std::string out;
        for (int i = 0; i < 16; ++i, of >>= 4U) out += "0123456789abcdef"[of & 15U];
        return out;
    }
};

} // namespace relais::bench
