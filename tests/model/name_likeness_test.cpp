// SPDX-License-Identifier: EUPL-1.2
#include "model/name_likeness.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace relais::model;

namespace {

// The definition of optimal string alignment, word for word and slow.
std::size_t slow_errors(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> table(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i)
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                table[i][j] = i + j;
                continue;
            }
            auto changed = table[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
            table[i][j] = std::min({table[i - 1][j] + 1, table[i][j - 1] + 1, changed});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                table[i][j] = std::min(table[i][j], table[i - 2][j - 2] + 1);
        }
    return table[a.size()][b.size()];
}

} // namespace

TEST_CASE("typing errors are those of the slow definition, up to the limit", "[name_likeness]") {
    std::mt19937 random(7);
    for (int i = 0; i < 20000; ++i) {
        auto word = [&] {
            std::string out(random() % 8, 'a');
            for (auto& each : out) each = static_cast<char>('a' + random() % 3);
            return out;
        };
        auto a = word(), b = word();
        for (std::size_t limit : {0U, 1U, 2U, 3U}) {
            INFO(a << " " << b << " " << limit);
            REQUIRE(typing_errors(a, b, limit) == std::min(slow_errors(a, b), limit + 1));
        }
    }
    CHECK(typing_errors("martin", "martni", 1) == 1);
    CHECK(typing_errors(std::string(300, 'a'), std::string(300, 'a'), 1) == 2); // beyond what is compared
}
