// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/dossier_store.hpp"

#include <optional>
#include <string_view>

namespace relais::model::dossiers {

// A value of somebody else's news that no dossier has, though each is well formed.
struct impossible_value {
    std::string_view column; // birth_name, birth_date, status, status_since, updated_at
    std::string_view reason; // empty, future
};

// Nobody has no name and no dossier is in no state, where these are told. A birth, a state or a change lies at most a day ahead of `now`
// (clocks and zones differ): a change dated in the future would win over every true one that follows. Pure.
std::optional<impossible_value> impossible_in(const dossier_news& told, sys_seconds now);

} // namespace relais::model::dossiers
