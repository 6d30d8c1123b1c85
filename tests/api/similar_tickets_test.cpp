// SPDX-License-Identifier: EUPL-1.2
#include "model/incident_grouper.hpp"
#include "model/ticket.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/test_app.hpp"

#include <catch2/catch.hpp>

using namespace relais;

namespace {

// Tickets of different people, and an engine that has read them.
struct desk_with_engine {
    tests::test_app app;
    tests::program agent{app, app.add_token("agent")};
    model::incident_grouper leader{app.database(), {.engine = {}, .terms = {}, .owner = "one"}};
    int made = 0;

    desk_with_engine() { app->grouper = &leader; }
    std::string ticket(const std::string& body) {
        auto contact = tests::sample_contact(++made);
        contact.requester.birth_name.clear(), contact.requester.birth_date.clear(), contact.requester.phone.clear();
        contact.subject = "Problème", contact.body = body;
        auto open = [&](soci::session& sql) { return model::tickets::open(sql, contact, tests::citizen_actor(), app.now()); };
        return app.database().write_now(open).reference;
    }
    // Of somebody who wrote already.
    void again(const std::string& body, const std::string& email) {
        auto contact = tests::sample_contact(++made);
        contact.requester.birth_name.clear(), contact.requester.birth_date.clear(), contact.requester.phone.clear();
        contact.requester.email = email, contact.subject = "Problème", contact.body = body;
        app.database().write_now([&](soci::session& sql) { model::tickets::open(sql, contact, tests::citizen_actor(), app.now()); });
    }
    nlohmann::json similar_to(const std::string& reference) { return agent.get("/api/v1/tickets/" + reference).data["similar"]; }
};

} // namespace

TEST_CASE("beside a ticket stand those of other people that read alike, as the grouping knows", "[similar]") {
    desk_with_engine desk;
    auto one = desk.ticket("Le site refuse mon code photo de 22 caractères et affiche code photo inconnu, la photo est neuve");
    auto other = desk.ticket("mon code photo de 22 caractères est refusé, le site affiche code photo inconnu, pourtant photo neuve");
    desk.ticket("Ma carte grise n'arrive pas, qui contacter pour le véhicule");
    CHECK(desk.similar_to(one).empty()); // nobody has read them yet
    desk.leader.step(desk.app.now());
    auto found = desk.similar_to(one);
    REQUIRE(found.size() == 1);
    CHECK(found[0]["reference"] == other);
    CHECK(found[0]["reads_alike"] == true);
    CHECK(found[0]["same_dossier"] == false);
    desk.app->grouper = nullptr;
    CHECK(desk.similar_to(one).empty());
}

TEST_CASE("among the tickets of other people stands none of the same person, however many they wrote", "[similar]") {
    desk_with_engine desk;
    const std::string words = "Le site refuse mon code photo de 22 caractères et affiche code photo inconnu, la photo est neuve";
    auto one = desk.ticket(words);
    for (int i = 0; i < 12; ++i) desk.again(words, "ZOE1@example.test"); // more than are shown as theirs
    while (desk.leader.step(desk.app.now())) {
    }
    auto found = desk.similar_to(one);
    CHECK(found.size() == 10);
    for (const auto& each : found) CHECK(each["reads_alike"] == false);
}
