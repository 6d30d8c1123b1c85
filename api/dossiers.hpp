// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/action_fields.hpp"
#include "api/routes.hpp"

#include <cstdint>
#include <exception>
#include <vector>

namespace relais::api {

// POST /api/v1/dossiers/search and the console's form: {number?, neph?, name?, birth_date?, q?}. Never in an address: personal data.
asio::awaitable<reply> search_dossiers(const request& request, app& app);
// GET /console/dossiers: the empty form.
asio::awaitable<reply> show_dossier_search(const request& request, app& app);
// GET /api/v1/dossiers/{id}, GET /console/dossiers/{id}: the dossier, all contacts about it in one timeline, its frozen states. ?after: the
// cursor of the older lines of the timeline.
asio::awaitable<reply> show_dossier(const request& request, app& app);
// Its page again, with what was typed in the form of its dates and why it was refused.
asio::awaitable<reply> show_refused_dossier(const request& request, app& app, const action_fields& typed, std::exception_ptr why);
// A name, or more, was shown of each dossier found: who saw them must be answerable. Written before the answer leaves, once an hour for
// each person. Source: docs/decisions/0212-one-reading-an-hour.md
asio::awaitable<void> note_found(const request& request, app& app, std::vector<std::int64_t> dossier_ids);

} // namespace relais::api
