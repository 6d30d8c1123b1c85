// SPDX-License-Identifier: EUPL-1.2
#include "model/incident_corrections.hpp"
#include "model/report.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/test_app.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::browser;
using tests::program;

namespace {

const auto nothing = nlohmann::json::object();

// A centre with an agent and a resolver, an incident, and its tickets.
struct centre {
    tests::test_app app;
    std::int64_t anne = app.add_user("anne", "agent"), paul = app.add_user("paul", "resolver");
    browser agent{app}, resolver{app, "192.0.2.11"};
    program robot{app, app.add_token("resolver")};
    int made = 0;

    centre() { agent.enter_as(anne), resolver.enter_as(paul); }

    template <class Function> auto write(Function f) { return app.database().write_now(f); }
    // A ticket, attached or suggested by the engine; returns its reference.
    std::string ticket(std::int64_t incident, bool is_suggested = false) {
        auto contact = tests::sample_contact(++made);
        contact.portal.error_code = "E-17", contact.portal.step = "photo";
        return write([&](soci::session& sql) {
            auto opened = model::tickets::open(sql, contact, tests::citizen_actor(), app.now());
            model::placement what;
            what.ticket_id = opened.id, what.score = is_suggested ? 0.6 : 0.97, what.engine = "test";
            (is_suggested ? what.suggested_id : what.incident_id) = incident;
            what.reasons = R"({"terms":[{"name":"words","contribution":2.5,"ours":"naissance refuse","theirs":"naissance refusee"},)"
                           R"({"name":"field:error_code","contribution":3.1,"ours":"E-17","theirs":"E-17"}]})";
            model::reports::place(sql, what, {}, app.now());
            return opened.reference;
        });
    }
    std::int64_t incident(const nlohmann::json& body = {{"title", "Photo refusée"}, {"nature", "software_defect"}}) {
        return robot.post("/api/v1/incidents", body).data["number"].get<std::int64_t>();
    }
    std::string path(std::int64_t number, const std::string& rest = "") { return "/api/v1/incidents/" + std::to_string(number) + rest; }
    std::string page(std::int64_t number, const std::string& rest = "") { return "/console/incidents/" + std::to_string(number) + rest; }
    // A form of the page as it is shown now.
    api::reply act(browser& by, std::int64_t number, const std::string& noun, std::map<std::string, std::string, std::less<>> form = {}) {
        form["version"] = std::to_string(by.get(page(number)).data["version"].get<std::int64_t>());
        return by.post(page(number, "/" + noun), form);
    }
};

} // namespace

