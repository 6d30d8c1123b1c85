// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "api/contact_form.hpp"
#include "model/contact.hpp"
#include "model/grouping/ticket.hpp"
#include "model/incident.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>
#include <vector>

// Which incidents words being typed may be about, before there is a ticket, and which tickets read like one.
namespace relais::api::incident_suggestions {

namespace asio = boost::asio;

model::grouping::ticket of_fields(const contact_forms::fields& typed, const std::string& language);
model::grouping::ticket of_contact(const model::contact& from);

// The most probable first, at most limit; those of a probability too low to be shown left out. for_everybody: only what is published and
// not over.
asio::awaitable<std::vector<model::incident>> find(app& app, model::grouping::ticket asked, bool for_everybody, std::size_t limit);

// Tickets that read alike, the most probable first, at most five; nothing while the grouping is busy.
asio::awaitable<std::vector<std::int64_t>> find_alike(app& app, model::grouping::ticket asked);

} // namespace relais::api::incident_suggestions
