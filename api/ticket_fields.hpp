// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/contact_form.hpp"
#include "api/json_reader.hpp"

#include <cstddef>
#include <string_view>

// The members of a contact in JSON, for POST /api/v1/tickets and for the lines of an import.
namespace relais::api::ticket_fields {

constexpr std::size_t text_limit = 100'000; // code points; the true limits are contact_form's

// Reads requester, subject_person, portal and the plain texts to flat names ("requester.email"). The caller reads what else there may
// be, channel to begin with, and calls finish().
contact_forms::fields read(json_reader& body);

// What a program may say a contact came by (contract.md).
bool is_channel(std::string_view name);

} // namespace relais::api::ticket_fields
