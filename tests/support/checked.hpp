// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/checked.hpp"

#include <ostream>
#include <string>

namespace relais::model {

inline std::ostream& operator<<(std::ostream& out, verdict value) {
    return out << (value == verdict::valid ? "valid" : value == verdict::suspect ? "suspect" : "invalid");
}

} // namespace relais::model

namespace relais::test {

// One line of a table of checks: what was typed and what should become of it.
struct expected_check {
    std::string typed;
    model::verdict result;
    std::string normalised;
    std::string code = {};
    std::string suggestion = {};
};

} // namespace relais::test

// Compares every part of the result; the typed text is shown when one differs.
#define CHECK_CHECKED(actual, expected)                                                                                                    \
    do {                                                                                                                                   \
        INFO("typed: " << (expected).typed);                                                                                               \
        const auto seen = (actual);                                                                                                        \
        CHECK(seen.result == (expected).result);                                                                                           \
        CHECK(seen.normalised == (expected).normalised);                                                                                   \
        CHECK(seen.code == (expected).code);                                                                                               \
        CHECK(seen.suggestion == (expected).suggestion);                                                                                   \
    } while (false)
