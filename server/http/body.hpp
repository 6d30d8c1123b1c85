// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "api/request.hpp"
#include "api/routes.hpp"
#include "server/http/body_reader.hpp"

#include <string>

namespace relais::server {

// Why a body was not taken; status 0: it was.
struct body_fault {
    int status = 0;
    std::string code;
};

// Reads the body that a route wants into the request: fields of a form, raw JSON, files. 415 for another media type, 400 for bytes that
// cannot be read. The reader keeps its own refusals.
asio::awaitable<body_fault> read_body(api::request& request, api::body_kind kind, body_reader& body, api::app& app);

} // namespace relais::server
