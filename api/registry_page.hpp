// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// How the agency's registry does, for administrators: what each node sees of it, how quickly it answers, how far the reading of dossiers
// is, what it gave that was wrong. Counts only, nothing of anybody.
asio::awaitable<reply> show_registry(const request& request, app& app);

} // namespace relais::api
