// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "api/follow_up_view.hpp"
#include "api/reply.hpp"
#include "api/request.hpp"

#include <string>
#include <string_view>

// What the handlers of the follow-up share: the link's token in its cookie, the token of its forms, who acts.
namespace relais::api::follow_ups {

// The token, as the cookie brings it; empty when there is none.
std::string token_of(const request& request, const app& app);
// Throws not_found unless a ticket that may still be followed has this token.
model::ticket ticket_of(soci::session& sql, std::string_view token, int follow_up_days, std::chrono::sys_seconds now);
// The token that the pages of this link send back. Throws forbidden when the form is another's.
std::string form_token(const secrets& keys, std::string_view token);
void check_form(const request& request, const app& app, std::string_view token);
// The citizen, as events tell it.
model::actor citizen();

} // namespace relais::api::follow_ups
