// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/catalogue.hpp"
#include "api/settings.hpp"
#include "model/attachment.hpp"
#include "model/callback.hpp"
#include "model/message.hpp"
#include "model/participant.hpp"
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
    std::vector<model::message> messages; // that who looks may read
    std::vector<model::attachment> files;
    std::optional<model::callback> callback;  // the newest of the request
    std::optional<model::participant> viewer; // who looks, when it is not the requester
    std::vector<model::participant> people;   // who else follows the request, or did: for the requester alone
    std::vector<model::message_reader> readers;
};

// What is said right after sending: reference, dates, service.
nlohmann::json receipt(const model::ticket& ticket, const settings& config, const catalogue& texts, std::string_view language);
// The whole follow-up page of the requester.
nlohmann::json page_data(const followed& what, const settings& config, const catalogue& texts, std::string_view language,
                         std::chrono::sys_seconds now);
// That of a participant: whose request it is, where it stands, and what was written to them or by them. Nothing that the requester sent.
nlohmann::json participant_data(const followed& what, const catalogue& texts, std::string_view language);

} // namespace relais::api::follow_ups
