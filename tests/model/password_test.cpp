// SPDX-License-Identifier: EUPL-1.2
#include "model/password.hpp"

#include <catch2/catch.hpp>

using namespace relais::model;

namespace {
std::string fault_code(std::string_view clear, std::string_view login = "anne") {
    static const auto common = passwords::read_common("config/common_passwords.txt");
    auto faults = passwords::faults(clear, login, common);
    return faults.empty() ? "" : faults[0].code;
}
} // namespace

TEST_CASE("a password is kept as argon2id with the agreed settings and its own salt", "[password]") {
    auto hash = passwords::hash("Seize tonnes de violettes");
    CHECK(hash.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
    CHECK(passwords::verify(hash, "Seize tonnes de violettes"));
    CHECK_FALSE(passwords::verify(hash, "Seize tonnes de violette"));
    CHECK(passwords::hash("Seize tonnes de violettes") != hash);
    CHECK_FALSE(passwords::needs_rehash(hash));
    CHECK(passwords::needs_rehash("$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$c29tZXRhZ3NvbWV0YWdzb21ldGFnc29tZXRhZzEyMzQ"));
    CHECK_FALSE(passwords::needs_rehash(passwords::dummy_hash()));
    CHECK_FALSE(passwords::verify(passwords::dummy_hash(), ""));
}

TEST_CASE("a password has between 14 and 128 characters", "[password]") {
    CHECK(fault_code("kéxyzwvtrmnpq") == "too_short"); // 13 characters in 14 bytes
    CHECK(fault_code("kexyzwvtrmnpqs").empty());
    CHECK(fault_code("kexyzwvtrm" + std::string(118, 'q')).empty());
    CHECK(fault_code("kexyzwvtrm" + std::string(119, 'q')) == "too_long");
}

TEST_CASE("a password made of what everybody tries is refused", "[password]") {
    for (auto clear : {"motdepasse12345", "Azertyuiop12345!", "P@ssw0rdP@ssw0rd", "PermisDeConduire2026", "aaaaaaaaaaaaaaaa",
                       "12345678901234567890", "ababababababababab", "Bonjour-Bonjour-2026", "Motdepasse-anne-2026", "qsdfghjklm wxcvbn"}) {
        INFO(clear);
        CHECK(fault_code(clear) == "too_common");
    }
    for (auto clear : {"Seize tonnes de violettes", "chat gris, lune pâle", "kT7#pQ!mZ4&vB9x"}) {
        INFO(clear);
        CHECK(fault_code(clear).empty());
    }
}
