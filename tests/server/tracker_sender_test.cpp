// SPDX-License-Identifier: EUPL-1.2
#include "api/pages.hpp"
#include "model/error.hpp"
#include "server/tracker_sender.hpp"
#include "tests/support/incident_office.hpp"
#include "tests/support/outside.hpp"
#include "tests/support/test_app.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;

namespace {

api::tracker gitlab(const std::string& url) {
    api::tracker out;
    out.name = "gitlab", out.url = url, out.token = "secret-token";
    out.headers = {{"PRIVATE-TOKEN", "{token}"}};
    out.body = {
        {"title", "[Relais {number}] {title}"}, {"description", "{description} {link}"}, {"labels", nlohmann::json::array({"relais"})}};
    out.reference_at = "/iid", out.address_at = "/web_url";
    return out;
}

struct sending {
    tests::incident_office office;
    tests::outside there;
    api::catalogue texts{"templates/locales"};
    std::vector<api::tracker> trackers{gitlab(there.url())};
    server::tracker_sender sender{*office.database, trackers, texts, "https://relais.example.test"};
    std::int64_t number = office.incident_with(3);

    sending() { there.answer = api::json({{"iid", 7}, {"web_url", "https://gitlab.example.test/pc/-/issues/7"}}, 201); }

    void ask() {
        office.write([&](soci::session& sql) { tracker_links::ask(sql, office.by(number), "gitlab"); });
    }
    tracker_link link() {
        return office.read([&](soci::session& sql) { return tracker_links::of_incident(sql, number).at(0); });
    }
};

} // namespace

TEST_CASE("an incident is opened in a tracker outside once, in the form its template says, without anybody's name", "[tracker]") {
    sending sending;
    sending.ask();
    CHECK(sending.sender.step(sending.office.now) == 1);
    REQUIRE(sending.there.got.size() == 1);
    const auto& got = sending.there.got[0];
    CHECK(got.method == "POST");
    CHECK(got.path == tests::outside::path);
    CHECK(got.header("private-token") == "secret-token");
    auto body = nlohmann::json::parse(got.body);
    CHECK(body["title"] == "[Relais " + std::to_string(sending.number) + "] Date refusée");
    CHECK(body["labels"][0] == "relais");
    auto said = body["description"].get<std::string>();
    CHECK(said.find("https://relais.example.test/console/incidents/" + std::to_string(sending.number)) != std::string::npos);
    CHECK(said.find("00/00") != std::string::npos);
    for (auto secret : {"Zoé", "Diaye", "Lefèvre", "example.test/suivi", "zoe1", "secret-token"})
        CHECK(said.find(secret) == std::string::npos);
    CHECK(sending.link().state == "sent");
    CHECK(sending.link().reference == "7");
    CHECK(sending.link().address == "https://gitlab.example.test/pc/-/issues/7");
    CHECK(sending.sender.step(sending.office.now + 1h) == 0);
    CHECK_THROWS_WITH(sending.ask(), "conflict.tracker");
    CHECK(sending.office.count("event WHERE action = 'incident.opened_outside'") == 1);
}

TEST_CASE("a tracker outside is not told of whom a colleague's title speaks", "[tracker]") {
    sending sending;
    auto says = [](soci::session& sql) {
        sql::change(sql, "UPDATE incident SET title = 'Date refusée à M. Lefèvre, 06 39 98 12 34, NEPH 190300200123'");
    };
    sending.office.write(says);
    sending.ask();
    sending.sender.step(sending.office.now);
    auto title = nlohmann::json::parse(sending.there.got.at(0).body)["title"].get<std::string>();
    CHECK(title.find("Date refusée") != std::string::npos);
    for (auto secret : {"Lefèvre", "39 98", "190300200123"}) CHECK(title.find(secret) == std::string::npos);
}

TEST_CASE("a tracker that refuses is asked again later, for a day, and never blocks the others", "[tracker]") {
    sending sending;
    sending.there.answer = api::json(nlohmann::json::object(), 503);
    sending.ask();
    CHECK(sending.sender.step(sending.office.now) == 1);
    CHECK(sending.link().state == "waiting");
    CHECK(sending.link().error == "the tracker answered 503");
    CHECK(sending.sender.step(sending.office.now + 10s) == 0);
    sending.there.answer = api::json({{"iid", 8}}, 201);
    CHECK(sending.sender.step(sending.office.now + 10min) == 1);
    CHECK(sending.link().reference == "8");
    CHECK(sending.link().address.empty());
    auto dead = sending.office.incident_with(1);
    sending.trackers[0].url = "http://127.0.0.1:1/none";
    sending.office.write([&](soci::session& sql) { tracker_links::ask(sql, sending.office.by(dead), "gitlab"); });
    auto now = sending.office.now + 1h;
    for (int i = 0; i < 12; ++i, now += 5h) CHECK(sending.sender.step(now) == 1);
    CHECK(sending.sender.step(now) == 0);
    CHECK(sending.office.count("tracker_link WHERE state = 'failed'") == 1);
    sending.office.write([&](soci::session& sql) { tracker_links::ask(sql, sending.office.by(dead), "gitlab"); }); // a person tries again
}

