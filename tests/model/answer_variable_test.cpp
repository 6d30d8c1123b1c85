// SPDX-License-Identifier: EUPL-1.2
#include "model/answer_variable.hpp"

#include <catch2/catch.hpp>

namespace variables = relais::model::answer_variables;

TEST_CASE("the variables of an answer take their values, whatever their accents and case", "[canned]") {
    variables::values known{"Zoé N’Diaye", "26-7K3F-9QTX", "En cours d’instruction", "3 mars 2027"};
    CHECK(variables::fill("Bonjour {nom}, {Reference} : {STATUT DU DOSSIER}, avant le {délai annoncé}.", known) ==
          "Bonjour Zoé N’Diaye, 26-7K3F-9QTX : En cours d’instruction, avant le 3 mars 2027.");
    CHECK(variables::left("Bonjour {nom}").size() == 1);
    CHECK(variables::left(variables::fill("Bonjour {nom}", known)).empty());
}

TEST_CASE("a variable without a value stays to be completed, and other braces are left alone", "[canned]") {
    variables::values known{"Zoé", "26-7K3F-9QTX", "", "3 mars"};
    CHECK(variables::fill("{statut du dossier} {x} { nom {nom}", known) == "{statut du dossier} {x} { nom Zoé");
    CHECK(variables::left("{statut du dossier} {x}") == std::vector<std::string>{"{statut du dossier}"});
    CHECK(variables::unknown("{nom} {prénom} {") == std::vector<std::string>{"{prénom}"});
    // A value that looks like a variable is a value.
    CHECK(variables::fill("{nom}", {"{référence}", "26", "", ""}) == "{référence}");
}
