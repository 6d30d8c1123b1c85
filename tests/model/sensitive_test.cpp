// SPDX-License-Identifier: EUPL-1.2
#include "model/iban.hpp"
#include "model/nir.hpp"
#include "model/payment_card.hpp"
#include "model/sensitive.hpp"
#include "model/text.hpp"

#include <catch2/catch.hpp>
#include <chrono>

using namespace relais;
using model::sensitive::mask;
using model::sensitive::mask_for_export;

TEST_CASE("what must not be read is masked in what citizens write", "[sensitive]") {
    const std::pair<std::string, std::string> cases[] = {
        {"ma sécu : 1 84 12 76 451 089 46 merci", "ma sécu : * ** ** ** *** *** ** merci"},
        {"184127645108946", "***************"},
        {"1841276451089 46.", "************* **."},
        {"1.84.12.76.451.089.46", "*.**.**.**.***.***.**"},
        {"2 85 01 2A 123 456 16", "* ** ** ** *** *** **"},
        {"199122b03304575", "***************"},
        {"n° de sécurité sociale 1841276451089", "n° de sécurité sociale *************"},
        {"IBAN FR76 3000 6000 0112 3456 7890 189 voilà", "IBAN FR** **** **** **** **** **** *** voilà"},
        {"FR7630006000011234567890189", "FR*************************"},
        {"fr76\u00A03000\u00A06000\u00A00112\u00A03456\u00A07890\u00A0189",
         "fr**\u00A0****\u00A0****\u00A0****\u00A0****\u00A0****\u00A0***"},
        {"FR76 30006 00001 12345678901 89", "FR** ***** ***** *********** **"},
        {"BE68 5390 0754 7034 pour moi", "BE** **** **** **** pour moi"},
        {"carte 4111 1111 1111 1111, exp 12/27", "carte **** **** **** 1111, exp 12/27"},
        {"4111111111111111", "************1111"},
        {"4111-1111-1111-1111", "****-****-****-1111"},
        {"5555555555554444", "************4444"},
        {"3782 822463 10005", "**** ****** *0005"},
        {"30569309025904", "**********5904"},
        {"mon code cé k8wdo3f0rt6yhbn2me9qza reponder", "mon code cé K8..............ZA reponder"},
        {"ABWDO3F0RT6YHBN2ME9Q34", "AB..............34"},
        {"code photo K8WD O3F0 RT6Y HBN2 ME9Q ZA refusé", "code photo K8..............ZA refusé"},
        {"ephoto K8WDO3F0RT6YHBN2ME9QZ", "ephoto K8..............QZ"},
        {"mot de passe : Soleil2024! merci", "mot de passe : ******** merci"},
        {"mdp=azerty12", "mdp=********"},
        {"mdp=a1", "mdp=**"},
        {"\n4111111111111111\n184127645108946\n", "\n************1111\n***************\n"},
    };
    for (const auto& [text, masked] : cases) {
        INFO(text);
        CHECK(mask(text) == masked);
        CHECK(mask(masked) == masked);
    }
}

