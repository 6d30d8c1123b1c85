// SPDX-License-Identifier: EUPL-1.2
#include "model/told_words.hpp"

#include "tests/support/share_office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using tests::next_monday;
using tests::share_office;

namespace {

// An incident of people with these names, and what is told of a text about it.
struct word_office : share_office {
    std::int64_t number = incident();
    word_office() {
        for (const char* each : {"Anne Dupont Martin", "Jean-Luc De La Fontaine", "Auto-école Permis Photo Plus"})
            link(ticket([&](contact& from) { from.requester.name = each, from.requester.birth_name = "Durand"; }), number);
    }
    std::string told(const std::string& text) {
        return read([&](soci::session& sql) { return told_words(sql).of(number, text); });
    }
};

} // namespace

TEST_CASE("every word of the names of an incident's people is hidden, and anybody who is addressed", "[share][words]") {
    word_office office;
    struct line {
        const char *text, *told;
    };
    for (const auto& [text, told] : std::initializer_list<line>{
             {"Anne Dupont Martin attend", "[nom] [nom] [nom] attend"},
             {"La demande de Dupont attend", "La demande de [nom] attend"},
             {"la demande de DUPONT, née Durand", "la demande de [nom], née [nom]"},
             {"Dupont Martin attend", "[nom] [nom] attend"},
             {"Le cas De La Fontaine", "Le cas De La [nom]"},
             {"Mme Quintavalle attend", "Mme [nom] attend"},
             {"M. Paul Quintavalle attend sa photo", "M. [nom] [nom] attend sa photo"},
             {"Dit à madame Quintavalle-Perrin. Photo refusée", "Dit à madame [nom]-[nom]. Photo refusée"},
             // A word of our subject stays, though a driving school bears it.
             {"Le Permis et la Photo", "Le Permis et la Photo"},
             {"M. Photo attend", "M. [nom] attend"},
             // Nobody's.
             {"Étape Photo de FAETON à Mayotte", "Étape Photo de FAETON à Mayotte"},
             {"Madame, la photo est refusée", "Madame, la photo est refusée"},
         }) {
        INFO(text);
        CHECK(office.told(text) == told);
    }
}

TEST_CASE("words of illness and of offence are hidden, and names of procedures stay", "[share][words]") {
    word_office office;
    for (const char* each :
         {"épileptique", "autiste",    "sclérose",    "sourde",    "malentendant", "VIH",       "trisomie",   "greffé",   "handicapé",
          "amputée",     "dialysé",    "Parkinson",   "Alzheimer", "schizophrène", "bipolaire", "diabétique", "cancer",   "AVC",
          "dépressif",   "alcoolisme", "narcolepsie", "apnée",     "malvoyante",   "borgne",    "hémiplégie", "prothèse", "cardiaque",
          "insuline",    "tutelle",    "enceinte",    "condamné",  "récidive",     "ivresse",   "infraction"}) {
        INFO(each);
        CHECK(office.told("Il est " + std::string(each) + ", dit-il") == "Il est [donnée protégée], dit-il");
    }
    for (const char* each : {"avis médical", "suspension", "éthylotest", "test psychotechnique", "invalidation", "permis", "visite"}) {
        INFO(each);
        CHECK(office.told(each) == each);
    }
}

TEST_CASE("what citizens wrote in the lines of the form leaves through the same sieve", "[share][words]") {
    share_office office;
    auto number = office.incident();
    for (int i = 0; i < 6; ++i)
        office.link(office.ticket([](contact& from) {
            from.requester.name = "Zoé Quintavalle";
            from.portal.step = "photo de Quintavalle", from.portal.release = "4.12 Quintavalle";
            from.portal.error_code = "E-17 Mme Quintavalle, épileptique";
        }),
                    number);
    office.now = next_monday;
    auto share = office.share("2026-W48");
    const auto& told = share_office::incident_in(share, number);
    CHECK(told["facts"]["error_code"] == "E-17 Mme [nom], [donnée protégée]");
    CHECK(told["facts"]["step"] == "photo de [nom]");
    CHECK(told["first_release"] == "4.12 [nom]");
    CHECK(told["facts"]["procedure"] == "REGISTRATION");
    auto text = share.dump();
    for (const char* each : {"uintavalle", "pileptique"}) CHECK(text.find(each) == std::string::npos);
}
