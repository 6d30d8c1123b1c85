// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

// Answers read again by supervisors, for K19: model/quality_review.hpp.
namespace relais::api {

asio::awaitable<reply> list_reviews(const request& request, app& app); // the sample of ?week=2026-W47, else of the last that ended
asio::awaitable<reply> show_review(const request& request, app& app);  // the grid of a ticket, and what was said of it
asio::awaitable<reply> post_review(const request& request, app& app);  // a criterion a field: yes, no, none; remark

} // namespace relais::api
