// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/reply.hpp"
#include "api/request.hpp"

#include <string>
#include <vector>

// docs/api/openapi.json held against what the program answers. Every exchange of tests::program passes here, so whoever tests a route
// tests its documentation too.
namespace relais::tests::api_document {

// What an exchange under /api/v1 does otherwise than the document says; each sentence says what to write where. A path that is no route
// says nothing.
std::vector<std::string> differences(const api::request& asked, const api::reply& answered);

// The documented answers that no exchange of this process had, save those that every route shares (400, 401, 403, 413, 429, 503).
std::vector<std::string> untried();

// Routes without a description, and descriptions without a route.
std::vector<std::string> mismatches();

} // namespace relais::tests::api_document
