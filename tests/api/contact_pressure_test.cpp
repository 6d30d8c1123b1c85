// SPDX-License-Identifier: EUPL-1.2
#include "api/proof_of_work.hpp"
#include "model/sql.hpp"
#include "tests/support/contact_walk.hpp"

#include <catch2/catch.hpp>
#include <sodium.h>

#include <memory>
#include <vector>

using namespace relais;
using namespace relais::tests;

namespace {

std::int64_t tickets(test_app& app) {
    return app.database().read_now([](soci::session& sql) { return *model::sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM ticket"); });
}

std::string base64(const std::string& text) {
    std::string out(sodium_base64_ENCODED_LEN(text.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    out.pop_back();
    return out;
}

// What the page's script does.
std::string solve(nlohmann::json challenge) {
    for (int number = 0; number <= challenge["maxnumber"]; ++number)
        if (api::sha256_hex(challenge["salt"].get<std::string>() + std::to_string(number)) == challenge["challenge"]) {
            challenge["number"] = number;
            break;
        }
    return base64(challenge.dump());
}

// The four pages before the last, in no time.
void fill_contact_form(browser& person) {
    int step = 1;
    for (const auto* path : {"/contact", "/contact/probleme", "/contact/pieces", "/contact/reponse"})
        post_contact_step(person, path, contact_answers(step++));
}

constexpr auto now = std::chrono::sys_seconds(std::chrono::seconds(1'795'600'000));

} // namespace

TEST_CASE("a proof of work is good for its own form, for half an hour", "[contact][proof]") {
    tests::temporary_folder folder;
    auto keys = api::load_secrets(folder.path("key"));
    auto challenge = api::proofs::challenge(keys, "form", now);
    auto answer = solve(challenge);
    CHECK(api::proofs::verify(keys, "form", answer, now));
    CHECK(api::proofs::verify(keys, "form", answer, now + std::chrono::seconds(1800)));
    CHECK_FALSE(api::proofs::verify(keys, "form", answer, now + std::chrono::seconds(1801)));
    CHECK_FALSE(api::proofs::verify(keys, "another form", answer, now));
    challenge["number"] = -1;
    CHECK_FALSE(api::proofs::verify(keys, "form", base64(challenge.dump()), now));
    for (const auto* wrong : {"", "%%%", "e30=", "W10=", "bnVsbA=="}) CHECK_FALSE(api::proofs::verify(keys, "form", wrong, now));
}

TEST_CASE("an ordinary person is asked for no proof", "[contact][proof]") {
    test_app app;
    browser person(app);
    for (int i = 0; i < 3; ++i)
        CHECK(header_of(send_contact_form(app, person, {{"requester.email", std::to_string(i) + "@example.test"}}), "Location") ==
              "/contact/recu");
    CHECK(tickets(app) == 3);
}

TEST_CASE("the fourth form of an address is asked for a proof, which a browser gives", "[contact][proof]") {
    test_app app;
    browser person(app);
    for (int i = 0; i < 3; ++i) send_contact_form(app, person, {{"requester.email", ""}, {"requester.phone", "06 39 98 12 34"}});
    auto asked = send_contact_form(app, person);
    CHECK(header_of(asked, "Location") == "/contact/envoi");
    CHECK(tickets(app) == 3);
    auto page = person.get("/contact/envoi");
    auto challenge = nlohmann::json::parse(page.data["pressure"]["challenge"].get<std::string>());
    auto proof = solve(challenge);
    auto send = [&] { return header_of(post_contact_step(person, "/contact/envoi", {{"go", "send"}, {"proof", proof}}), "Location"); };
    CHECK(send() == "/contact/recu");
    CHECK(tickets(app) == 4);
    fill_contact_form(person); // the next form of the same browser
    app.pass(std::chrono::seconds(25));
    CHECK(send() == "/contact/envoi");
    CHECK(tickets(app) == 4);
}

TEST_CASE("without JavaScript the same form only waits", "[contact][proof]") {
    test_app app;
    browser person(app);
    for (int i = 0; i < 4; ++i) send_contact_form(app, person, {{"requester.email", std::to_string(i) + "@example.test"}});
    CHECK(tickets(app) == 3);
    app.pass(std::chrono::seconds(29));
    CHECK(header_of(post_contact_step(person, "/contact/envoi", {{"go", "send"}}), "Location") == "/contact/envoi");
    app.pass(std::chrono::seconds(1));
    CHECK(header_of(post_contact_step(person, "/contact/envoi", {{"go", "send"}}), "Location") == "/contact/recu");
    CHECK(tickets(app) == 4);
}

TEST_CASE("a form filled faster than a person can is asked for a proof one form earlier", "[contact][proof]") {
    test_app app;
    browser person(app);
    for (int i = 0; i < 2; ++i) send_contact_form(app, person, {{"requester.email", std::to_string(i) + "@example.test"}});
    fill_contact_form(person);
    app.pass(std::chrono::seconds(2));
    CHECK(header_of(post_contact_step(person, "/contact/envoi", {{"go", "send"}}), "Location") == "/contact/envoi");
    browser other(app);
    fill_contact_form(other);
    app.pass(std::chrono::seconds(3));
    CHECK(header_of(post_contact_step(other, "/contact/envoi", {{"go", "send"}}), "Location") == "/contact/recu");
}

TEST_CASE("the demonstration, which lifts the limits, asks for no proof", "[contact][proof]") {
    test_app app;
    app.settings().limits_enabled = false;
    browser person(app);
    for (int i = 0; i < 6; ++i) CHECK(header_of(send_contact_form(app, person), "Location") == "/contact/recu");
}

TEST_CASE("who fills the field that people do not see is only asked for a proof", "[contact][proof]") {
    test_app app;
    browser person(app);
    fill_contact_form(person);
    app.pass(std::chrono::seconds(30));
    auto trapped = post_contact_step(person, "/contact/envoi", {{"go", "send"}, {"website", "https://spam.test"}});
    CHECK(header_of(trapped, "Location") == "/contact/envoi");
    CHECK(tickets(app) == 0);
    app.pass(std::chrono::seconds(30));
    CHECK(header_of(post_contact_step(person, "/contact/envoi", {{"go", "send"}}), "Location") == "/contact/recu");
}

TEST_CASE("the eleventh form of an address in ten minutes is asked to wait, and nothing of it is lost", "[contact][limits]") {
    test_app app;
    app.settings().proof_of_work_from = 100;
    browser person(app);
    for (int i = 0; i < 10; ++i) send_contact_form(app, person, {{"requester.email", std::to_string(i) + "@example.test"}});
    CHECK(tickets(app) == 10);
    auto refused = send_contact_form(app, person, {{"requester.email", "11@example.test"}});
    CHECK(refused.status == 429);
    CHECK_FALSE(header_of(refused, "Retry-After").empty());
    CHECK(person.get("/contact/envoi").page == "contact");
    browser elsewhere(app, "198.51.100.7");
    CHECK(header_of(send_contact_form(app, elsewhere), "Location") == "/contact/recu");
}

TEST_CASE("the fourth form to one mailbox in a day is asked for a proof, wherever it comes from", "[contact][limits]") {
    test_app app;
    auto send_from = [&](const std::string& address, const std::string& email) {
        browser person(app, address);
        return header_of(send_contact_form(app, person, {{"requester.email", email}}), "Location");
    };
    for (auto address : {"198.51.100.1", "198.51.100.2", "198.51.100.3"})
        CHECK(send_from(address, "camille@example.test") == "/contact/recu");
    CHECK(send_from("198.51.100.4", "CAMILLE@example.test") == "/contact/envoi");
    CHECK(tickets(app) == 3);
    CHECK(send_from("198.51.100.5", "autre@example.test") == "/contact/recu");
}

TEST_CASE("one form more than a minute may bring, from however many addresses, waits and is not lost", "[contact][limits]") {
    test_app app;
    app.settings().form_total_minute = 4;
    app.settings().form_per_recipient_day = 100;
    std::vector<std::unique_ptr<browser>> people;
    for (int i = 0; i < 5; ++i) {
        people.push_back(std::make_unique<browser>(app, "198.51.100." + std::to_string(i + 1)));
        fill_contact_form(*people.back());
    }
    app.pass(std::chrono::seconds(30));
    auto send = [&](int i) { return post_contact_step(*people[static_cast<std::size_t>(i)], "/contact/envoi", {{"go", "send"}}); };
    for (int i = 0; i < 4; ++i) CHECK(header_of(send(i), "Location") == "/contact/recu");
    auto refused = send(4);
    CHECK(refused.status == 429);
    CHECK(std::stoi(header_of(refused, "Retry-After")) >= 1);
    CHECK(std::stoi(header_of(refused, "Retry-After")) <= 15); // four a minute
    CHECK(tickets(app) == 4);
    auto kept = people[4]->get("/contact/probleme");
    CHECK(app.html().find("Ma photo est refusée depuis lundi.") != std::string::npos);
    app.settings().form_total_minute = 100; // the minute has passed, as the buckets count it
    CHECK(header_of(send(4), "Location") == "/contact/recu");
    CHECK(tickets(app) == 5);
}
