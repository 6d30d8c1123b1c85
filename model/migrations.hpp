// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <span>
#include <string>

namespace relais::model {

struct migration {
    int version;
    std::string name;
    std::string text;
};

// model/migrations/NNN_name.sql in order, carried inside the program (CMake writes the source).
std::span<const migration> migrations();

} // namespace relais::model
