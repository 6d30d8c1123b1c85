// SPDX-License-Identifier: EUPL-1.2
#include "model/attachment.hpp"
#include "tests/support/contact_walk.hpp"
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::office;
using tests::program;

namespace {

// A ticket with a file, as the form sends it.
struct filed : office {
    filed() {
        tests::browser citizen(app, "192.0.2.30");
        tests::send_contact_form(app, citizen);
        auto shown = citizen.get("/suivi");
        citizen.files = {tests::make_upload(app, "Pièce \"1\".pdf", "application/pdf", "%PDF-1.4 texte")};
        citizen.post("/suivi/messages", {{"body", "Voici la pièce"}, {"form_token", shown.data["form_token"]}, {"form_id", "f1"}});
        reference = app.database().read_now([](soci::session& sql) {
            return *model::sql::first<std::string>(sql, "SELECT reference FROM ticket ORDER BY id DESC LIMIT 1");
        });
        auto ticket = agent.get(path());
        file = ticket.data["messages"][1]["files"][0]["id"];
    }
    void set_state(const std::string& state) {
        app.database().write_now([&](soci::session& sql) { model::sql::change(sql, "UPDATE attachment SET scan_state = :state", state); });
    }
    std::string file;
};

std::string bytes_of(const api::reply& reply) {
    std::string out;
    while (auto piece = reply.stream()) out += *piece;
    return out;
}

} // namespace

TEST_CASE("an agent downloads a file of the ticket, as an attachment and nothing else", "[files]") {
    filed office;
    program api(office.app, office.app.add_token("agent"));
    for (auto& given : {office.agent.get(office.path("/pieces/" + office.file)),
                        api.get("/api/v1/tickets/" + office.reference + "/pieces/" + office.file)}) {
        REQUIRE(given.status == 200);
        CHECK(tests::header_of(given, "Content-Disposition").starts_with("attachment;"));
        CHECK(bytes_of(given) == "%PDF-1.4 texte");
    }
    CHECK(office.count("event WHERE action = 'ticket.file_read'") == 2);
}

TEST_CASE("a file is held until the scanner's verdict, and an infected one is never given", "[files]") {
    filed office;
    program api(office.app, office.app.add_token("agent"));
    auto path = "/api/v1/tickets/" + office.reference + "/pieces/" + office.file;
    for (auto state : {"pending", "infected"}) {
        office.set_state(state);
        CHECK(api.get(path).status == 409);
        CHECK(office.agent.get(office.path("/pieces/" + office.file)).status == 409);
        office.agent.get(office.path());
        CHECK(office.app.html().find("/pieces/" + office.file) == std::string::npos); // no link to what is held
    }
    CHECK(office.count("event WHERE action = 'ticket.file_read'") == 0);
    office.set_state("clean");
    CHECK(api.get(path).status == 200);
}

TEST_CASE("a file of another ticket is not there, and those who read no words read no file", "[files]") {
    filed office;
    auto other = office.open(7);
    program api(office.app, office.app.add_token("agent"));
    CHECK(api.get("/api/v1/tickets/" + other + "/pieces/" + office.file).status == 404);
    CHECK(api.get("/api/v1/tickets/" + office.reference + "/pieces/unknown").status == 404);
    for (auto role : {"owner", "admin", "dpo"})
        CHECK(
            program(office.app, office.app.add_token(role)).get("/api/v1/tickets/" + office.reference + "/pieces/" + office.file).status ==
            403);
}
