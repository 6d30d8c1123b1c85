// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/catalogue.hpp"
#include "model/answer_variable.hpp"
#include "model/ticket.hpp"

#include <soci/soci.h>

#include <string>
#include <string_view>

// The variables of an answer (model/answer_variable.hpp) for a ticket, in the citizen's language.
namespace relais::api::answer_words {

model::answer_variables::values values_of(soci::session& sql, const model::ticket& on, const catalogue& texts);

// The text with every variable filled in. Throws: invalid on `field`, when one has no value for this ticket.
std::string filled(soci::session& sql, const model::ticket& on, std::string_view text, const catalogue& texts, std::string_view field);

} // namespace relais::api::answer_words
