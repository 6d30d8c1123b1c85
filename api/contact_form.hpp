// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/contact.hpp"
#include "model/error.hpp"

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// A contact as it arrives, whatever carried it: the pages of /contact or POST /api/v1/tickets. The same names, the same checks.
// Names are those of contract.md with dots: "requester.email", "subject_person.birth_date", "portal.message".
namespace relais::api::contact_forms {

using fields = std::map<std::string, std::string, std::less<>>;

// What decides beside the fields.
struct terms {
    std::chrono::sys_seconds now;
    std::string language = "fr";
    std::string channel = "web_form";
    bool is_anonymous = true;
    int answer_working_days = 5;
    int implicit_rejection_months = 2;
    bool asks_department = true; // a callback booked by a program may leave it out
};

// faults: what must be corrected before the contact may be opened. hints: what looks odd, shown once and accepted as it is.
struct outcome {
    model::contact contact; // complete when faults is empty; its `name` is for the caller to set
    std::vector<model::field_fault> faults, hints;
};

// Every check at once. Never throws for what a person typed.
// Source: domain.md 2 (three results), contract.md (POST /tickets).
outcome check(const fields& given, const terms& under);

// The fields that a contact may have; anything else is a mistake of the program that sent it.
bool is_known(std::string_view name);

} // namespace relais::api::contact_forms
