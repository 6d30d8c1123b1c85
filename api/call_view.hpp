// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/views.hpp"
#include "model/call.hpp"
#include "model/caller.hpp"

namespace relais::api::views {

// A call for those who treat them; people's numbers only for those who may see people.
nlohmann::json call(const model::call& of, const lens& through);
nlohmann::json call_line(const model::call_line& of, const lens& through);
// One who may be calling, with what may be asked of them.
nlohmann::json caller(const model::caller& who, const std::vector<model::caller_fact>& facts, const lens& through);
// A ticket in the caller's card.
nlohmann::json card_ticket(const model::ticket& of, const lens& through);
// "2 min 05 s", "45 s".
std::string seconds_text(std::int64_t seconds);

} // namespace relais::api::views
