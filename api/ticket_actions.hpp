// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

// What the desk does to a ticket, from the console's forms and from the API alike: a change of state is a noun with an address.
// Every one compares the version that was seen. Refused: the page comes back with what was typed; the API answers 409, 412 or 422.
namespace relais::api {

asio::awaitable<reply> post_message(const request& request, app& app);    // {body, kind: reply or note, waits?, to?}
asio::awaitable<reply> post_assignment(const request& request, app& app); // {assignee: number, "me" or ""}
asio::awaitable<reply> post_category(const request& request, app& app);   // {category}
asio::awaitable<reply> post_dossier(const request& request, app& app);    // {dossier: id, number or "", role?, reason?}
asio::awaitable<reply> post_closure(const request& request, app& app);    // {reason?, text?}
asio::awaitable<reply> post_reopening(const request& request, app& app);  // {reason}
asio::awaitable<reply> post_forwarding(const request& request, app& app); // {service, text?}

} // namespace relais::api
