// SPDX-License-Identifier: EUPL-1.2
#include "model/person_name.hpp"

#include "tests/support/checked.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using model::verdict;
using model::person_names::same_name;

TEST_CASE("every way of being called is accepted", "[person_name]") {
    const std::string longest(256, 'a');
    const test::expected_check cases[] = {
        {"Ng", verdict::valid, "Ng"},
        {"É", verdict::valid, "É"},
        {" Marie   Anne ", verdict::valid, "Marie Anne"},
        {"de La Tour d’Auvergne-Lauraguais", verdict::valid, "de La Tour d’Auvergne-Lauraguais"},
        {"N'Diaye", verdict::valid, "N'Diaye"},
        {"محمد", verdict::valid, "محمد"},
        {longest, verdict::valid, longest},
        {longest + "a", verdict::invalid, "", "too_long"},
        {"Dupont2", verdict::suspect, "Dupont2", "digits"},
        {"dupont@example.test", verdict::suspect, "dupont@example.test", "signs"},
        {"<b>Dupont</b>", verdict::suspect, "<b>Dupont</b>", "signs"},
        {"-", verdict::invalid, "", "no_letter"},
        {"1234", verdict::invalid, "", "no_letter"},
        {"Dup\nont", verdict::invalid, "", "control"},
        {"Dup\xFFont", verdict::invalid, "", "malformed"},
        {" ", verdict::invalid, "", "empty"},
    };
    for (const auto& expected : cases) CHECK_CHECKED(model::person_names::check(expected.typed), expected);
}

TEST_CASE("a name is the same in every spelling the systems give it", "[person_name]") {
    CHECK(same_name("N'Diaye", "NDIAYE"));
    CHECK(same_name("Jean-François", "JEAN FRANCOIS"));
    CHECK(same_name("d’Œuvre", "D OEUVRE"));
    CHECK(same_name("De La Tour", "DELATOUR"));
    CHECK(same_name("Müller", "MULLER"));
    CHECK(!same_name("Martin", "Marin"));
    CHECK(!same_name("", ""));
    CHECK(!same_name("-", "'"));
}
