// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "api/reply.hpp"
#include "api/request.hpp"

#include <boost/asio/awaitable.hpp>

// Signing in: a password, then a code of the second factor; the first time, the second factor is enrolled and the recovery codes shown.
// Each step changes the session's name. A wrong login, a wrong password, a disabled account: one answer, in the same time.
// Source: security.md lines 33 to 48 and section 1.3.
namespace relais::api {

boost::asio::awaitable<reply> show_sign_in(const request& request, app& app);
boost::asio::awaitable<reply> sign_in(const request& request, app& app);
boost::asio::awaitable<reply> show_code(const request& request, app& app);
boost::asio::awaitable<reply> check_code(const request& request, app& app);
boost::asio::awaitable<reply> show_enrolment(const request& request, app& app);
boost::asio::awaitable<reply> enrol(const request& request, app& app);
boost::asio::awaitable<reply> sign_out(const request& request, app& app);

// The account's own page: change the password, make new recovery codes, sign out everywhere. Each asks for the password again.
boost::asio::awaitable<reply> show_account(const request& request, app& app);
boost::asio::awaitable<reply> change_password(const request& request, app& app);
boost::asio::awaitable<reply> renew_recovery_codes(const request& request, app& app);
boost::asio::awaitable<reply> sign_out_everywhere(const request& request, app& app);

} // namespace relais::api
