// SPDX-License-Identifier: EUPL-1.2
#include "model/refiling.hpp"

#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/ticket_merge.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using model::refilings::find;

TEST_CASE("an answer that tells to file again is noticed, however it is said", "[refiling]") {
    for (const auto* phrase : {
             "Vous devez refaire votre demande.",
             "Bonjour,\nmerci de déposer une nouvelle demande sur le portail.",
             "Veuillez redéposer un dossier complet.",
             "Il faut recommencer la démarche depuis le début.",
             "Nous vous invitons à soumettre à nouveau votre dossier.",
             "Déposez une nouvelle demande en joignant une photo récente.",
             "N’hésitez pas à faire une nouvelle demande.",
             "Votre dossier n’est pas complet et vous devez refaire une demande.",
             "Si vous n’avez rien reçu, refaites une demande.",
             "Une nouvelle demande est nécessaire.",
             "Il vous appartient d’effectuer une autre démarche en ligne.",
             "Merci de renouveler votre demande",
             "REFAITES VOTRE DEMANDE SVP",
             "Vous pouvez repartir de zéro avec un autre compte.",
             "Envoyez votre dossier encore une fois.",
             "La seule solution : déposer de nouveau votre demande.",
             "N’oubliez pas de refaire votre demande.",
             "Ne manquez surtout pas de déposer une nouvelle demande.",
             "Ne tardez pas à refaire votre demande.",
             "Vous devez déposer\nune nouvelle demande.",
             "Il vous faut, sur le portail, déposer une nouvelle\ndemande avec une photo récente.",
             "Pas d’inquiétude\nRefaites votre demande",
             "Deux choses :\n- refaites votre demande\n- joignez une photo",
             "Please do not forget to submit a new application.",
             "Please submit a new application.",
             "You will have to apply again on the portal.",
         }) {
        INFO(phrase);
        CHECK(find(phrase).has_value());
    }
}

TEST_CASE("an answer that says the contrary, or speaks of something else, passes", "[refiling]") {
    for (const auto* phrase : {
             "Vous n’avez pas à refaire de demande : la vôtre suit son cours.",
             "Il est inutile de déposer une nouvelle demande.",
             "Ne déposez surtout pas une nouvelle demande.",
             "Votre photo a été corrigée sans refaire de demande.",
             "Déposez à nouveau votre photo dans votre dossier.",
             "Veuillez refaire une photo d’identité chez un photographe agréé.",
             "Nous avons bien reçu la nouvelle demande que vous avez déposée le 3 mars.",
             "Si vous déposez une nouvelle demande, la première sera annulée.",
             "Votre demande est en cours d’instruction. Rien n’est à faire.",
             "Il n’est pas nécessaire de recommencer la démarche.",
             "Renouvelez votre certificat médical avant le 12 mai.",
             "Vous pouvez déposer une pièce complémentaire dans votre dossier.",
             "Un nouveau certificat d’inscription vous est envoyé.",
             "Nous vous demandons de compléter votre dossier avec un nouveau justificatif de domicile.",
             "Vous n’avez pas à\nrefaire de demande.",
             "N’oubliez pas que vous n’avez pas à refaire votre demande.",
             "Vous pouvez déposer\n\nune nouvelle demande a bien été reçue",
             "Vous pouvez déposer\n- une pièce\n- la nouvelle demande de votre école",
             "You do not need to submit a new application.",
         }) {
        INFO(phrase);
        CHECK_FALSE(find(phrase).has_value());
    }
}

TEST_CASE("the sentence at fault is quoted as it is written", "[refiling]") {
    CHECK(find("Bonjour. Vous devez refaire votre demande. Merci.") == "Vous devez refaire votre demande");
    CHECK_FALSE(find(""));
    CHECK_FALSE(find(".. ?! \n"));
}

TEST_CASE("filing again is stopped while a dossier may be theirs, chosen or not, and not for another person's", "[refiling]") {
    tests::temporary_database database;
    database->write_now([](soci::session& sql) {
        auto opened = model::tickets::open(sql, tests::sample_contact(1), tests::citizen_actor(), tests::monday);
        auto is_stopped = [&] {
            try {
                model::refilings::check(sql, model::tickets::get(sql, opened.id), "Refaites votre demande.", "", {}, tests::monday);
                return false;
            } catch (const model::invalid&) {
                return true;
            }
        };
        CHECK_FALSE(is_stopped());
        auto add = [&](int dossier, const std::string& role) {
            model::sql::change(sql, "INSERT INTO ticket_dossier (ticket_id, dossier_id, role) VALUES (:ticket, :dossier, :role)", opened.id,
                               dossier, role);
        };
        add(1, "homonym");
        CHECK_FALSE(is_stopped());
        auto merged = model::tickets::open(sql, tests::sample_contact(2), tests::citizen_actor(), tests::monday);
        model::sql::change(sql, "INSERT INTO ticket_dossier (ticket_id, dossier_id, role) VALUES (:ticket, 3, 'subject')", merged.id);
        CHECK_FALSE(is_stopped());
        model::tickets::merge(sql, {merged.reference, 0, tests::agent_actor(), tests::monday}, opened.reference);
        CHECK(is_stopped());
        model::tickets::unmerge(sql, {merged.reference, 0, tests::agent_actor(), tests::monday});
        CHECK_FALSE(is_stopped());
        add(2, "candidate");
        CHECK(is_stopped());
        model::refilings::check(sql, model::tickets::get(sql, opened.id), "Refaites votre demande.", "la première est fausse", {},
                                tests::monday);
        CHECK(*model::sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM event WHERE action = 'ticket.refiling_told'") == 1);
    });
}
