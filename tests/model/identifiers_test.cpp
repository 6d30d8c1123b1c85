// SPDX-License-Identifier: EUPL-1.2
#include "model/accreditation.hpp"
#include "model/dossier_number.hpp"
#include "model/licence_number.hpp"
#include "model/photo_code.hpp"
#include "model/siret.hpp"

#include "tests/support/checked.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using model::verdict;

TEST_CASE("a card number is recognised, older papers are accepted", "[licence_number]") {
    const test::expected_check cases[] = {
        {"13AA00001", verdict::valid, "13AA00001"},
        {" 13 aa 00001 ", verdict::valid, "13AA00001"},
        {"150833200011", verdict::suspect, "150833200011", "file_number"},
        {"75 / 1234-b", verdict::suspect, "75 / 1234-B", "legacy"},
        {"1234", verdict::suspect, "1234", "legacy"},
        {"12345678901234567890", verdict::suspect, "12345678901234567890", "legacy"},
        {"123", verdict::invalid, "", "short"},
        {"123456789012345678901", verdict::invalid, "", "long"},
        {"n° 1234", verdict::invalid, "", "characters"},
        {"", verdict::invalid, "", "empty"},
    };
    for (const auto& expected : cases) CHECK_CHECKED(model::licence_numbers::check(expected.typed), expected);
}

TEST_CASE("a dossier number is opaque: an odd one is flagged, not refused", "[dossier_number]") {
    const test::expected_check cases[] = {
        {" ab-2024-000123 ", verdict::valid, "AB-2024-000123"},
        {"AB 2024\u00A0000123", verdict::valid, "AB2024000123"},
        {"12345", verdict::valid, "12345"},
        {std::string(32, 'A'), verdict::valid, std::string(32, 'A')},
        {"1234", verdict::suspect, "1234", "shape"},
        {std::string(33, 'A'), verdict::suspect, std::string(33, 'A'), "shape"},
        {"-12345", verdict::suspect, "-12345", "shape"},
        {"2024/000123", verdict::suspect, "2024/000123", "shape"},
        {std::string(64, 'A'), verdict::suspect, std::string(64, 'A'), "shape"},
        {std::string(65, 'A'), verdict::invalid, "", "long"},
        {"???", verdict::invalid, "", "characters"},
        {"12\n345", verdict::invalid, "", "characters"},
        {"", verdict::invalid, "", "empty"},
    };
    for (const auto& expected : cases) CHECK_CHECKED(model::dossier_numbers::check(expected.typed), expected);
}

TEST_CASE("a deployment gives its own shape of dossier numbers", "[dossier_number]") {
    using model::dossier_number_pattern;
    const auto matches = [](const char* pattern, const char* number) {
        const auto parsed = dossier_number_pattern::parse(pattern);
        REQUIRE(parsed);
        return parsed->matches(number);
    };
    CHECK(matches("^PC-\\d{4}-[0-9A-F]{6}$", "PC-2026-00AF12"));
    CHECK(!matches("^PC-\\d{4}-[0-9A-F]{6}$", "PC-2026-00AF1"));
    CHECK(!matches("^PC-\\d{4}-[0-9A-F]{6}$", "PC-2026-00AF123"));
    CHECK(matches("[A-Z]{0,3}[A-Z0-9]{5}", "AB12345"));
    CHECK(matches("[A-Z]{0,3}[A-Z0-9]{5}", "ABCDE"));
    CHECK(!matches("[A-Z]{0,3}[A-Z0-9]{5}", "ABCDEFGHI"));
    CHECK(matches("[A-]{3}", "A-A"));
    for (const char* odd : {"", "^$", "[", "[]", "[Z-A]", "a*", "(ab)", "\\w", "a{", "a{2,1}", "a{0}", "a{65}", "a{-1}", "\xC3\xA9"}) {
        INFO(odd);
        CHECK(!dossier_number_pattern::parse(odd));
    }
}

