// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/engine.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace relais::model;
using namespace relais::model::grouping;

namespace {

ticket report(ticket_id id, std::string text, std::string code = "") {
    ticket one;
    one.id = id;
    one.text = std::move(text);
    if (!code.empty()) one.fields = {{"error_code", std::move(code)}};
    return one;
}

// Ten unrelated requests, so that words have a rarity.
engine some_background() {
    engine made;
    constexpr const char* texts[] = {
        "Mon permis a été volé dans le train, quelle démarche faire ?",
        "Je souhaite changer mon adresse postale",
        "Le centre de tir est-il ouvert samedi ?",
        "La visite médicale est-elle obligatoire après soixante ans",
        "Où envoyer le formulaire de mutation du véhicule",
        "Ma carte grise provisoire arrive à échéance",
        "Quel délai pour un permis international",
        "J'ai perdu mon mot de passe FranceConnect",
        "Combien coûte le duplicata du titre",
        "Mon auto-école a fermé sans rendre les livrets",
    };
    ticket_id id = 100;
    for (const auto* text : texts) made.put(report(++id, text), {});
    return made;
}

constexpr auto first_words = "Le timbre fiscal acheté hier est refusé au paiement, erreur inconnue";
constexpr auto same_words = "mon timbre fiscal est refusé quand je paye, erreur inconnue au paiement";

} // namespace

TEST_CASE("a ticket that says the same thing joins the group, and says why", "[grouping]") {
    auto made = some_background();
    made.put(report(1, first_words, "PAY-77"), 7);
    made.put(report(3, "Timbre fiscal refusé, le paiement finit sur une erreur inconnue", "PAY-77"), 7);
    const auto decided = made.decide(report(2, same_words, "PAY-77"));
    REQUIRE(decided.best);
    CHECK(decided.what == band::attach);
    CHECK(decided.best->group == 7);
    REQUIRE_FALSE(decided.best->reasons.empty());
    const auto words =
        std::find_if(decided.best->reasons.begin(), decided.best->reasons.end(), [](const auto& one) { return one.name == "words"; });
    REQUIRE(words != decided.best->reasons.end());
    CHECK(words->ours.find("timbre") != std::string::npos);
}

TEST_CASE("a ticket about something else founds a group of its own", "[grouping]") {
    auto made = some_background();
    made.put(report(1, first_words), 7);
    CHECK(made.decide(report(2, "Les horaires de la permanence téléphonique outre-mer")).what == band::fresh);
}

TEST_CASE("two tickets that stand alone can be brought together", "[grouping]") {
    auto made = some_background();
    made.put(report(1, first_words), {});
    const auto decided = made.decide(report(2, same_words));
    REQUIRE(decided.best);
    CHECK_FALSE(decided.best->group);
    CHECK(decided.best->alone == 1);
}

TEST_CASE("a ticket that a person took out never comes back by machine", "[grouping]") {
    auto made = some_background();
    made.put(report(1, first_words), 7);
    made.put(report(2, same_words), 7);
    made.detach(2);
    CHECK_FALSE(made.group_of(2));
    for (const auto& each : made.candidates(report(2, same_words), 20)) CHECK(each.group != 7);
}

TEST_CASE("the same tickets in the same order give the same answers", "[grouping]") {
    auto one = some_background(), other = some_background();
    for (auto* made : {&one, &other}) made->put(report(1, first_words), 7);
    const auto left = one.candidates(report(2, same_words), 5), right = other.candidates(report(2, same_words), 5);
    REQUIRE(left.size() == right.size());
    for (std::size_t at = 0; at < left.size(); ++at) {
        CHECK(left[at].nearest == right[at].nearest);
        CHECK(left[at].score == right[at].score);
    }
}

TEST_CASE("an erased ticket is in no answer", "[grouping]") {
    auto made = some_background();
    made.put(report(1, first_words), 7);
    made.erase(1);
    CHECK(made.tickets_of(7).empty());
    for (const auto& each : made.similar(report(2, same_words), 20)) CHECK(each.id != 1);
}
