// SPDX-License-Identifier: EUPL-1.2
#include "model/search_feed.hpp"
#include "model/search_index.hpp"
#include "model/ticket.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using tests::monday;

namespace {

search_document document(std::int64_t id, const std::string& subject, const std::string& words, const std::string& category = "GEN-01") {
    search_document out;
    out.ticket_id = id, out.subject = subject, out.words = words, out.marks = {"family:" + category.substr(0, 3)},
    out.names = "Inès Østergaard";
    out.received_at = monday + std::chrono::hours(id);
    return out;
}

std::vector<std::int64_t> found(const search_index& index, const std::string& text, bool newest = true) {
    search_request request;
    request.text = text;
    request.newest_first = newest;
    return index.find(request).ticket_ids;
}

using ids = std::vector<std::int64_t>;

} // namespace

TEST_CASE("words are found whatever their accents, case, plural or ending", "[search]") {
    tests::temporary_folder folder;
    search_index index(folder.path("search"));
    index.put(document(1, "Permis non reçu", "J'attends mon permis depuis trois mois, la préfecture ne répond pas."));
    index.put(document(2, "Paiement débité deux fois", "Le timbre fiscal de 25 € a été prélevé deux fois."));
    index.put(document(3, "Photo refusée", "Mes photos sont refusées par le site de l’ANTS."));
    CHECK(found(index, "prefecture").empty()); // not committed yet
    index.commit(1);
    CHECK(found(index, "PREFECTURE") == ids{1});
    CHECK(found(index, "prélevés timbres") == ids{2});
    CHECK(found(index, "photo") == ids{3});
    CHECK(found(index, "ostergaard") == ids{3, 2, 1});
    CHECK(found(index, "attend perm") == ids{1});
    CHECK(found(index, "\"trois mois\"") == ids{1});
    CHECK(found(index, "\"mois trois\"").empty());
}

TEST_CASE("newest first, or the most relevant first", "[search]") {
    tests::temporary_folder folder;
    search_index index(folder.path("search"));
    index.put(document(1, "Échange de permis algérien", "échange échange"));
    index.put(document(2, "Suspension", "Une fois, on m'a parlé d'un échange, mais ma demande concerne tout à fait autre chose."));
    index.commit(1);
    CHECK(found(index, "échange", true) == ids{2, 1});
    CHECK(found(index, "échange", false) == ids{1, 2});
}

TEST_CASE("a misspelt word brings a suggestion, and rare words are widened", "[search]") {
    tests::temporary_folder folder;
    search_index index(folder.path("search"));
    for (int i = 1; i < 10; ++i) index.put(document(i, "Attestation", "mon attestation provisoire"));
    index.commit(1);
    search_request request;
    request.text = "attestatoin";
    CHECK(index.find(request).suggestion == "attestation");
    request.text = "attestation baleine";
    auto answer = index.find(request);
    CHECK(answer.widened);
    CHECK(answer.ticket_ids.size() == 9);
    CHECK(index.complete("atte") == std::vector<std::string>{"attestation"});
}

TEST_CASE("what a role may not see is neither found nor counted", "[search]") {
    tests::temporary_folder folder;
    search_index index(folder.path("search"));
    index.put(document(1, "Visite", "avis du médecin agréé", "MED-01"));
    index.put(document(2, "Visite", "avis du médecin agréé", "DOC-02"));
    index.commit(1);
    search_request request;
    request.text = "médecin";
    request.hidden_marks = {"family:MED", "family:SAN"};
    auto answer = index.find(request);
    CHECK(answer.ticket_ids == ids{2});
    CHECK(answer.about == 1);
}

TEST_CASE("no text typed in the box is an operator or an error", "[search]") {
    tests::temporary_folder folder;
    search_index index(folder.path("search"));
    index.put(document(1, "Permis", "permis"));
    index.commit(1);
    for (auto* text : {"", "   ", "\"", "\"\"\"", "*", "a*", "permis AND", "NOT permis", "-permis", "+", "(permis", "XFMED",
                       "subject:permis", "permis)", "\xff\xfe"})
        CHECK_NOTHROW(found(index, text));
    CHECK(found(index, std::string(100000, 'x')).empty());
    CHECK(found(index, "-permis") == ids{1});
}

TEST_CASE("a ticket is findable once the feed has passed, again after a change, and after a rebuild", "[search]") {
    tests::temporary_database database;
    tests::temporary_folder folder;
    search_index index(folder.path("search"));
    search_feed feed(*database, index);
    auto opened =
        database->write_now([](soci::session& sql) { return tickets::open(sql, tests::sample_contact(), tests::citizen_actor(), monday); });
    CHECK(feed.step() == 1);
    CHECK(found(index, "naissance") == ids{opened.id});
    CHECK(feed.step() == 0);
    search_request narrowed;
    narrowed.text = "naissance", narrowed.marks = {"status:active", "department:974", "assignee:none"};
    CHECK(index.find(narrowed).ticket_ids == ids{opened.id});
    narrowed.marks = {"status:active", "department:33"};
    CHECK(index.find(narrowed).about == 0);
    feed.rebuild([](std::int64_t) {});
    CHECK(index.size() == 1);
    CHECK(found(index, "naissance") == ids{opened.id});
}
