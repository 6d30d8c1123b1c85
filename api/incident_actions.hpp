// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

// What people do to an incident, from the console's forms and from the API alike: a change of state is a noun with an address. Who may do
// what is the table of model/incident_state.hpp. Refused: the page comes back with what was typed; the API answers 403, 409, 412 or 422.
namespace relais::api {

asio::awaitable<reply> post_confirmation(const request& request, app& app);       // {title?, nature?, cause_owner?, severity?}
asio::awaitable<reply> post_escalation(const request& request, app& app);         // {}
asio::awaitable<reply> post_acceptance(const request& request, app& app);         // {}
asio::awaitable<reply> post_return(const request& request, app& app);             // {reason}
asio::awaitable<reply> post_workaround(const request& request, app& app);         // {public, internal, public_title?, published?}
asio::awaitable<reply> post_cause(const request& request, app& app);              // {cause_owner, text}
asio::awaitable<reply> post_description(const request& request, app& app);        // {title, description?, nature?, severity?, law...}
asio::awaitable<reply> post_stuck_state(const request& request, app& app);        // {procedure?, status?, error_code?, release?}
asio::awaitable<reply> post_schedule(const request& request, app& app);           // {at, release}
asio::awaitable<reply> post_incident_closure(const request& request, app& app);   // {}
asio::awaitable<reply> post_incident_reopening(const request& request, app& app); // {reason}
asio::awaitable<reply> post_dismissal(const request& request, app& app);          // {}
asio::awaitable<reply> post_incident_merge(const request& request, app& app);     // {into}
asio::awaitable<reply> post_incident_unmerge(const request& request, app& app);   // {}
asio::awaitable<reply> post_incident_split(const request& request, app& app);     // {tickets: references}; a form sends ticket_<reference>
asio::awaitable<reply> post_undo(const request& request, app& app);               // {event}

} // namespace relais::api
