// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// POST /api/v1/cti/{token}, and POST /api/v1/cti with the token in Authorization: an event of the telephone system in Zammad's generic
// form, JSON or form-encoded. Answers {} or {"action": "reject"}; 401 for a token of another role, or without the signature when one is
// configured; 422 for an event that cannot be understood, which is kept and shown all the same.
asio::awaitable<reply> take_cti_event(const request& request, app& app);

} // namespace relais::api
