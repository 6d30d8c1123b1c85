// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

// Asking to be called back: two pages and a confirmation, no account, no JavaScript. What is typed is kept sealed between them
// (form_draft.hpp), as for the contact form.
namespace relais::api {

// GET and POST /rappel: who, which number, what about, what is needed.
asio::awaitable<reply> show_callback_form(const request& request, app& app);
asio::awaitable<reply> take_callback_form(const request& request, app& app);
// GET and POST /rappel/creneau: slots in the person's legal time, which can be changed; books, or asks for a written answer instead.
asio::awaitable<reply> show_callback_slots(const request& request, app& app);
asio::awaitable<reply> take_callback_slot(const request& request, app& app);
// GET /rappel/confirmation: the promise.
asio::awaitable<reply> show_callback_promise(const request& request, app& app);
// GET /suivi/rappel.ics: the calendar file of the promise of this browser's link.
asio::awaitable<reply> get_callback_calendar(const request& request, app& app);

} // namespace relais::api
