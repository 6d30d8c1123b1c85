// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace relais::model::demo {

// What the demonstration is made from. The same options give the same agency, byte for byte, on every machine.
// families: one bit a sentence family (bit n = family n of every bug, story and ordinary contact), so that
// tuning and scoring can use wordings that share nothing. 0 is taken as all of them.
struct options {
    std::uint64_t seed = 1;
    std::uint64_t dossiers = 20'000;
    std::uint64_t tickets = 3'000;
    sys_seconds now{};
    std::uint8_t families = 0xff;
};

// Where a dossier stands: what a snapshot freezes at a contact. since: seconds UTC.
struct dossier_state {
    std::string status;
    sys_seconds since{};
    std::string step;
    std::string error_code;
    std::string release;
};

// One line of the dossiers file of docs (same fields, same order), as it stands at options.now.
// bug: the id of the bug that hit it, empty when none did: ground truth, never stored beside the dossier.
struct demo_dossier {
    std::uint64_t index = 0;
    std::string number;
    std::string neph;
    std::string birth_name;
    std::string usual_name;
    std::string first_names;
    std::string birth_date; // YYYY-MM-DD, 00 for what is unknown
    std::string procedure;
    dossier_state state;
    std::string centre;
    std::string department;
    std::string email;
    std::string phone; // E.164
    std::string driving_school;
    sys_seconds updated_at{};
    std::string bug;
};

enum class writer { citizen, agent };

struct demo_message {
    sys_seconds at{};
    writer from = writer::citizen;
    std::string author; // the name shown to the other side
    std::string body;
};

struct demo_requester {
    std::string name;
    std::string email;
    std::string phone; // as typed
    std::string postal_address;
};

// relation: as model/contact.hpp has it: self, parent, spouse, driving_school, adviser, other (a grown child, a prefecture).
struct demo_subject {
    std::string birth_name;
    std::string first_names;
    std::string birth_date; // YYYY-MM-DD
    std::string relation;
};

struct demo_portal {
    std::string step;
    std::string error_code;
    std::string message;
    std::string browser;
    std::string release;
};

// How the writer pointed to the dossier. wrong: what was typed names no dossier (a slip, a missing digit, another number).
enum class dossier_hint { number, neph, both, name_and_birth, wrong, absent };

// Ground truth, kept apart so that it can be hidden from whatever is judged.
// bug: empty for one-off stories and ordinary contacts; story: the id of the one-off or ordinary contact, else empty.
struct demo_truth {
    std::string bug;
    std::string story;
    int family = 0;                       // 0 to 7
    std::string manner;                   // how the writer writes: formal, angry, sms...
    std::optional<std::uint64_t> dossier; // demo_dossier::index, absent when there is none
    dossier_hint hint = dossier_hint::absent;
};

// A contact as POST /tickets receives it, and what happened since.
struct demo_ticket {
    std::uint64_t index = 0;
    std::string channel;
    demo_requester requester;
    std::string organisation; // of a school, hub or prefecture that writes
    std::optional<demo_subject> subject_person;
    std::string dossier_number;
    std::string neph;
    std::string procedure;
    std::string department;
    std::string subject;
    std::string body;
    demo_portal portal;
    sys_seconds received_at{};
    std::string status;         // new, open, waiting, closed
    std::string waiting_reason; // citizen, incident, external_owner when waiting
    std::string legal_nature;   // information, request, complaint
    std::string category;
    bool category_confirmed = false; // an agent said so
    std::optional<sys_seconds> closed_at;
    std::optional<int> satisfaction; // 0 to 10, of a closed ticket
    std::string satisfaction_text;
    std::vector<demo_message> messages;            // after the body, in order
    std::optional<dossier_state> state_at_contact; // of the dossier pointed to, when received
    demo_truth truth;
};

// A planted bug, for incidents of the demonstration and for judging. Times are seconds UTC.
struct demo_bug {
    std::string id;
    std::string title;
    std::string category;
    std::string nature;      // software_defect, data_error, legal_case_not_covered, process_delay
    std::string cause_owner; // domain.md 3.3
    std::string cause;
    std::string workaround;
    std::string law_article, law_persons; // of a legal case not covered
    std::vector<std::string> procedures;
    std::string step;
    std::vector<std::string> error_codes;
    std::vector<std::string> messages;
    std::string release; // that brought it in, empty when older than the portal's releases
    std::optional<sys_seconds> introduced_at;
    std::optional<sys_seconds> fixed_at;
    std::optional<sys_seconds> regressed_at;
    int burst_factor = 1; // 3 or 5 when a burst is planted
    std::optional<sys_seconds> burst_from;
    std::optional<sys_seconds> burst_until;
};

// A release of the portal. Tickets and dossiers name them.
struct demo_release {
    std::string name;
    sys_seconds at{};
};

} // namespace relais::model::demo
