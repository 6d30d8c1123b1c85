// SPDX-License-Identifier: EUPL-1.2
#include "model/category_proposal.hpp"

#include "model/category.hpp"
#include "model/text.hpp"

#include <catch2/catch.hpp>
#include <chrono>

using namespace relais;
using model::category_words;

namespace {

const category_words& words() {
    static const auto loaded = category_words::load("config/category_words.json");
    return loaded;
}

struct example {
    const char* code;
    const char* procedure;
    const char* text;
};

// One sentence a category, as citizens write them.
const example examples[] = {
    {"ACC-01", "", "Depuis 3 jours page blanche dès que je clique sur Mon espace."},
    {"ACC-02", "ACCOUNT", "Avec FranceConnect je tombe sur un compte vide, mes demandes ont disparu."},
    {"ACC-03", "ACCOUNT", "Je ne reçois jamais le mail pour activer, même dans les spams."},
    {"ACC-04", "", "Le lecteur d'écran n'annonce pas le bouton valider."},
    {"CIV-01", "REGISTRATION", "Ma carte de séjour indique 00/00/1984 et le site du code refuse."},
    {"CIV-02", "", "Mon nom N'Diaye est coupé à N sur le permis."},
    {"CIV-03", "CIVIL_STATUS_CHANGE", "J'ai changé de prénom par décision de la mairie, le dossier garde l'ancien."},
    {"CIV-04", "", "Je suis né à Oran en 1958, le menu ne propose que Algérie étranger."},
    {"CIV-05", "", "On me trouve deux NEPH, le code est sur l'un et la conduite sur l'autre."},
    {"CIV-06", "", "En ouvrant mon espace je vois la carte d'identité d'une autre dame."},
    {"PHO-01", "", "Mon code photo de 22 caractères est refusé alors qu'il est tout neuf."},
    {"PHO-02", "", "Photo refusée deux fois sans dire pourquoi."},
    {"PHO-03", "", "J'ai posté le formulaire il y a 6 semaines, toujours en attente de photo."},
    {"PHO-04", "", "Sur ma carte c'est la signature de mon frère."},
    {"DOC-01", "", "Le PDF de 800 Ko tourne et affiche erreur inattendue."},
    {"DOC-02", "", "Ma CNI prolongée de 5 ans est refusée comme périmée."},
    {"DOC-03", "", "On me redemande pour la quatrième fois le même justificatif."},
    {"DOC-04", "", "Domicilié au CCAS, on exige une facture EDF que je n'ai pas."},
    {"DOC-05", "REGISTRATION", "J'ai 52 ans et on me demande l'ASSR2."},
    {"DOC-06", "RENEWAL", "Je vis à Montréal, le site exige une adresse en France."},
    {"INS-01", "REGISTRATION", "Mon élève attend son NEPH depuis 9 semaines, aucun motif."},
    {"INS-02", "REGISTRATION", "Inscrit en 1999, on me réclame un dossier que l'auto-école n'a plus."},
    {"INS-03", "REGISTRATION", "La Poste dit que mon NEPH n'existe pas."},
    {"INS-04", "TITLE_AFTER_EXAM", "J'ai eu la conduite le 12, le site dit aucun résultat."},
    {"INS-05", "REGISTRATION_CHANGE", "Inscrite en B au lieu de B automatique, bouton modifier grisé."},
    {"INS-06", "TITLE_AFTER_TRAINING", "La formation 7 h A2 vers A n'apparaît pas dans la liste."},
    {"INS-07", "REGISTRATION", "Garde alternée, le site n'accepte qu'un parent et c'est le mauvais."},
    {"DRT-01", "RENEWAL", "Mon permis B a disparu, il ne reste que la moto."},
    {"DRT-02", "RENEWAL", "Permis B de 1978, je n'ai plus le droit 125 sur la nouvelle carte."},
    {"DRT-03", "ERROR_REPORT", "On m'a mis le code 78 alors que j'ai passé en manuelle."},
    {"DRT-04", "ERROR_REPORT", "Carte valable jusqu'à hier."},
    {"DRT-05", "RENEWAL", "Le gendarme dit que mon permis de 1993 n'existe pas."},
    {"DRT-06", "DIGITAL_LICENCE", "France Identité répond que je n'ai pas de droits à conduire."},
    {"MED-01", "MEDICAL_RENEWAL", "Visite faite, cerfa envoyé, on me redit avis médical manquant."},
    {"MED-02", "MEDICAL_RENEWAL", "Mon C expire vendredi, mon patron me suspend."},
    {"MED-03", "MEDICAL_RENEWAL", "Le médecin a mis 5 ans, la carte dit 2."},
    {"SAN-01", "POST_SUSPENSION", "Ma suspension est finie depuis le 3 mars et je suis encore bloqué."},
    {"SAN-02", "POST_CANCELLATION", "La 48SI n'est pas dans le fichier, donc retour au permis impossible."},
    {"SAN-03", "", "On me dit invalidé, je n'ai jamais perdu un point."},
    {"SAN-04", "POST_SUSPENSION", "Les tests psychotechniques ont été envoyés mais n'apparaissent pas."},
    {"ECH-01", "EXCHANGE_NON_EU", "UK licence: the site says no agreement."},
    {"ECH-02", "EXCHANGE_NON_EU", "Le délai d'un an part de mon premier titre, pas de mon visa."},
    {"ECH-03", "EXCHANGE_NON_EU", "Mon attestation est finie, je ne peux plus travailler."},
    {"ECH-04", "EXCHANGE_NON_EU", "Réfugié, vous ne pouvez pas écrire à mon pays."},
    {"ECH-05", "EXCHANGE_COM", "Permis de Papeete traité comme étranger."},
    {"ECH-06", "MILITARY_CONVERSION", "Volet de conversion joint, message catégorie déjà détenue."},
    {"PAY-01", "LOSS", "25 euros prélevés deux fois et aucune demande."},
    {"PAY-02", "LOSS", "On me réclame la taxe de La Réunion, j'habite Lyon."},
    {"PRO-01", "ACCOUNT", "Agrément renouvelé, le compte reste désactivé."},
    {"PRO-02", "REGISTRATION_CHANGE", "Mandat papier: transfert refusé par le système."},
    {"PRO-03", "LOSS", "Conseiller France services, l'usager n'a ni mail ni mobile."},
    {"PRO-04", "REGISTRATION_CHANGE", "L'auto-école est en liquidation, mon dossier est coincé."},
    {"TIT-01", "", "En fabrication depuis 2 mois."},
    {"TIT-02", "", "La Poste dit distribué, je n'ai rien."},
    {"TIT-03", "ERROR_REPORT", "Le nom de la rue est imprimé sur la photo."},
    {"TIT-04", "TITLE_AFTER_EXAM", "Mon CEPC a 4 mois et 2 jours, je n'ai pas la carte."},
    {"GEN-01", "", "Où en est ma demande du 2 avril ?"},
    {"GEN-02", "", "Quels papiers pour refaire mon permis rose ?"},
    {"GEN-03", "", "34 00, 40 minutes puis raccroché."},
    {"GEN-04", "", "Ma carte grise n'arrive pas."},
};

std::string proposed(std::string_view text, std::string_view procedure = {}) {
    const auto proposal = words().propose(model::text::fold(text), procedure);
    return proposal ? proposal->code : "";
}

} // namespace

