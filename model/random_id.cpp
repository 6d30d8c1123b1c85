// SPDX-License-Identifier: EUPL-1.2
#include "model/random_id.hpp"

#include <sodium.h>

#include <vector>

namespace relais::model {

std::string random_id(std::size_t bytes) {
    std::vector<unsigned char> random(bytes);
    randombytes_buf(random.data(), random.size());
    std::string out(bytes * 2 + 1, '\0');
    sodium_bin2hex(out.data(), out.size(), random.data(), random.size());
    out.pop_back();
    return out;
}

} // namespace relais::model
