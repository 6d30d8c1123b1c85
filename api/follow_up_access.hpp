// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "api/follow_up_view.hpp"
#include "api/reply.hpp"
#include "api/request.hpp"
#include "model/participant.hpp"

#include <optional>
#include <string>
#include <string_view>

// What the handlers of the follow-up share: the link's token in its cookie, the token of its forms, who acts.
namespace relais::api::follow_ups {

// The token, as the cookie brings it; empty when there is none.
std::string token_of(const request& request, const app& app);
// The ticket whose requester holds this token: what only they may do begins here. Throws not_found unless it may still be followed.
model::ticket ticket_of(soci::session& sql, std::string_view token, int follow_up_days, std::chrono::sys_seconds now);

// Who holds a link: the requester of a ticket, or a participant.
struct viewer {
    model::ticket ticket;
    std::optional<model::participant> participant; // nobody: the requester
    std::int64_t reader() const { return participant ? participant->id : model::message_readers::requester; }
};
// Throws not_found, whether the link is unknown, was renewed, or is of somebody who left.
viewer viewer_of(soci::session& sql, std::string_view token, int follow_up_days, std::chrono::sys_seconds now);
// Where a viewer is written to; may be empty.
struct mailbox {
    std::string email, language;
};
mailbox mailbox_of(soci::session& sql, const viewer& who);
// The messages that a viewer may read, without those that may still be taken back; the files that came with them; and one of these.
// Throws: not_found, for any other file.
std::vector<model::message> thread_of(soci::session& sql, const viewer& who, std::chrono::sys_seconds now);
std::vector<model::attachment> files_of(soci::session& sql, const std::vector<model::message>& thread);
model::attachment file_of(soci::session& sql, const viewer& who, std::string_view public_id, std::chrono::sys_seconds now);

// The token that the pages of this link send back. Throws forbidden when the form is another's.
std::string form_token(const secrets& keys, std::string_view token);
void check_form(const request& request, const app& app, std::string_view token);
// The requester, and any viewer, as events tell it: a participant by name.
model::actor citizen();
model::actor actor_of(const viewer& who);

} // namespace relais::api::follow_ups
