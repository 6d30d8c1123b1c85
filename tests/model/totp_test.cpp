// SPDX-License-Identifier: EUPL-1.2
#include "model/totp.hpp"

#include <catch2/catch.hpp>

using namespace relais::model;

namespace {
const std::string rfc_seed = "12345678901234567890";
sys_seconds at(std::int64_t second) { return at_seconds(second); }
} // namespace

TEST_CASE("codes are those of the standard", "[totp]") {
    // RFC 6238, appendix B, SHA-1; the standard prints eight digits, telephones show the last six.
    struct line {
        std::int64_t second;
        const char* code;
    };
    for (auto [second, code] : {line{59, "287082"},
                                {1111111109, "081804"},
                                {1111111111, "050471"},
                                {1234567890, "005924"},
                                {2000000000, "279037"},
                                {20000000000, "353130"}})
        CHECK(totp::code(rfc_seed, second / totp::step_s) == code);
}

TEST_CASE("a code is good one step early and one step late, no more", "[totp]") {
    auto now = at(1'795'600'010);
    auto step = seconds(now) / totp::step_s;
    for (auto offset : {-1, 0, 1}) CHECK(totp::matching_step(rfc_seed, totp::code(rfc_seed, step + offset), now, 0) == step + offset);
    for (auto offset : {-2, 2}) CHECK_FALSE(totp::matching_step(rfc_seed, totp::code(rfc_seed, step + offset), now, 0));
}

TEST_CASE("a step that served, and those before it, serve no more", "[totp]") {
    auto now = at(1'795'600'010);
    auto step = seconds(now) / totp::step_s;
    CHECK_FALSE(totp::matching_step(rfc_seed, totp::code(rfc_seed, step), now, step));
    CHECK_FALSE(totp::matching_step(rfc_seed, totp::code(rfc_seed, step - 1), now, step));
    CHECK(totp::matching_step(rfc_seed, totp::code(rfc_seed, step + 1), now, step) == step + 1);
}

TEST_CASE("a code is six digits, spaces aside", "[totp]") {
    auto now = at(59);
    CHECK(totp::matching_step(rfc_seed, " 287 082 ", now, 0) == 1);
    for (auto typed : {"", "28708", "2870820", "28708x", "-87082"}) CHECK_FALSE(totp::matching_step(rfc_seed, typed, now, 0));
}

TEST_CASE("a seed is written in base 32", "[totp]") {
    // RFC 4648, section 10, without padding.
    for (auto [clear, coded] :
         {std::pair{"f", "MY"}, {"fo", "MZXQ"}, {"foo", "MZXW6"}, {"foob", "MZXW6YQ"}, {"fooba", "MZXW6YTB"}, {"foobar", "MZXW6YTBOI"}})
        CHECK(totp::base32(clear) == coded);
    CHECK(totp::base32(totp::random_seed()).size() == 32);
    CHECK(totp::enrolment_address("Relais démo", "anne", rfc_seed) ==
          "otpauth://totp/"
          "Relais%20d%C3%A9mo:anne?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Relais%20d%C3%A9mo&algorithm=SHA1&digits=6&period=30");
}
