// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <string_view>

// International bank account numbers: recognised only to be masked.
namespace relais::model::ibans {

// How many characters the IBANs of a country have ("FR": 27); 0 when the country has none.
// Source: SWIFT IBAN registry
std::size_t length(std::string_view country);

// True when the length is the country's and the remainder modulo 97 is 1. Upper case, without spaces.
// Source: ISO 13616
bool is_iban(std::string_view compact);

} // namespace relais::model::ibans