TEST_CASE("an incident goes through its states by the API, each a noun with an address", "[incidents]") {
    centre centre;
    auto opened = centre.robot.post(
        "/api/v1/incidents",
        {{"title", "Photo refusée"}, {"nature", "software_defect"}, {"cause_owner", "AGENCY_PORTAL"}, {"description", "d"}});
    REQUIRE(opened.status == 201);
    CHECK(opened.data["state"] == "proposed");
    auto number = opened.data["number"].get<std::int64_t>();
    auto step = [&](const char* noun, const nlohmann::json& body, const char* state) {
        auto done = centre.robot.post(centre.path(number, "/" + std::string(noun)), body);
        INFO(noun << " " << done.data.dump());
        CHECK(done.status == 200);
        CHECK(done.data["state"] == state);
    };
    step("confirmation", {{"severity", "major"}}, "confirmed");
    step("workaround", {{"public", "Passez par un photographe."}, {"internal", "Proposer le formulaire papier."}}, "confirmed");
    step("escalation", nothing, "escalated");
    step("return", {{"reason", "Étapes manquantes"}}, "confirmed");
    step("escalation", nothing, "escalated");
    step("acceptance", nothing, "accepted");
    step("cause", {{"cause_owner", "PHOTO_PROVIDER"}, {"text", "Certificat expiré"}}, "accepted");
    step("schedule", {{"at", "2026-12-01T08:00:00Z"}, {"release", "4.12"}}, "fix_scheduled");
    auto seen = centre.robot.get(centre.path(number)).data;
    CHECK(seen["title"] == "Photo refusée");
    CHECK(seen["severity"] == "major");
    CHECK(seen["cause_owner"] == "PHOTO_PROVIDER");
    CHECK(seen["is_published"] == true);
    CHECK(seen["public_title"] == "Photo refusée");
    CHECK(seen["returned"] == 1);
    CHECK(seen["fix_at"] == "2026-12-01T08:00:00Z");
    CHECK(seen["escalations"][0]["outcome"] == "returned");
    CHECK(seen["escalations"][1]["outcome"] == "accepted");
    CHECK(centre.robot.get(centre.path(number, "/timeline")).data["items"].size() >= 9);
    CHECK(centre.robot.post(centre.path(number, "/acceptance"), nothing).status == 409);
    CHECK(centre.robot.post(centre.path(number, "/return"), {{"reason", "Trop tard"}}).status == 409);
    CHECK(centre.robot.post(centre.path(number, "/return"), nothing).status == 422);
    CHECK(centre.robot.post(centre.path(999'999, "/acceptance"), nothing).status == 404);
    CHECK(centre.robot.post(centre.path(number, "/cause"), {{"cause_owner", "NOBODY"}}).status == 422);
    CHECK(centre.robot.post(centre.path(number, "/cause"), {{"owner", "CERT"}}).status == 422); // no such field
}

TEST_CASE("who may do what is the table's word", "[incidents]") {
    centre centre;
    auto number = centre.incident();
    program agent(centre.app, centre.app.add_token("agent")), owner(centre.app, centre.app.add_token("owner"));
    CHECK(agent.post(centre.path(number, "/confirmation"), nothing).status == 403);
    CHECK(owner.post(centre.path(number, "/confirmation"), nothing).status == 403);
    CHECK(owner.get(centre.path(number)).status == 200);
    CHECK(centre.robot.post(centre.path(number, "/confirmation"), nothing).status == 200);
    CHECK(agent.post(centre.path(number, "/acceptance"), nothing).status == 403);
    CHECK(agent.post(centre.path(number, "/escalation"), nothing).status == 200); // an agent escalates
    program supervisor(centre.app, centre.app.add_token("supervisor"));
    CHECK(supervisor.post(centre.path(number, "/acceptance"), nothing).status == 403); // only the resolution team takes on
}

TEST_CASE("a change on a version that is past is refused, and repeated once by its key", "[incidents]") {
    centre centre;
    auto number = centre.incident();
    auto etag = tests::header_of(centre.robot.get(centre.path(number)), "ETag");
    CHECK(centre.robot.post(centre.path(number, "/confirmation"), nothing, {{"if-match", etag}}).status == 200);
    auto late = centre.robot.post(centre.path(number, "/escalation"), nothing, {{"if-match", etag}});
    CHECK((late.status == 409 || late.status == 412));
    CHECK(centre.robot.post(centre.path(number, "/escalation"), nothing, {{"idempotency-key", "k1"}}).status == 200);
    CHECK(centre.robot.post(centre.path(number, "/escalation"), nothing, {{"idempotency-key", "k1"}}).status == 200);
    CHECK(centre.robot.get(centre.path(number)).data["escalations"].size() == 1);
}

TEST_CASE("the page of an incident says what happens, why, and draws when and where", "[incidents]") {
    centre centre;
    auto number = centre.incident();
    for (int i = 0; i < 3; ++i) centre.ticket(number);
    auto shown = centre.resolver.get(centre.page(number));
    REQUIRE(shown.status == 200);
    CHECK(shown.data["tickets"] == 3);
    CHECK(shown.data["citizens"] == 1); // the same name and birth date three times
    auto sentence = shown.data["sentence"].get<std::string>();
    CHECK(sentence.find("Inscription") != std::string::npos);
    CHECK(sentence.find("E-17") != std::string::npos);
    CHECK(sentence.find("photo") != std::string::npos);
    const auto& html = centre.app.html();
    CHECK(html.find("<mark>naissance</mark>") != std::string::npos); // in the ticket itself
    CHECK(html.find("<rect") != std::string::npos);
    CHECK(html.find("Réunion") != std::string::npos);
    CHECK(shown.data["trend"]["drawings"].size() == 3);
    auto data = centre.robot.get(centre.path(number)).data;
    CHECK(data["trend"]["days"]["total"] == 3);
    CHECK(centre.robot.get(centre.path(number, "/trend")).data["hours"]["points"].size() == 48);
    CHECK(data["facts"].size() >= 4);
    CHECK(data["examples"][0]["reasons"][1]["name"] == "field:error_code");
    CHECK(centre.robot.get(centre.path(number, "/tickets?limit=2")).data["items"].size() == 2);
    auto next = centre.robot.get(centre.path(number, "/tickets?limit=2")).data["next"].get<std::string>();
    CHECK(centre.robot.get(centre.path(number, "/tickets?limit=2&after=" + next)).data["items"].size() == 1);
    CHECK(centre.robot.get("/api/v1/tickets?incident=" + std::to_string(number)).data["items"].size() == 3);
    CHECK(centre.resolver.get(centre.page(number, "/tickets")).status == 200);
    CHECK(centre.resolver.get(centre.page(number, "/dossiers")).status == 200);
    CHECK(centre.robot.get(centre.path(number, "/dossiers")).data["silent_count"] == 0);
}

TEST_CASE("the product owner sees the figures of an incident and none of the words people wrote", "[incidents]") {
    centre centre;
    auto number = centre.incident();
    centre.ticket(number);
    browser owner(centre.app, "192.0.2.12");
    owner.enter_as(centre.app.add_user("moa", "owner"));
    auto shown = owner.get(centre.page(number));
    REQUIRE(shown.status == 200);
    CHECK(shown.data["tickets"].is_null()); // one person's
    for (auto word : {"00/00", "naissance refus", "Bonjour", "Zoé"}) CHECK(centre.app.html().find(word) == std::string::npos);
    owner.get(centre.page(number, "/tickets"));
    for (auto word : {"00/00", "naissance refus", "Bonjour", "Zoé"}) CHECK(centre.app.html().find(word) == std::string::npos);
}

TEST_CASE("the product owner is told of one to four persons on no page, and of five as everybody", "[incidents]") {
    centre centre;
    browser owner(centre.app, "192.0.2.12");
    owner.enter_as(centre.app.add_user("moa", "owner"));
    program api(centre.app, centre.app.add_token("owner"));
    auto number = centre.incident();
    auto write = [&](int persons) {
        for (int i = 0; i < persons; ++i) {
            auto contact = tests::sample_contact(++centre.made);
            contact.requester.birth_name.clear(), contact.requester.phone.clear();
            contact.department = centre.made % 2 ? "59" : "974", contact.portal.error_code = "E-17";
            centre.write([&](soci::session& sql) {
                model::placement what;
                what.ticket_id = model::tickets::open(sql, contact, tests::citizen_actor(), centre.app.now()).id;
                what.incident_id = number, what.engine = "test";
                model::reports::place(sql, what, {}, centre.app.now());
            });
        }
    };
    auto places = [](const nlohmann::json& sheet) {
        auto out = 0;
        for (const auto& each : sheet["facts"]) out += each["name"] == "department";
        return out;
    };
    write(4);
    auto data = api.get(centre.path(number)).data;
    for (const char* name : {"tickets", "citizens", "contacts"}) CHECK(data[name].is_null());
    CHECK(data["facts"].empty());
    CHECK(data["examples"].empty());
    CHECK(data["trend"]["days"]["total"].is_null());
    CHECK(data["trend"]["days"]["points"].empty());
    CHECK(api.get(centre.path(number, "/trend")).data["hours"]["points"].empty());
    CHECK(api.get(centre.path(number, "/tickets")).data["items"].empty());
    CHECK(api.get("/api/v1/incidents").data["items"][0]["citizens"].is_null());
    CHECK(api.get("/api/v1/tickets?incident=" + std::to_string(number)).status == 403);
    CHECK(owner.get(centre.page(number)).status == 200);
    CHECK(centre.app.html().find("<strong>moins de 5</strong>") != std::string::npos);
    CHECK(centre.app.html().find("Réunion</td>") == std::string::npos);
    CHECK(centre.app.html().find("pour qu’elles ne soient pas reconnues") != std::string::npos); // and no map of nobody
    CHECK(centre.app.html().find("map-title") == std::string::npos);
    CHECK(owner.get("/console/incidents").status == 200);
    CHECK(centre.app.html().find("<strong>moins de 5</strong>") != std::string::npos);
    CHECK(owner.get("/console/incidents?state=open").status == 200);
    CHECK(owner.get(centre.page(number, "/tickets")).status == 200);
    CHECK(owner.get(centre.page(number, "/dossiers")).status == 200);
    // Who treats it is told.
    CHECK(centre.robot.get(centre.path(number)).data["citizens"] == 4);
    CHECK(centre.robot.get(centre.path(number, "/tickets")).data["items"].size() == 4);
    CHECK(centre.robot.get("/api/v1/tickets?incident=" + std::to_string(number)).status == 200);
    write(5); // nine: five in one department, four in the other
    data = api.get(centre.path(number)).data;
    CHECK(data["citizens"] == 9);
    CHECK(data["tickets"] == 9);
    CHECK(places(data) == 1);
    CHECK(places(centre.robot.get(centre.path(number)).data) == 2);
    auto on_map = [&](std::string_view code) {
        auto page = owner.get(centre.page(number)).data;
        for (const char* part : {"departments", "overseas"})
            for (const auto& each : page["map"][part])
                if (each["code"] == code) return each["shown"].get<std::string>();
        return std::string();
    };
    CHECK(on_map("59") == "5");
    CHECK(on_map("974") == "moins de 5"); // four
    CHECK(on_map("972") == "moins de 5"); // none: the same words, or the zeros would tell the four
    CHECK(data["trend"]["days"]["total"] == 9);
    CHECK(api.get(centre.path(number, "/tickets")).data["items"].size() == 9);
}

TEST_CASE("the board shows what is open by state, urgent first, and the commitments", "[incidents]") {
    centre centre;
    auto one = centre.incident({{"title", "Un"}}), other = centre.incident({{"title", "Deux"}});
    centre.act(centre.resolver, other, "description", {{"title", "Deux"}, {"is_security", "1"}});
    auto board = centre.resolver.get("/console/incidents");
    REQUIRE(board.status == 200);
    const auto& proposed = board.data["columns"][0];
    CHECK(proposed["state"] == "proposed");
    REQUIRE(proposed["items"].size() == 2);
    CHECK(proposed["items"][0]["number"] == other); // security skips the queue
    CHECK(proposed["items"][1]["number"] == one);
    CHECK(board.data["figures"]["returned"] == 0);
    CHECK(centre.act(centre.resolver, one, "dismissal").status == 303);
    CHECK(centre.resolver.get("/console/incidents").data["columns"][0]["items"].size() == 1);
    CHECK(centre.resolver.get("/console/incidents?state=dismissed").data["items"].size() == 1);
    CHECK(centre.robot.get("/api/v1/incidents?state=dismissed").data["items"][0]["number"] == one);
    CHECK(centre.robot.get("/api/v1/incidents?state=nonsense").status == 422);
}

TEST_CASE("what is refused comes back on the page with the reason", "[incidents]") {
    centre centre;
    auto number = centre.incident();
    CHECK(centre.act(centre.resolver, number, "confirmation", {{"nature", "sorcery"}}).status == 422);
    CHECK(centre.act(centre.resolver, number, "merge", {{"into", std::to_string(number)}}).status == 422);
    CHECK(centre.act(centre.resolver, number, "merge", {{"into", "x"}}).status == 422);
    auto stale = centre.resolver.post(centre.page(number, "/confirmation"), {{"version", "99"}});
    CHECK(stale.status == 409);
    CHECK(centre.act(centre.resolver, number, "schedule", {{"at", "demain"}}).status == 422);
}

TEST_CASE("tickets are split off by ticking them, incidents merged, and each correction undone from the history", "[incidents]") {
    centre centre;
    auto number = centre.incident(), other = centre.incident({{"title", "Autre"}});
    auto first = centre.ticket(number), second = centre.ticket(number);
    CHECK(centre.act(centre.resolver, number, "split", {{"ticket_" + second, "1"}}).status == 303);
    CHECK(centre.robot.get(centre.path(number)).data["tickets"] == 1);
    auto history = centre.resolver.get(centre.page(number)).data["history"];
    auto event = std::find_if(history.begin(), history.end(), [](const auto& each) { return each["action"] == "incident.split"; });
    REQUIRE(event != history.end());
    CHECK((*event)["is_undoable"] == true);
    CHECK(centre.robot.post(centre.path(number, "/undo"), {{"event", (*event)["id"]}}).status == 200);
    CHECK(centre.robot.get(centre.path(number)).data["tickets"] == 2);
    auto split = centre.robot.post(centre.path(number, "/split"), {{"tickets", nlohmann::json::array({first})}});
    INFO(split.data.dump());
    CHECK(split.status == 200);
    CHECK(centre.robot.post(centre.path(number, "/split"), {{"tickets", nlohmann::json::array({first})}}).status == 422); // no longer there
    CHECK(centre.robot.post(centre.path(number, "/merge"), {{"into", other}}).status == 200);
    CHECK(centre.robot.get(centre.path(number)).data["merged_into"] == other);
    CHECK(centre.robot.post(centre.path(number, "/unmerge"), nothing).data["merged_into"].is_null());
}

TEST_CASE("undoing a correction asks for who may make it", "[incidents]") {
    centre centre;
    program agent(centre.app, centre.app.add_token("agent"));
    auto number = centre.incident(), other = centre.incident({{"title", "Autre"}});
    auto reference = centre.ticket(number);
    centre.ticket(number);
    auto last = [&](std::int64_t of, const std::string& action) {
        nlohmann::json out;
        auto shown = centre.agent.get(centre.page(of));
        for (auto& each : shown.data["history"])
            if (each["action"] == "incident." + action) out = each;
        return out;
    };
    auto undo = [&](program& by, std::int64_t of, const std::string& action) {
        return by.post(centre.path(of, "/undo"), {{"event", last(of, action)["id"]}}).status;
    };
    auto post = [&](const std::string& noun, const nlohmann::json& body) {
        REQUIRE(centre.robot.post(centre.path(number, noun), body).status == 200);
    };
    const std::pair<std::string, std::function<void()>> reserved[] = {
        {"split",
         [&] {
             post("/split", {{"tickets", {reference}}});
         }},
        {"merged",
         [&] {
             post("/merge", {{"into", other}});
         }},
        {"dismissed", [&] { post("/dismissal", nothing); }},
    };
    for (const auto& each : reserved) {
        INFO(each.first);
        each.second();
        CHECK(last(number, each.first)["is_undoable"] == false);
        CHECK(undo(agent, number, each.first) == 403);
        if (each.first == "merged") CHECK(undo(agent, other, "merged_in") == 403);
        auto seen = centre.resolver.get(centre.page(number)); // whatever its state
        CHECK(seen.data["history"].back()["is_undoable"] == true);
        CHECK(undo(centre.robot, number, each.first) == 200);
        CHECK(centre.resolver.get(centre.page(number)).data["history"].back()["is_undoable"] == false);
        CHECK(undo(centre.robot, number, each.first) == 409);
    }
    centre.robot.post("/api/v1/tickets/" + reference + "/incident/removal", nothing);
    CHECK(last(number, "detached")["is_undoable"] == true); // anybody at the desk takes a ticket out, and puts it back
    CHECK(undo(agent, number, "detached") == 200);
    CHECK(last(number, "detached")["is_undoable"] == false);
}

TEST_CASE("an agent reads the legal case, the cause and what prefectures do by hand, on the incident and on its tickets", "[incidents]") {
    centre centre;
    auto number = centre.incident();
    auto page = [&](const std::string& address) {
        centre.agent.get(address);
        return centre.app.html();
    };
    CHECK(page(centre.page(number)).find("id=\"law-title\"") == std::string::npos); // nothing is said of the law
    centre.robot.post(centre.path(number, "/cause"), {{"cause_owner", "CERT"}, {"text", "Une file arrêtée depuis mardi."}});
    centre.robot.post(centre.path(number, "/description"), {{"title", "Permis d’avant 1985"},
                                                            {"nature", "legal_case_not_covered"},
                                                            {"law_article", "R. 221-10 du code de la route"},
                                                            {"law_persons", "Les titulaires d’un permis d’avant 1985"},
                                                            {"law_procedure", "Saisir le dossier papier en préfecture."}});
    auto incident = page(centre.page(number));
    for (const auto* each : {"R. 221-10 du code de la route", "Les titulaires d’un permis d’avant 1985", "Saisir le dossier papier",
                             "Une file arrêtée depuis mardi."})
        CHECK(incident.find(each) != std::string::npos);
    for (auto is_suggested : {false, true})
        CHECK(page("/console/tickets/" + centre.ticket(number, is_suggested)).find("Saisir le dossier papier") != std::string::npos);
    auto other = centre.ticket(centre.incident({{"title", "Autre"}}));
    CHECK(page("/console/tickets/" + other).find("Procédure à la main") == std::string::npos);
}

TEST_CASE("an agent sees the suggestion with its reasons beside the ticket and accepts it; the workaround is there at once",
          "[incidents]") {
    centre centre;
    auto number = centre.incident();
    centre.robot.post(centre.path(number, "/confirmation"), nothing);
    centre.robot.post(centre.path(number, "/workaround"), {{"public", "Passez par un photographe."}, {"internal", "Dire de patienter."}});
    auto reference = centre.ticket(number, true);
    auto ticket = centre.agent.get("/console/tickets/" + reference);
    CHECK(ticket.data["incident"].is_null());
    CHECK(ticket.data["suggestion"]["number"] == number);
    CHECK(centre.app.html().find("<mark>naissance refuse</mark>") != std::string::npos);
    auto form = [&] {
        auto shown = centre.agent.get("/console/tickets/" + reference);
        return std::map<std::string, std::string, std::less<>>{
            {"version", std::to_string(shown.data["version"].get<std::int64_t>())}, {"incident", std::to_string(number)}, {"waits", "1"}};
    };
    CHECK(centre.agent.post("/console/tickets/" + reference + "/incident", form()).status == 303);
    ticket = centre.agent.get("/console/tickets/" + reference);
    CHECK(ticket.data["incident"]["number"] == number);
    CHECK(ticket.data["incident"]["decided_by"]["name"] == "Nom de anne");
    CHECK(ticket.data["status"] == "waiting");
    CHECK(ticket.data["waiting_reason"] == "incident");
    CHECK(centre.app.html().find("Dire de patienter.") != std::string::npos);
    CHECK(centre.agent.post("/console/tickets/" + reference + "/incident/removal", form()).status == 303);
    ticket = centre.agent.get("/console/tickets/" + reference);
    CHECK(ticket.data["incident"].is_null());
    CHECK(ticket.data["suggestion"].is_null()); // never again
    CHECK(ticket.data["status"] == "open");
    CHECK(centre.agent.post("/console/tickets/" + reference + "/incident/removal", form()).status == 409);
    auto unknown = form();
    unknown["incident"] = "999999";
    CHECK(centre.agent.post("/console/tickets/" + reference + "/incident", unknown).status == 422);
}
