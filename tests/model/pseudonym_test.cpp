// SPDX-License-Identifier: EUPL-1.2
#include "model/pseudonym.hpp"

#include <catch2/catch.hpp>

using relais::model::pseudonyms::hide;

TEST_CASE("a text is told without its writer", "[pack]") {
    struct example {
        const char* text;
        std::vector<std::string> known;
        const char* hidden;
    };
    const example examples[] = {
        {"Le code E-17 s'affiche à l'étape 3.", {}, "Le code E-17 s'affiche à l'étape 3."},
        {"Je suis N’Diaye Zoé et le site refuse", {"Zoé N'Diaye"}, "Je suis N’[nom] [nom] et le site refuse"},
        {"mon frere DUPONT attend", {"Dupont"}, "mon frere [nom] attend"},
        {"Né en 1984, dossier 12345678", {}, "Né en [numéro], dossier [numéro]"},
        {"J'habite 12 bis rue des Lilas 08000 Charleville\net rien", {}, "J'habite [adresse]\net rien"},
        {"au 3, avenue Foch", {}, "au [adresse]"},
        {"Je m'appelle Luc Martin et", {}, "Je m'appelle [nom] [nom] et"},
        {"Bonjour Madame Durand, merci", {}, "Bonjour Madame [nom], merci"},
        {"C'est bloqué.\nCordialement\nJean Petit\n06 39 98 12 34", {}, "C'est bloqué.\nCordialement"},
        {"", {"x"}, ""},
    };
    for (const auto& each : examples) {
        INFO(each.text);
        CHECK(hide(each.text, each.known) == each.hidden);
    }
}

TEST_CASE("addresses of mail, telephones and identifiers never stay", "[pack]") {
    auto text = hide("écrivez-moi à zoe@example.test ou 06 39 98 12 34, NEPH 190300200123, né le 03/05/1984", {});
    for (auto word : {"zoe", "example", "39 98", "190300200123", "1984"}) CHECK(text.find(word) == std::string::npos);
}
