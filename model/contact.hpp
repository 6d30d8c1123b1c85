// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/person.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace relais::model {

// What the portal showed when it went wrong, as the person tells it.
struct portal_facts {
    std::string step, error_code, message, browser, release;
};

// The public name of a ticket and the hash of its follow-up link's token.
struct ticket_name {
    std::string reference;
    std::string follow_up_hash;
};

// A checked contact, whatever the channel: every value is normalised, masked and within its limits.
struct contact {
    std::string channel = "web_form"; // contract.md, enumerations
    std::string language = "fr";
    person requester;                     // who writes
    std::optional<person> subject_person; // whom it is about; absent: the requester
    std::string relation = "self";        // self, parent, guardian, spouse, driving_school, adviser, employer, other
    std::string dossier_number, neph;     // normalised, may be empty
    std::string dossier_number_typed, neph_typed;
    std::string procedure, department, subject, body;
    portal_facts portal;
    std::string legal_nature = "request";
    std::string category, category_reason;  // a proposal, or empty
    std::string flags;                      // "neph_suspect phone_suspect": shown to the agent
    std::string answer_before;              // YYYY-MM-DD announced to the citizen
    std::string implicit_on;                // YYYY-MM-DD of the implicit rejection; empty for information
    sys_seconds due_at{};                   // when the first human answer is due: the queue's order
    std::string draft_key;                  // attachments sent before with this key now belong to the ticket
    std::optional<std::string> external_id; // key of an import
    bool is_anonymous = true;               // no account, no token: the acknowledgement is capped
    bool is_silent = false;                 // an import never sends mail
    std::function<ticket_name()> name;      // draws a reference and its follow-up hash; called again on a clash
};

} // namespace relais::model
