// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "api/reply.hpp"
#include "api/request.hpp"

#include <boost/asio/awaitable.hpp>
#include <soci/soci.h>

#include <exception>
#include <functional>
#include <string_view>

namespace relais::api {

// A write visit that makes the answer. With an Idempotency-Key under /api/v1 the same key and body have one effect and one answer,
// kept in the same transaction; the same key with another body is `invalid`. A form has the key of its page in `form_key`: pressed twice
// it is one act, filled in otherwise it is another. Of the visit only its answer may be used: it does not run the second time.
// by: who sends it, when that is known by the link they hold and not by an account; it outlives the call.
// Source: docs/decisions/0100-a-form-sent-twice.md
boost::asio::awaitable<reply> write_once(const request& request, app& app, std::function<reply(soci::session&)> visit,
                                         std::string_view by = {});

// The same for what a page and programs share: what was refused, by `prepare` that makes the visit or by the visit, comes back, so that the
// page can show it beside what was typed. Programs get it thrown.
struct attempt {
    reply answer;
    std::exception_ptr refused;
};
using make_visit = std::function<std::function<reply(soci::session&)>()>;
boost::asio::awaitable<attempt> attempt_once(const request& request, app& app, make_visit prepare);

} // namespace relais::api
