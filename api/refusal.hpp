// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/reply.hpp"

#include <nlohmann/json.hpp>

#include <exception>

namespace relais::api {

// Puts what the model refused on the page of its form, beside what was typed: 409 with the reason, 422 with every fault. Anything else is
// thrown again.
void put_refusal(reply& page, nlohmann::json typed, std::exception_ptr why);

} // namespace relais::api
