// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "api/reply.hpp"
#include "api/request.hpp"
#include "model/event.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <string_view>

// What is checked between the gate and a handler. Each check that refuses returns the reply to send instead.
namespace relais::api {

namespace asio = boost::asio;
struct route;

// "__Host-sid", or "sid" on plain http in loopback, where browsers refuse the prefix.
std::string session_cookie_name(const settings& config);

// Who asks: under /api/v1 by the bearer token and by nothing else, elsewhere by the session's cookie. An ended session is nobody's.
// Throws: unauthenticated, when a bearer token is given and opens nothing.
asio::awaitable<audience> identify(const request& request, app& app);

struct unauthenticated {}; // 401

// Refuses what another site makes the browser send (security.md line 22). Anonymous forms carry a token of their own beside it.
std::optional<reply> check_origin(const request& request, const app& app);
// Whether anybody may use the route: its form carries a token of its own, and whoever is signed in beside it does nothing there as staff.
bool is_for_everyone(const route& route);
// Refuses a change asked with a session but without that session's token: the field "csrf" or X-CSRF-Token.
std::optional<reply> check_csrf(const request& request, const app& app);
// The token of a session's forms.
std::string csrf_token(const audience& who, const app& app);

// Refuses who may not use the route: 401, a visit to /connexion that comes back, or 403.
std::optional<reply> check_role(const request& request, const route& route);
// The bit of a role in `enum roles`; 0 when there is no such role.
unsigned role_bit(std::string_view role);

// Refuses a token that asks more often than its own rate.
std::optional<reply> check_rate(const request& request, app& app);

// The same person in the words of the model: what events are written with.
model::actor actor_of(const request& request);

// True for methods that change nothing: GET, HEAD, OPTIONS.
bool is_safe(std::string_view method);
// A path of this site, safe to redirect to; "/" otherwise. "//evil.test" and "/\evil.test" are another site's.
std::string local_path(std::string_view wanted, std::string_view otherwise = "/");

} // namespace relais::api
