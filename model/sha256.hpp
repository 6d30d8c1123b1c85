// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>

namespace relais::model::sha256 {

// In hexadecimal: by which what was written is cited. Source: FIPS 180-4
std::string hex(std::string_view bytes);

} // namespace relais::model::sha256
