// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "api/reply.hpp"
#include "api/request.hpp"
#include "model/login_session.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <string_view>

// What the steps of signing in share: the cookie, the way back, the answers that tell nothing.
namespace relais::api {

// A new name for a session: the cookie's value and what is kept of it.
struct session_name {
    std::string cookie, hash;
};
session_name new_session_name();

// The session of the cookie when it stands at this step, or nothing.
boost::asio::awaitable<std::optional<model::login_session>> session_at(const request& request, app& app, std::string_view stage);

// 303 with the session's cookie; `next` is carried along when there is one.
reply go_on(const app& app, const session_name& name, std::string_view path, std::string_view next);
void give_cookie(reply& out, const app& app, const session_name& name);
void take_cookie(reply& out, const app& app);

// Where the person wanted to go, as far as it is on this site; the queue otherwise.
std::string way_back(const request& request);

// The step's page again with a problem (a key under "sign_in.problem") and its status.
reply refused_step(reply page, std::string_view problem, int status);
// 429: too many failures. Says how long to wait, and nothing of whether the account exists.
reply wait_reply(reply page, std::int64_t wait_s);

// What is kept of a typed login, to count failures without keeping a password typed in the wrong box.
std::string login_hash(std::string_view login);

} // namespace relais::api