TEST_CASE("what agents need stays readable", "[sensitive]") {
    for (const std::string text : {"",
                                   "Bonjour, où en est ma demande du 2 avril ?",
                                   "NEPH 150833200011",
                                   "150833 200011",
                                   "1405 34 300 210",
                                   "06 39 98 12 34",
                                   "0639981234 ou 0199001234",
                                   "06 39 98 12 34 06 39 98 12 35 01 99 00 12 34",
                                   "+33 6 39 98 12 34",
                                   "+4915123456789",
                                   "26-7K3F-9QTX",
                                   "26 7k3f 9qtx",
                                   "dossier PC2024000123456789ABCD",
                                   "numéro de demande AB12CD34EF56GH78IJ90KL",
                                   "AB-2024-000123",
                                   "SIRET 732 829 320 00074",
                                   "38347481400070",
                                   "E 12 075 0021 0",
                                   "13AA00001",
                                   "4111 1111 1111 1112",
                                   "184127645108947",
                                   "FR76 3000 6000 0112 3456 7890 188",
                                   "1841276451089",
                                   "anticonstitutionnellement",
                                   "aaaaaaaaaaaaaaaaaaaaaa",
                                   "mot de passe : oublié",
                                   "mon mot de passe est refusé 3 fois",
                                   "photo 2 fois de suite sans dire pourquoi",
                                   "le 03/05/1984 a 10 h 30",
                                   "erreur 504 puis 503",
                                   "00 33 1 99 00 12 34",
                                   "3400",
                                   "…‘’«»é\u00A0",
                                   "bad \xFF bytes \xE2\x80",
                                   "150833200011 140534300210 210692106990",
                                   "relevé : 25,00 et 25,00 à 6 min d'intervalle"}) {
        INFO(text);
        CHECK(mask(text) == text);
    }
}

TEST_CASE("masking takes time in proportion to the text, whatever the text", "[sensitive]") {
    for (const std::string piece : {"1",
                                    "4",
                                    "1 ",
                                    "11 ",
                                    "4111 ",
                                    "F",
                                    "FR76 ",
                                    "FR76",
                                    "a1",
                                    "mdp:",
                                    "mot de passe : ",
                                    "mdp :1",
                                    ".",
                                    "é",
                                    "@",
                                    "a@",
                                    "a@b.",
                                    "K8WDO3F0RT6YHBN2ME9QZA ",
                                    "photo 1a1a ",
                                    "184127645108946 ",
                                    "0 6 3"}) {
        std::string text;
        while (text.size() < 40'000) text += piece;
        INFO(piece);
        const auto start = std::chrono::steady_clock::now();
        const auto masked = mask_for_export(text);
        CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
        CHECK(model::text::code_points(mask(text)) <= model::text::code_points(text)); // columns hold what a form may send
        CHECK(masked.size() <= 3 * text.size());
    }
}

TEST_CASE("what leaves the contact centre names nobody", "[sensitive]") {
    CHECK(mask_for_export("NEPH 150833200011 !") == "NEPH **********11 !");
    CHECK(mask_for_export("150833 200011") == "****** ****11");
    CHECK(mask_for_export("au 06 39 98 12 34.") == "au ** ** ** ** 34.");
    CHECK(mask_for_export("+33 6 39 98 12 34") == "+** * ** ** ** 34");
    CHECK(mask_for_export("écrivez à camille.dupont@example.test.") == "écrivez à ***@***.");
    CHECK(mask_for_export("4111111111111111") == "************1111");
    CHECK(mask_for_export("26-7K3F-9QTX le 03/05/1984, erreur 504") == "26-7K3F-9QTX le 03/05/1984, erreur 504");
    CHECK(mask_for_export("38347481400070") == "38347481400070");
}

TEST_CASE("the keys of numbers are checked", "[sensitive]") {
    CHECK(model::nirs::is_nir("184127645108946"));
    CHECK(model::nirs::is_nir("285012A12345616"));
    CHECK(model::nirs::is_nir("199122B03304575"));
    CHECK(!model::nirs::is_nir("184127645108945"));
    CHECK(!model::nirs::is_nir("184137645108946"));
    CHECK(!model::nirs::is_nir("18412764510894"));
    CHECK(!model::nirs::is_nir("184122C64510894"));
    CHECK(model::ibans::is_iban("FR7630006000011234567890189"));
    CHECK(!model::ibans::is_iban("FR763000600001123456789018"));
    CHECK(!model::ibans::is_iban("XX7630006000011234567890189"));
    CHECK(model::payment_cards::is_card_number("4111111111111111"));
    CHECK(!model::payment_cards::is_card_number("4111111111111112"));
    CHECK(!model::payment_cards::is_card_number("1111111111111117"));
    CHECK(!model::payment_cards::is_card_number("38347481400070"));
}
