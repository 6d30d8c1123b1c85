// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "api/reply.hpp"
#include "api/request.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace relais::api {

namespace asio = boost::asio;
using handler = asio::awaitable<reply> (*)(const request&, app&);

// Who may call a route. `everyone`: no account; `staff`: any role with a full session or token; the rest name roles as bits.
enum roles : unsigned {
    nobody = 0,
    everyone = 1U << 0,
    agent = 1U << 1,
    resolver = 1U << 2,
    owner = 1U << 3,
    supervisor = 1U << 4,
    admin = 1U << 5,
    dpo = 1U << 6,
    partner = 1U << 7,
    telephony = 1U << 8,
    desk = agent | resolver | supervisor, // those who treat tickets
    staff = desk | owner | admin | dpo,   // those who sign in to the console
    all_tokens = staff | partner | telephony,
};

// event: JSON or a form, kept as it came in request.body (the telephone system sends either).
enum class body_kind { none, form, json, upload, event };

// One row: the only place where a path meets a handler. The patterns' {names} become request.captures, in order.
struct route {
    std::string_view method;
    std::string_view pattern;
    unsigned who;
    body_kind body;
    handler run;
    std::string_view lane = "public"; // admission lane: "desk", "public" or "other" (security.md 4.7)
};

// The whole table; docs/api/openapi.json and tests/api/access_matrix_test.cpp are checked against it.
std::span<const route> routes();

struct match {
    const route* found = nullptr;      // null: 404, or 405 when `allowed` is not empty
    std::vector<std::string> captures; // percent-decoded
    std::string allowed;               // "GET, POST" for 405
};
// Finds the row for a method and a decoded path. HEAD is GET.
match find_route(std::string_view method, std::string_view path);

// The largest body of a kind, bytes (security.md 3.4).
std::size_t body_limit_bytes(body_kind kind);

// Everything between the gate and the socket: guards (session, token, role, CSRF, rate limits), the handler, and the
// translator of the five errors. Never throws. `request.captures` and `request.who` are filled here.
asio::awaitable<reply> answer(request& request, app& app);

// The translator alone: the reply for an error, as a page in the person's language or as RFC 9457 JSON. Used for gate refusals too.
reply error_reply(const request& request, const std::exception_ptr& error);
reply error_reply(const request& request, int status, std::string_view code);

} // namespace relais::api
