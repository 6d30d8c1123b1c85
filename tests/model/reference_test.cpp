// SPDX-License-Identifier: EUPL-1.2
#include "model/reference.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace relais;
namespace references = model::references;

namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

} // namespace

TEST_CASE("the check character of a reference is fixed for ever", "[reference]") {
    CHECK(references::compose(2026, "7K3F9QT") == "26-7K3F-9QTX");
    CHECK(references::compose(2026, "0000000") == "26-0000-000Y");
    CHECK(references::compose(2026, "10K01QT") == "26-10K0-1QTV");
    CHECK(references::compose(2100, "1234567") == "00-1234-567Y");
    CHECK(!references::compose(2026, "0000007")); // its check has no character
    CHECK(!references::compose(2026, "7K3F9Q"));
    CHECK(!references::compose(2026, "7K3F9QU"));
    CHECK(!references::compose(2026, "7k3f9qt"));
}

TEST_CASE("a reference is read as people write it", "[reference]") {
    const auto reference = *references::compose(2026, "10K01QT");
    for (std::string typed : {reference, "26 10k0 1qt" + reference.substr(11), "26IOKOLQT" + reference.substr(11),
                              "  26.10K0.1QT" + reference.substr(11) + "\n", "26\u201110K0\u20111QT" + reference.substr(11)}) {
        INFO(typed);
        CHECK(references::read(typed) == reference);
    }
    for (std::string odd : {std::string(), std::string("26-10K0-1QT"), reference + "0", "é" + reference, std::string(10000, '2'),
                            "AB-10K0-1QT" + reference.substr(11)}) {
        CHECK(!references::read(odd));
    }
}

TEST_CASE("any one wrong character of a reference is noticed", "[reference]") {
    for (int draw = 0; draw < 200; ++draw) {
        const auto right = references::make(2000 + draw % 100);
        REQUIRE(references::read(right) == right);
        for (std::size_t at = 0; at < right.size(); ++at) {
            if (right[at] == '-') continue;
            for (char other : alphabet) {
                auto wrong = right;
                wrong[at] = other;
                if (other != right[at] && references::read(wrong)) FAIL(right << " read as " << wrong);
            }
        }
    }
}

TEST_CASE("any swap of two neighbours in a reference is noticed", "[reference]") {
    for (int draw = 0; draw < 5000; ++draw) {
        const auto right = references::make(2000 + draw % 100);
        std::string plain = right.substr(0, 2) + right.substr(3, 4) + right.substr(8);
        for (std::size_t at = 0; at + 1 < plain.size(); ++at) {
            auto wrong = plain;
            std::swap(wrong[at], wrong[at + 1]);
            if (wrong != plain && references::read(wrong)) FAIL(right << " read as " << wrong);
        }
    }
}

// The two tests above are draws; this is the proof, over every place and every pair of characters. The sum is linear, so a mistake is
// missed exactly when its own change of the sum is a multiple of the modulus, whatever the other characters are.
TEST_CASE("no mistake cancels itself in the sum of a reference", "[reference]") {
    constexpr int modulus = 37;
    const int weights[] = {3, 4, 5, 6, 7, 8, 9, 10, 11, modulus - 1}; // the last is the check itself
    for (std::size_t at = 0; at < 10; ++at) {
        for (int difference = -31; difference <= 31; ++difference) {
            if (difference == 0) continue;
            CHECK(weights[at] * difference % modulus != 0);
            if (at + 1 < 10) CHECK((weights[at] - weights[at + 1]) * difference % modulus != 0);
        }
    }
}

TEST_CASE("references do not repeat", "[reference]") {
    std::set<std::string> seen;
    for (int draw = 0; draw < 2000; ++draw) seen.insert(references::make(2026));
    CHECK(seen.size() == 2000);
}
