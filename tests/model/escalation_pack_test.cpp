// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/fill.hpp"
#include "model/escalation_pack.hpp"
#include "model/text.hpp"
#include "tests/support/incident_office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;

namespace {

constexpr auto monday_noon = sys_seconds{std::chrono::seconds{1'795'435'200}};

std::string everything(const escalation_pack& pack) {
    std::string out;
    for (const auto& each : pack.samples)
        out +=
            " " + each.name + " " + each.subject + " " + each.text + " " + each.portal_message + " " + each.step + " " + each.browser + " ";
    const auto& of = pack.sheet.incident;
    for (const auto& each : {of.title, of.description, of.cause_text, of.public_workaround, of.internal_workaround, of.law_article,
                             of.law_persons, of.law_procedure, of.stuck_error_code})
        out += " " + each + " ";
    return " " + text::fold(out) + " ";
}

// What must never be read: the people of the tickets, as the demonstration made them.
std::vector<std::string> secrets_of(soci::session& sql, std::int64_t number) {
    using row = std::tuple<std::string, std::string, std::string, std::string, std::string, std::string>;
    std::vector<std::string> out;
    for (const auto& [name, birth_name, first_names, email, phone, address] :
         sql::all<row>(sql,
                       "SELECT citizen.name, citizen.birth_name, citizen.first_names, citizen.email, citizen.phone_typed, "
                       "citizen.postal_address FROM report JOIN ticket ON ticket.id = report.ticket_id JOIN citizen ON citizen.id = "
                       "ticket.requester_id OR citizen.id = ticket.subject_person_id WHERE report.incident_id = :incident",
                       number))
        for (const auto& each : {name, birth_name, first_names, email, phone, address}) out.push_back(each);
    for (const auto& neph : sql::all<std::string>(sql,
                                                  "SELECT dossier.neph FROM report JOIN dossier ON dossier.id = report.dossier_id WHERE "
                                                  "report.incident_id = :incident",
                                                  number))
        out.push_back(neph);
    return out;
}

} // namespace

TEST_CASE("the pack of an escalation holds no name, NEPH, telephone or address of anybody it is about", "[pack]") {
    tests::incident_office office;
    demo::options wanted{3, 1'500, 400, monday_noon, 0xff};
    demo::fill_ways ways;
    ways.follow_up_hash = [](const std::string& reference) { return std::string(64 - reference.size(), '0') + reference; };
    demo::fill(*office.database, wanted, ways);
    office.now = monday_noon;
    auto ids = office.read([](soci::session& sql) { return sql::all<std::int64_t>(sql, "SELECT id FROM ticket ORDER BY id"); });
    // Every ticket is in some pack: incidents of five.
    for (std::size_t at = 0; at + 5 <= ids.size(); at += 5) {
        auto number = office.incident();
        for (std::size_t i = at; i < at + 5; ++i) office.link(ids[i], number);
        auto pack = office.read([&](soci::session& sql) { return escalation_packs::make(sql, number, office.now); });
        REQUIRE(pack.samples.size() == 5);
        auto words = everything(pack);
        for (const auto& secret : office.read([&](soci::session& sql) { return secrets_of(sql, number); })) {
            auto folded = text::fold(secret);
            if (folded.size() < 4) continue;
            INFO(folded << " in" << words);
            CHECK(words.find(" " + folded + " ") == std::string::npos);
        }
    }
}

TEST_CASE("the pack holds nobody's name, NEPH, telephone or address in the odd forms and places in which people write them", "[pack]") {
    tests::incident_office office;
    auto number = office.incident();
    const char* bodies[] = {
        "Bonjour, je suis ZOE NDIAYE LEFEVRE, neph 1903 00 200 123, tel 06.39.98.12.34, 12bis, rue des Lilas 08000 Sedan",
        ("n diaye-lefèvre zoé\nneph:190300-200123 / zéro six trente-neuf quatre-vingt-dix-huit douze trente-quatre\nau 12 de la rue des "
         "lilas"),
        "Mme N'Diaye Lefevre (zoe1 arobase example point test), O6 39 98 12 34, NEPH 19.03.00.200123",
        "J'HABITE RUE DES LILAS A SEDAN ZOENDIAYE +33(0)6 39 98 12 34",
        "Merci de rappeler mon mari Kevin Lefèvre au 06 39 98 12 34.\nCordialement\nZoé\n12 rue des Lilas"};
    for (const auto* body : bodies) {
        auto writes = [&](contact& from) {
            from.body = body, from.subject = "Refus de Zoé N’Diaye, 0639981234", from.neph = "190300200123";
            from.requester.postal_address = "12 bis rue des Lilas\n08000 Sedan", from.requester.phone = "+33639981234";
            from.portal.step = "paiement de ndiaye", from.portal.message = "Refus pour LEFEVRE Zoe, 12 rue des Lilas";
            from.portal.error_code = "190300200123", from.portal.browser = "Zoé", from.portal.release = "06 39 98 12 34";
        };
        office.link(office.ticket(writes), number);
    }
    office.write([&](soci::session& sql) {
        incidents::describe(sql, office.by(number),
                            {"M. Lefèvre bloqué, 06 39 98 12 34", "Zoé N'Diaye, NEPH 190300200123", "legal_case_not_covered", "normal",
                             "Article R221-10 du code de la route (Mme N’Diaye)", "Monsieur Kevin Lefèvre, 12 rue des Lilas, 08000 Sedan",
                             "Rappeler M. Lefèvre au 06.39.98.12.34"});
        incidents::set_cause(sql, office.by(number), "AGENCY_PORTAL", "Le paiement de zoe1@example.test est refusé");
        incidents::set_workaround(sql, office.by(number), {"", "Écrire à Madame Lefèvre", "Voir N’Diaye, 190300200123", false});
        incidents::set_stuck_state(sql, office.by(number), {"", "", "190300200123", ""});
    });
    auto pack = office.read([&](soci::session& sql) { return escalation_packs::make(sql, number, office.now); });
    REQUIRE(pack.samples.size() == 5);
    CHECK(pack.sheet.incident.law_article.find("R221-10") != std::string::npos);
    CHECK(pack.sheet.incident.title.find("bloqué") != std::string::npos);
    auto words = everything(pack);
    for (const auto& each : pack.samples) words += " " + text::fold(each.error_code + " " + each.browser + " " + each.release);
    for (const auto& each : pack.sheet.facts) words += " " + text::fold(each.value);
    INFO(words);
    for (auto telling : {"zoe", "diaye", "lefevre", "kevin", "lilas", "sedan", "39 98", "3998", "12 34", "200123", "200 123", "903",
                         "trente", "arobase example"})
        CHECK(words.find(telling) == std::string::npos);
    CHECK(words.find("paiement") != std::string::npos); // what happened stays
    CHECK(words.find("bonjour") != std::string::npos);
}

TEST_CASE("the pack says what happens, how often, and how dossiers are and were", "[pack]") {
    tests::incident_office office;
    auto number = office.incident_with(3);
    office.now += 8 * 24h;
    for (int i = 0; i < 4; ++i) office.link(office.ticket(), number);
    auto pack = office.read([&](soci::session& sql) { return escalation_packs::make(sql, number, office.now); });
    CHECK(pack.days.size() == 28);
    CHECK(pack.days.back().tickets == 4);
    CHECK(pack.a_day == Approx(4.0 / 7));
    CHECK(pack.a_day_before == Approx(3.0 / 7));
    CHECK(pack.samples.size() == 5);
    CHECK(pack.samples[0].text.find("00/00") != std::string::npos);
    CHECK_FALSE(pack.samples[0].has_dossier);
}
