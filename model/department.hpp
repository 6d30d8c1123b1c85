// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/checked.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace relais::model {

// Departments, overseas collectivities, and 99 for abroad. The label in either language is the locale key department.<code>.
struct department {
    std::string_view code;
    std::string_view name; // in French
    std::string_view zone; // IANA; where most of its people live
};

namespace departments {

// In the order of their codes, 99 last.
std::span<const department> all();

// Nothing when there is no such code. The code must be canonical: "01", "2A", "971".
const department* find(std::string_view code);

// Spaces ignored, letters in any case. Invalid: empty, corsica ("20"; suggestion 2A), unknown (suggestion when a zero is missing: "1").
// Source: COG (INSEE)
checked check(std::string_view typed);

// The IANA zones in which its people may be; Polynesia has three. Paris for an unknown code and abroad.
std::span<const std::string_view> zones(std::string_view code);

// Where a postal code usually is: a hint, since some communes have the postal code of their neighbours. Nothing for addresses of the
// armed forces and what is not a postal code. Monaco is abroad.
std::optional<std::string_view> from_postal_code(std::string_view postal_code);

} // namespace departments
} // namespace relais::model
