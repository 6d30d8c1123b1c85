// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

// The contact form: five pages, no account, no JavaScript. Every step is kept (form_draft.hpp) and answered by a redirection, so that
// the browser's own Back and Reload work, and a fault costs nothing that was typed.
namespace relais::api {

// GET /contact and the four steps after it.
asio::awaitable<reply> show_contact(const request& request, app& app);
// POST of the first four steps: keeps what was typed; goes on, back, or stays where there is something to correct.
asio::awaitable<reply> take_contact(const request& request, app& app);
// POST /contact/envoi: opens the ticket, once whatever is sent twice.
asio::awaitable<reply> send_contact(const request& request, app& app);
// GET /contact/recu: the reference, the follow-up link, and when the answer comes.
asio::awaitable<reply> show_received(const request& request, app& app);

} // namespace relais::api
