// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/after_all.hpp"

namespace relais::tests {

namespace {
std::vector<last_check>& wanted() {
    static std::vector<last_check> checks;
    return checks;
}
} // namespace

bool after_all(last_check check) {
    wanted().push_back(check);
    return true;
}

const std::vector<last_check>& last_checks() { return wanted(); }

} // namespace relais::tests
