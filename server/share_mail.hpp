// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/catalogue.hpp"
#include "api/settings.hpp"
#include "model/outgoing_mail.hpp"
#include "server/mail_message.hpp"

#include <nlohmann/json.hpp>

#include <string>

// The mail that brings a weekly share: its summary, the reader's own link, the workbook.
namespace relais::server::share_mails {

constexpr auto kind = "weekly_share";

// The values of the template. token: of the link, or what stands for it in the copy that is kept.
nlohmann::json values(const model::weekly_share& share, const api::settings& config, const api::catalogue& texts,
                      const std::string& language, const std::string& token);
mail_attachment attachment(const model::weekly_share& share, const api::catalogue& texts, const std::string& language);

} // namespace relais::server::share_mails
