// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

// Why a ticket was closed. The label is the locale key closure_reason.<code>; "solved_by_citizen" and "forwarded" come by themselves.
namespace relais::model::closure_reasons {

inline constexpr auto chosen =
    std::to_array<std::string_view>({"answered", "solved", "no_dossier", "no_answer", "duplicate", "out_of_scope", "abusive"});

constexpr bool may_choose(std::string_view code) { return std::find(chosen.begin(), chosen.end(), code) != chosen.end(); }

} // namespace relais::model::closure_reasons
