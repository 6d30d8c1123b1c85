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
        {"Je suis N’Diaye Zoé et le site refuse", {"Zoé N'Diaye"}, "Je suis [nom]’[nom] [nom] et le site refuse"},
        {"mon frere DUPONT attend", {"Dupont"}, "mon frere [nom] attend"},
        {"Né en 1984, dossier 12345678", {}, "Né en [numéro], dossier [numéro]"},
        {"J'habite 12 bis rue des Lilas 08000 Charleville\net rien", {}, "J'habite [adresse]\net rien"},
        {"au 3, avenue Foch", {}, "au [adresse]"},
        {"Je m'appelle Luc Martin et", {}, "Je m'appelle [nom] [nom] et"},
        {"Bonjour Madame Durand, merci", {}, "Bonjour Madame [nom], merci"},
        {"C'est bloqué.\nCordialement\nJean Petit\n06 39 98 12 34", {}, "C'est bloqué.\nCordialement"},
        {"mr ndiaye et JEANPIERRE, zoendiaye", {"Zoé N'Diaye", "Jean-Pierre"}, "mr [nom] et [nom], [nom]"},
        {"M.Durand et mon mari Kevin Leroy attendent", {}, "M.[nom] et mon mari [nom] [nom] attendent"},
        {"j'habite rue des lilas a sedan\nle site refuse", {}, "j'habite [adresse]\nle site refuse"},
        {"au 3 de la rue Hugo", {}, "au [adresse]"},
        {"volé dans la rue hier", {}, "volé dans la rue hier"},
        {"le 3 du code de la route", {}, "le 3 du code de la route"},
        {"à 08000 Charleville, le 23/11 à 14 h 30", {}, "à [numéro] [nom], le 23/11 à 14 h 30"},
        {"tel O6 39 98 12 34", {}, "tel [numéro]"},
        {"zéro six trente-neuf quatre-vingt-dix-huit douze trente-quatre, merci", {}, "[numéro], merci"},
        {"un ou deux jours, trois fois", {}, "un ou deux jours, trois fois"},
        {"", {"x"}, ""},
    };
    for (const auto& each : examples) {
        INFO(each.text);
        CHECK(hide(each.text, each.known) == each.hidden);
    }
}

TEST_CASE("a telephone or a NEPH is hidden however it is cut", "[pack]") {
    for (auto number : {"06.39.98.12.34", "06-39-98-12-34", "06/39/98/12/34", "06 39 981 234", "+33 6 39 98 12 34", "+33(0)6 39 98 12 34",
                        "0033 639 98 12 34", "06_39_98_12_34", "06 39 98 12 34", "0262 12 34 56", "1903 00 200 123", "19.03.00.200123",
                        "19 03 00 20 01 23", "190300-200123", "19030 02001 23"}) {
        auto hidden = hide("mon numéro " + std::string(number) + " est refusé", {});
        INFO(number << " became " << hidden);
        for (auto part : {"39", "98", "981", "200", "123", "262", "903"}) CHECK(hidden.find(part) == std::string::npos);
        CHECK(hidden.starts_with("mon numéro "));
        CHECK(hidden.ends_with(" est refusé"));
    }
}

TEST_CASE("a code that tells nobody stays as it is, what somebody typed in its place does not", "[pack]") {
    using relais::model::pseudonyms::hide_code;
    for (auto code : {"E-17", "ERR-1234", "DOC_500", "4.34.1", "500", "Firefox", ""}) CHECK(hide_code(code, {"Dupont"}) == code);
    CHECK(hide_code("Dupont", {"Dupont"}) == "[nom]");
    CHECK(hide_code("E17-dupont", {"Dupont"}) == "E17-[nom]");
    for (auto typed : {"0639981234", "190300200123", "06.39.98.12.34", "zoe@example.test", "tel 06 39 98 12 34"}) {
        INFO(hide_code(typed, {}));
        for (auto part : {"39", "200123", "zoe"}) CHECK(hide_code(typed, {}).find(part) == std::string::npos);
    }
}

TEST_CASE("addresses of mail, telephones and identifiers never stay", "[pack]") {
    auto text = hide("écrivez-moi à zoe@example.test ou 06 39 98 12 34, NEPH 190300200123, né le 03/05/1984", {});
    for (auto word : {"zoe", "example", "39 98", "190300200123", "1984"}) CHECK(text.find(word) == std::string::npos);
}