TEST_CASE("matching takes bounded time whatever the pattern", "[dossier_number]") {
    std::string pattern;
    for (int i = 0; i < 60; ++i) pattern += "[A]{0,64}";
    CHECK(!model::dossier_number_pattern::parse(pattern + "B")->matches(std::string(64, 'A')));
}

TEST_CASE("a photo code has 22 characters, and is shown by its ends", "[photo_code]") {
    const test::expected_check cases[] = {
        {"k8wdo3f0rt6yhbn2me9qza", verdict::valid, "K8WDO3F0RT6YHBN2ME9QZA"},
        {"K8WD-O3F0 RT6Y-HBN2 ME9Q-ZA", verdict::valid, "K8WDO3F0RT6YHBN2ME9QZA"},
        {"K8WDO3F0RT6YHBN2ME9QZ", verdict::suspect, "K8WDO3F0RT6YHBN2ME9QZ", "length"},
        {"K8WDO3F0RT6YHBN2ME9Q", verdict::suspect, "K8WDO3F0RT6YHBN2ME9Q", "length"},
        {"K8WDO3F0RT6YHBN2ME9QZA12", verdict::suspect, "K8WDO3F0RT6YHBN2ME9QZA12", "length"},
        {"K8WDO3F0RT6YHBN2ME9", verdict::invalid, "", "short"},
        {"K8WDO3F0RT6YHBN2ME9QZA123", verdict::invalid, "", "long"},
        {"K8WDO3F0RT6YHBN2ME9QZé", verdict::invalid, "", "characters"},
        {"", verdict::invalid, "", "empty"},
    };
    for (const auto& expected : cases) CHECK_CHECKED(model::photo_codes::check(expected.typed), expected);
    CHECK(model::photo_codes::mask("ABWDO3F0RT6YHBN2ME9Q34") == "AB..............34");
    CHECK(model::photo_codes::mask("short") == "..............");
}

TEST_CASE("a SIRET has both its keys right, or is of La Poste", "[siret]") {
    const test::expected_check cases[] = {
        {"13002526500013", verdict::valid, "13002526500013"},
        {"732 829 320 00074", verdict::valid, "73282932000074"},
        {"18006701900430", verdict::valid, "18006701900430"},
        {"35600000000048", verdict::valid, "35600000000048"},
        {"35600000049837", verdict::valid, "35600000049837"},
        {"35600000049838", verdict::invalid, "", "key"},
        {"73282932000075", verdict::invalid, "", "key"},
        {"12345678901234", verdict::invalid, "", "key"},
        {"1300252650001", verdict::invalid, "", "short"},
        {"130025265000133", verdict::invalid, "", "long"},
        {"13OO2526500013", verdict::invalid, "", "letter_o", "13002526500013"},
        {"13OO2526500014", verdict::invalid, "", "key"},
        {"l3002526500013", verdict::invalid, "", "letter_i", "13002526500013"},
        {"FR13002526500", verdict::invalid, "", "characters"},
        {"", verdict::invalid, "", "empty"},
    };
    for (const auto& expected : cases) CHECK_CHECKED(model::sirets::check(expected.typed), expected);
}

TEST_CASE("an accreditation of another shape is flagged, not refused", "[accreditation]") {
    const test::expected_check cases[] = {
        {"E 12 075 0021 0", verdict::valid, "E1207500210"},
        {"i1202A00210", verdict::valid, "I1202A00210"},
        {"R1297600210", verdict::valid, "R1297600210"},
        {"R1297700210", verdict::suspect, "R1297700210", "shape"},
        {"X1207500210", verdict::suspect, "X1207500210", "shape"},
        {"E120750021", verdict::suspect, "E120750021", "shape"},
        {std::string(32, '1'), verdict::suspect, std::string(32, '1'), "shape"},
        {std::string(33, '1'), verdict::invalid, "", "long"},
        {" ", verdict::invalid, "", "empty"},
    };
    for (const auto& expected : cases) CHECK_CHECKED(model::accreditations::check(expected.typed), expected);
    CHECK(model::accreditations::display("E1207500210") == "E 12 075 0021 0");
    CHECK(model::accreditations::display("?") == "?");
}
