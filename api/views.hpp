// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "api/request.hpp"
#include "model/dossier.hpp"
#include "model/event.hpp"
#include "model/ticket_queue.hpp"
#include "model/ticket_sheet.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

// Struct -> JSON for staff: the single place that decides what leaves, by role. What a role may not see is absent or null, and the
// object says `"restricted": true`.
namespace relais::api {

class catalogue;

// What a role may see of tickets.
struct sight {
    bool words = false;  // subject, messages, notes, files, what people typed: it may tell of health or of offences
    bool people = false; // names, addresses, telephones, identifiers
    bool mails = false;  // what was sent, and to which address
};

// Those who treat tickets see all. The data-protection officer sees whose ticket it is, never its words. The product owner and the
// administrator see neither: category, procedure, department, states and times only. Source: domain.md 5.3.
sight sight_of(std::string_view role);

// Who looks, in which language, when, and whether the words of a page are wanted beside the data of the API.
struct lens {
    sight sees;
    bool for_people = false;
    const catalogue* texts = nullptr;
    std::string language = "fr";
    std::chrono::sys_seconds now;
};
lens lens_of(const request& request, const app& app);

namespace views {

nlohmann::json queue_line(const model::queue_line& line, const lens& through);
nlohmann::json ticket(const model::ticket_sheet& sheet, const lens& through);
// The fields alone: what an action answers.
nlohmann::json ticket_state(const model::ticket& ticket);
nlohmann::json dossier(const model::dossier& dossier, const lens& through);
nlohmann::json snapshot(const model::dossier_snapshot& each, const lens& through);
nlohmann::json event(const model::event& event, const lens& through);

} // namespace views

} // namespace relais::api