TEST_CASE("what is put into a template is not read as one", "[tracker]") {
    nlohmann::json values = {{"title", "{token} {link}"}, {"link", "https://x"}, {"number", 3}};
    CHECK(api::fill_places("{number}: {title} {nothing} {", values) == "3: {token} {link} {nothing} {");
}

TEST_CASE("the file of trackers is checked, and its example is good", "[tracker]") {
    tests::temporary_folder folder;
    auto write = [&](const std::string& name, const std::string& text) {
        std::ofstream(folder.path(name)) << text;
        return folder.path(name);
    };
    auto token = write("token", "a secret of sixteen and more\n");
    std::ifstream in("config/trackers.example.json");
    auto example = nlohmann::json::parse(in);
    for (auto& each : example) each["push"]["token_file"] = token, each["inbound"]["token_file"] = token;
    auto read = api::read_trackers(write("good.json", example.dump()));
    REQUIRE(read.size() == 2);
    CHECK(read[0].inbound_secret == "a secret of sixteen and more");
    CHECK(api::tracker_body(read[1], {{"number", 3}, {"title", "T"}, {"description", "D"}, {"link", "L"}})["fields"]["summary"] ==
          "[Relais 3] T");
    CHECK(api::read_trackers("").empty());
    for (auto change : {"url", "name", "secret"}) {
        auto wrong = example;
        if (change == std::string("url")) wrong[0]["push"]["url"] = "http://gitlab.example.test/";
        if (change == std::string("name")) wrong[0]["name"] = "Git Lab";
        if (change == std::string("secret")) wrong[0]["inbound"]["token_file"] = write("short", "short");
        INFO(change);
        CHECK_THROWS_AS(api::read_trackers(write("wrong.json", wrong.dump())), std::runtime_error);
    }
    CHECK_THROWS_AS(api::read_trackers(write("no.json", "{")), std::runtime_error);
}

TEST_CASE("a tracker that knows the secret tells the state of what it follows, and nobody else does", "[tracker]") {
    tests::test_app app;
    auto made = gitlab("https://gitlab.example.test/");
    made.inbound_header = "x-gitlab-token", made.inbound_secret = "a secret of sixteen and more";
    made.inbound_reference_at = "/object_attributes/iid", made.inbound_state_at = "/object_attributes/state";
    std::vector<api::tracker> trackers{made};
    app->trackers = &trackers;
    tests::program robot(app, app.add_token("resolver"));
    auto number = robot.post("/api/v1/incidents", {{"title", "Photo refusée"}}).data["number"].get<std::int64_t>();
    auto path = "/api/v1/incidents/" + std::to_string(number);
    CHECK(robot.post(path + "/confirmation", nlohmann::json::object()).status == 200);
    CHECK(robot.post(path + "/trackers", {{"tracker", "jira"}}).status == 422);
    CHECK(robot.post(path + "/trackers", {{"tracker", "gitlab"}}).status == 200);
    CHECK(robot.post(path + "/trackers", {{"tracker", "gitlab"}}).status == 409);
    app.database().write_now(
        [&](soci::session& sql) { tracker_links::opened(sql, tracker_links::of_incident(sql, number).at(0), "7", "", app.now()); });
    auto hear = [&](const std::string& name, const std::string& secret, const std::string& body) {
        api::request request;
        request.method = "POST", request.path = "/trackers/" + name, request.body = body, request.remote_address = "192.0.2.30";
        request.headers = {{"content-type", "application/json"}, {"x-gitlab-token", secret}};
        return app.ask(request).status;
    };
    const std::string closed = R"({"object_attributes":{"iid":7,"state":"closed"}})";
    CHECK(hear("gitlab", "wrong", closed) == 404);
    CHECK(hear("gitlab", "", closed) == 404);
    CHECK(hear("jira", "a secret of sixteen and more", closed) == 404);
    CHECK(hear("gitlab", "a secret of sixteen and more", R"({"object_attributes":{"iid":9,"state":"closed"}})") == 404);
    CHECK(robot.get(path).data["trackers"][0]["outside_state"] == "");
    CHECK(hear("gitlab", "a secret of sixteen and more", closed) == 200);
    CHECK(hear("gitlab", "a secret of sixteen and more", closed) == 200); // told twice is once in the history
    CHECK(hear("gitlab", "a secret of sixteen and more", R"({"object_kind":"note"})") == 200);
    CHECK(robot.get(path).data["trackers"][0]["outside_state"] == "closed");
    auto history = robot.get(path).data["history"];
    CHECK(std::count_if(history.begin(), history.end(), [](const auto& each) { return each["action"] == "incident.outside_state"; }) == 1);
}
