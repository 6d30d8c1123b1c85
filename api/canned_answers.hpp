// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// The answers kept ready. Everybody at the desk reads them; supervisors write them.
asio::awaitable<reply> list_canned_answers(const request& request, app& app);  // GET /console/answers
asio::awaitable<reply> add_canned_answer(const request& request, app& app);    // POST /console/answers {title, body, team?}
asio::awaitable<reply> show_canned_answer(const request& request, app& app);   // GET /console/answers/{id}: with every earlier text
asio::awaitable<reply> change_canned_answer(const request& request, app& app); // POST /console/answers/{id} {title, body, team?, version}
asio::awaitable<reply> retire_canned_answer(const request& request, app& app); // POST /console/answers/{id}/retirement {retired, version}

} // namespace relais::api
