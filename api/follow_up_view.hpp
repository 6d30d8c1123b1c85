// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/catalogue.hpp"
#include "api/settings.hpp"
#include "model/attachment.hpp"
#include "model/callback.hpp"
#include "model/message.hpp"
#include "model/person.hpp"
#include "model/ticket.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string_view>
#include <vector>

// What the citizen may see of a ticket: what they wrote, what was answered, where it stands. Nothing of the dossier, no note, no name of a
// colleague but those who signed an answer.
namespace relais::api::follow_ups {

constexpr std::string_view cookie = "suivi";           // the link's token, out of the address bar
constexpr std::string_view code_cookie = "suivi-code"; // proof that a code was typed
constexpr std::int64_t cookie_s = 30 * 60;

// Everything the page needs of one ticket, read in one visit.
struct followed {
    model::ticket ticket;
    model::person requester, about;       // the same when one writes for oneself
    std::vector<model::message> messages; // without notes
    std::vector<model::attachment> files;
    std::optional<model::callback> callback; // the newest of the request
};

// What is said right after sending: reference, dates, service.
nlohmann::json receipt(const model::ticket& ticket, const settings& config, const catalogue& texts, std::string_view language);
// The whole follow-up page.
nlohmann::json page_data(const followed& what, const settings& config, const catalogue& texts, std::string_view language);

} // namespace relais::api::follow_ups