TEST_CASE("a sentence of each category is recognised", "[category_proposal]") {
    for (const auto& each : examples) {
        INFO(each.text);
        CHECK(proposed(each.text, each.procedure) == each.code);
    }
}

TEST_CASE("the words that speak for a proposal are told, the strongest first", "[category_proposal]") {
    const auto proposal = words().propose(model::text::fold("Mon code photo de 22 caractères est refusé"), "LOSS");
    REQUIRE(proposal);
    CHECK(proposal->code == "PHO-01");
    CHECK(proposal->fits_procedure);
    REQUIRE(!proposal->words.empty());
    CHECK(proposal->words[0] == "code photo");
    CHECK(proposal->reason().starts_with("code photo, 22 caracteres"));
}

TEST_CASE("nothing is proposed when nothing speaks for it", "[category_proposal]") {
    CHECK(proposed("") == "");
    CHECK(proposed("Bonjour, merci, cordialement") == "");
    CHECK(proposed("carte") == "");
}

TEST_CASE("the procedure decides between two categories that the words leave equal", "[category_proposal]") {
    const category_words few(R"({"least_score": 2, "categories": {
        "MED-01": {"procedures": ["MEDICAL_RENEWAL"], "words": {"3": ["visite"]}},
        "SAN-04": {"procedures": ["POST_SUSPENSION"], "words": {"3": ["visite"]}}}})");
    CHECK(few.propose("visite", "POST_SUSPENSION")->code == "SAN-04");
    CHECK(few.propose("visite", "MEDICAL_RENEWAL")->code == "MED-01");
    CHECK(few.propose("visite", "")->code == "MED-01");
    CHECK(few.propose("visite visite visite", "")->score == 3);
    CHECK(!few.propose("visite", "LOSS"));
    CHECK(!few.propose("visites", ""));
}

TEST_CASE("a file of words that cannot work is refused with its reason", "[category_proposal]") {
    for (const char* json : {"", "{}", R"({"least_score": 1, "categories": {"ACC-09": {"procedures": [], "words": {}}}})",
                             R"({"least_score": 1, "categories": {"ACC-01": {"procedures": ["LOST"], "words": {}}}})",
                             R"({"least_score": 1, "categories": {"ACC-01": {"procedures": [], "words": {"x": []}}}})",
                             R"({"least_score": 1, "categories": {"ACC-01": {"procedures": [], "words": {"1": ["*"]}}}})",
                             R"({"least_score": 1, "categories": {"ACC-01": {"procedures": [], "words": {"1": [""]}}}})"}) {
        INFO(json);
        CHECK_THROWS_AS(category_words(json), std::runtime_error);
    }
    CHECK_THROWS_AS(category_words::load("config/nothing.json"), std::runtime_error);
}

TEST_CASE("a long message is read in a moment", "[category_proposal]") {
    std::string text;
    while (text.size() < 80'000) text += "mon code photo est refuse et mon espace affiche une page blanche ";
    const auto start = std::chrono::steady_clock::now();
    CHECK(words().propose(text, "LOSS"));
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
}
