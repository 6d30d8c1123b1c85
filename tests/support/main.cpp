// SPDX-License-Identifier: EUPL-1.2
#define CATCH_CONFIG_RUNNER
#include "tests/support/after_all.hpp"

#include <catch2/catch.hpp>

#include <iostream>

int main(int argc, char* argv[]) {
    Catch::Session session;
    if (auto wrong = session.applyCommandLine(argc, argv); wrong != 0) return wrong;
    auto failed = session.run();
    if (session.config().hasTestFilters() || session.config().listTests()) return failed;
    for (auto check : relais::tests::last_checks())
        for (const auto& missing : check()) {
            std::cerr << "After all tests: " << missing << "\n";
            failed = 1;
        }
    return failed;
}
