// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/french.hpp"

#include <catch2/catch.hpp>

using namespace relais::model;

TEST_CASE("the names of Europe change their case whole", "[demo]") {
    CHECK(demo::upper("Szymański Łukasz, Žižek Őri, Müller née Ÿ, çà œuvre") == "SZYMAŃSKI ŁUKASZ, ŽIŽEK ŐRI, MÜLLER NÉE Ÿ, ÇÀ ŒUVRE");
    CHECK(demo::lower("SZYMAŃSKI ŁUKASZ, ŽIŽEK ŐRI, ÉÈÀ ŒUVRE") == "szymański łukasz, žižek őri, éèà œuvre");
    CHECK(demo::upper("l’été à 3 €, ß ÷") == "L’ÉTÉ À 3 €, ß ÷");
}
