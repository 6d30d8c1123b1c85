// SPDX-License-Identifier: EUPL-1.2
#include "api/secrets.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace relais;
using namespace relais::api;

TEST_CASE("the server's key is made once and kept from other accounts", "[secrets]") {
    tests::temporary_folder folder;
    auto file = folder.path("keys/master");
    auto first = load_secrets(file);
    CHECK(first.master.size() == 32);
    CHECK(load_secrets(file).master == first.master);
    CHECK(std::filesystem::status(file).permissions() == std::filesystem::perms::owner_read);
}

TEST_CASE("a signature holds for one use and one text", "[secrets]") {
    secrets keys{std::string(32, 'k')};
    auto signature = keys.sign("form", "abc");
    CHECK(signature.size() == 43);
    CHECK(keys.verify("form", "abc", signature));
    for (auto& [use, text, given] : std::vector<std::tuple<std::string, std::string, std::string>>{
             {"csrf", "abc", signature}, {"form", "abd", signature}, {"form", "abc", ""}, {"form", "abc", signature + "A"}})
        CHECK_FALSE(keys.verify(use, text, given));
}

TEST_CASE("a sealed text opens with its key and use only, unaltered", "[secrets]") {
    secrets keys{std::string(32, 'k')}, others{std::string(32, 'o')};
    auto sealed = keys.seal("totp", "seed");
    CHECK(keys.open("totp", sealed) == "seed");
    CHECK(keys.seal("totp", "seed") != sealed);
    CHECK_THROWS(keys.open("attachment", sealed));
    CHECK_THROWS(others.open("totp", sealed));
    auto altered = sealed;
    altered[30] = altered[30] == 'A' ? 'B' : 'A';
    CHECK_THROWS(keys.open("totp", altered));
    CHECK_THROWS(keys.open("totp", "short"));
}

TEST_CASE("tokens are long and never the same", "[secrets]") {
    CHECK(random_token().size() == 43);
    CHECK(random_token() != random_token());
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
