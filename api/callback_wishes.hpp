// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/contact_form.hpp"
#include "model/callback.hpp"

#include <string>
#include <string_view>
#include <vector>

// A call somebody asks for, as it arrives: the pages of /rappel or POST /api/v1/callbacks. The same names, the same checks.
// Names are those of contract.md: "phone", "zone", "requester.name", "subject", "spoken", "access_need"...
namespace relais::api::callback_wishes {

struct terms {
    contact_forms::terms contact;
    const model::callback_rules& rules;
};

// faults: what must be corrected first. hints: what looks odd. wish: complete when faults is empty, but for the slot and the ticket's name.
struct outcome {
    model::callback_wish wish;
    std::vector<model::field_fault> faults, hints;
};

// Every check at once. The legal time is the one that was chosen, else that of the department, else that of the number; the holidays are
// those of the department, else those of the legal time. The telephone must be one that can be called back.
// Source: domain.md 2.5 and 6.2
outcome check(contact_forms::fields given, const terms& under);

// The legal time that the fields lead to, chosen or not.
std::string zone_of(const contact_forms::fields& given, std::string_view phone_e164, const model::calendar_book& book);

// True for a name of the IANA table.
bool is_zone(const std::string& name);

} // namespace relais::api::callback_wishes
