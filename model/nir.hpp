// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string_view>

// French social security numbers: recognised only to be masked, since the law keeps them for other uses.
// Source: decree 82-103; the key is 97 less the remainder of the 13 digits, with 2A read as 19 and 2B as 18
namespace relais::model::nirs {

// The 13 characters before the key: sex, year, month, department, town, order. Upper case, without spaces.
bool has_shape(std::string_view thirteen);

// 13 characters of that shape and the 2 digits of their key.
bool is_nir(std::string_view fifteen);

} // namespace relais::model::nirs
