// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "api/reply.hpp"
#include "api/request.hpp"

#include <boost/asio/awaitable.hpp>
#include <soci/soci.h>

#include <functional>

namespace relais::api {

// A write visit that makes the answer. With an Idempotency-Key under /api/v1 the same key and body have one effect and one answer,
// kept in the same transaction; the same key with another body is `invalid`. Source: contract.md, security.md 4.3.
boost::asio::awaitable<reply> write_once(const request& request, app& app, std::function<reply(soci::session&)> visit);

} // namespace relais::api
