// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <string>

namespace relais::model {

// A name that nobody can guess, for addresses and messages: that many random bytes, in lower-case hexadecimal.
std::string random_id(std::size_t bytes = 16);

} // namespace relais::model
