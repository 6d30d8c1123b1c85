// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/checked.hpp"

#include <string>
#include <string_view>

// The accreditation of a driving school, printed "E 12 075 0021 0": letter, year, department, order, one digit.
// Source: docs/decisions/0009-identifiers-are-hints.md
namespace relais::model::accreditations {

// Suspect: shape. Invalid: empty, long (over 32 characters).
checked check(std::string_view typed);

// As it is printed, with its spaces; unchanged when it has another shape.
std::string display(std::string_view normalised);

} // namespace relais::model::accreditations
