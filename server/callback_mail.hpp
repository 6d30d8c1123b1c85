// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/catalogue.hpp"
#include "api/settings.hpp"
#include "model/outgoing_mail.hpp"
#include "server/mail_message.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

// What a mail says of a callback, from the payload of its row (model/callback_notice.cpp).
namespace relais::server::callback_mails {

// The member "callback" of a payload; nothing when the mail is about something else.
std::optional<nlohmann::json> part_of(const model::outgoing_mail& row);

// The values of the templates: the slot in both legal times, the code word, the end of the number, why it was missed.
nlohmann::json values(const nlohmann::json& part, const api::settings& config, const api::catalogue& texts, const std::string& language);

// The appointment as a calendar file, for the mails that promise, change or cancel one.
std::optional<mail_attachment> calendar(const model::outgoing_mail& row, const std::string& reference, const api::settings& config,
                                        const api::catalogue& texts);

} // namespace relais::server::callback_mails
