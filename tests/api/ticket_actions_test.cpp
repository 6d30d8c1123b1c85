// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::office;
using tests::program;

namespace {

// A change of a ticket by the API: what makes it, and what is wrong with another body.
struct ticket_change {
    std::string noun;
    nlohmann::json good, wrong;
};

std::vector<ticket_change> changes(office& office) {
    auto dossier = office.add_dossier("0011223344556677");
    return {{"messages", {{"kind", "reply"}, {"body", "Bonjour"}}, {{"kind", "reply"}, {"body", " "}}},
            {"messages", {{"kind", "note"}, {"body", "Vu"}}, {{"kind", "shout"}, {"body", "Vu"}}},
            {"assignment", {{"assignee", office.paul}}, {{"assignee", 999}}},
            {"category", {{"category", "CIV-01"}}, {{"category", "CIV-99"}}},
            {"dossier", {{"dossier", dossier}, {"reason", "au téléphone"}}, {{"dossier", "inconnu"}}},
            {"closure", {{"reason", "no_dossier"}}, {{"reason", "parce que"}}},
            {"reopening", {{"reason", "l’usager rappelle"}}, {{"reason", ""}}},
            {"forwarding", {{"service", "fines"}}, {{"service", "nobody"}}}};
}

} // namespace

TEST_CASE("every change answers the new version, and refuses an old one, a wrong body and an unknown ticket", "[desk]") {
    office office;
    program api(office.app, office.app.add_token("agent"));
    for (const auto& [noun, good, wrong] : changes(office)) {
        INFO(noun);
        auto base = "/api/v1/tickets/" + office.reference;
        auto seen = tests::header_of(api.get(base), "ETag");
        CHECK(api.post("/api/v1/tickets/26-0000-0000/" + noun, good).status == 404);
        CHECK(api.post(base + "/" + noun, wrong).status == 422);
        CHECK(api.post(base + "/" + noun, good, {{"if-match", "\"999\""}}).status == 412);
        CHECK(tests::header_of(api.get(base), "ETag") == seen); // a refusal changes nothing
        auto done = api.post(base + "/" + noun, good, {{"if-match", seen}});
        CHECK(done.status == 200);
        CHECK(tests::header_of(done, "ETag") != seen);
        CHECK(api.post(base + "/" + noun, good, {{"if-match", seen}}).status == 412); // nobody changes what they have not seen
    }
}

TEST_CASE("a ticket read with another takes no change of its own", "[desk]") {
    office office;
    program api(office.app, office.app.add_token("agent"));
    auto target = office.open(2);
    REQUIRE(api.post("/api/v1/tickets/" + office.reference + "/merge", {{"into", target}}).status == 200);
    for (const auto& [noun, good, wrong] : changes(office)) {
        INFO(noun);
        CHECK(api.post("/api/v1/tickets/" + office.reference + "/" + noun, good).status == 409);
    }
}

TEST_CASE("tickets of a dossier that does not exist are not an empty list", "[desk]") {
    office office;
    program api(office.app, office.app.add_token("agent"));
    CHECK(api.get("/api/v1/tickets?dossier=unknown").status == 404);
    auto dossier = office.add_dossier("0011223344556677");
    CHECK(api.get("/api/v1/tickets?dossier=" + dossier).data["items"].empty());
    office.act(office.agent, "dossier", {{"dossier", dossier}});
    CHECK(api.get("/api/v1/tickets?dossier=" + dossier).data["items"].size() == 1);
    CHECK(api.get("/api/v1/tickets?q=naissance&dossier=" + dossier).status == 200);
}
