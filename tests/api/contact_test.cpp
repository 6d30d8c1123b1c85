// SPDX-License-Identifier: EUPL-1.2
#include "model/attachment.hpp"
#include "model/citizen.hpp"
#include "model/contact_draft.hpp"
#include "model/message.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "tests/support/contact_walk.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::tests;

namespace {

std::int64_t count(test_app& app, const std::string& table) {
    return app.database().read_now(
        [&](soci::session& sql) { return *model::sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + table); });
}

model::ticket only_ticket(test_app& app) {
    return app.database().read_now(
        [](soci::session& sql) { return model::tickets::get(sql, *model::sql::first<std::int64_t>(sql, "SELECT MAX(id) FROM ticket")); });
}

bool has_fault(const api::reply& page, const std::string& field) {
    for (const auto& each : page.data["faults"])
        if (each["field"] == field) return true;
    return false;
}

} // namespace

TEST_CASE("a citizen writes in five steps and holds a reference and a follow-up link", "[contact]") {
    test_app app;
    browser person(app);
    auto sent = send_contact_form(app, person);
    CHECK(sent.status == 303);
    CHECK(header_of(sent, "Location") == "/contact/recu");
    auto received = person.get("/contact/recu");
    auto ticket = only_ticket(app);
    CHECK(received.data["reference"] == ticket.reference);
    CHECK(received.data["answer_before"] == "mercredi 2 décembre 2026"); // five working days after a Wednesday
    CHECK(received.data["link"].get<std::string>().starts_with("http://127.0.0.1:8080/suivi/"));
    CHECK(ticket.channel == "web_form");
    CHECK(ticket.legal_nature == "request");
    CHECK(ticket.implicit_on == "2027-01-25");
    CHECK(ticket.portal_message == "Erreur E-1042");
    CHECK(count(app, "outbox") == 1);
    CHECK(count(app, "contact_draft") == 0);
}

TEST_CASE("who is signed in as staff writes as anybody does, and is no citizen's way to act as staff", "[contact][sign_in]") {
    test_app app;
    browser person(app);
    auto open = person.get("/contact"); // before the sign-in of another tab
    person.enter_as(app.add_user("anne", "agent"));
    auto sent = send_contact_form(app, person);
    CHECK(header_of(sent, "Location") == "/contact/recu");
    CHECK(only_ticket(app).channel == "web_form");
    auto link = person.get("/contact/recu").data["link"].get<std::string>();
    auto path = link.substr(link.find("/suivi/"));
    CHECK(header_of(person.get(path), "Location") == "/suivi");
    auto page = person.get("/suivi");
    form words = {{"form_token", page.data["form_token"]}, {"form_id", "m1"}, {"body", "Encore un mot"}};
    CHECK(person.post("/suivi/messages", words).status == 303);
    CHECK(count(app, "message WHERE body = 'Encore un mot' AND kind = 'citizen'") == 1);
    words.erase("form_token");
    CHECK(person.post("/suivi/messages", words).status == 403);
}

TEST_CASE("the same form sent twice opens one ticket and shows one reference", "[contact]") {
    test_app app;
    browser person(app);
    for (int step = 1; step < 5; ++step) {
        static constexpr const char* paths[] = {"/contact", "/contact/probleme", "/contact/pieces", "/contact/reponse"};
        post_contact_step(person, paths[step - 1], contact_answers(step));
    }
    app.pass(std::chrono::seconds(30));
    auto page = person.get("/contact/envoi");
    form last = {{"form_token", page.data["form_token"]}, {"form_id", page.data["form_id"]}, {"go", "send"}};
    auto before = person.cookies; // both clicks leave before the first answer comes
    CHECK(header_of(person.post("/contact/envoi", last), "Location") == "/contact/recu");
    auto first = person.get("/contact/recu").data["reference"];
    person.cookies = before;
    CHECK(header_of(person.post("/contact/envoi", last), "Location") == "/contact/recu");
    CHECK(person.get("/contact/recu").data["reference"] == first);
    CHECK(count(app, "ticket") == 1);
}

TEST_CASE("two forms filled one after the other in one browser are two tickets", "[contact]") {
    test_app app;
    browser person(app);
    send_contact_form(app, person);
    auto first = only_ticket(app).reference;
    send_contact_form(app, person, {{"subject", "Autre chose"}});
    CHECK(count(app, "ticket") == 2);
    CHECK(only_ticket(app).reference != first);
}

TEST_CASE("what is wrong is said all at once, and nothing that was typed is lost", "[contact]") {
    test_app app;
    browser person(app);
    post_contact_step(person, "/contact", contact_answers(1));
    auto sent =
        post_contact_step(person, "/contact/probleme", {{"procedure", ""}, {"department", "20"}, {"subject", ""}, {"body", "Bonjour"}});
    CHECK(header_of(sent, "Location") == "/contact/probleme");
    auto page = person.get("/contact/probleme");
    CHECK(has_fault(page, "procedure"));
    CHECK(has_fault(page, "department"));
    CHECK(has_fault(page, "subject"));
    CHECK_FALSE(has_fault(page, "body"));
    CHECK(app.html().find(">\nBonjour</textarea>") != std::string::npos);
    CHECK(app.html().find("<title>Erreur") != std::string::npos);
    CHECK(app.html().find("aria-describedby=\"subject-hint subject-fault\"") != std::string::npos);
    CHECK(app.html().find("href=\"#subject\"") != std::string::npos);
}

TEST_CASE("going back keeps what was typed and judges nothing", "[contact]") {
    test_app app;
    browser person(app);
    post_contact_step(person, "/contact", contact_answers(1));
    auto back = post_contact_step(person, "/contact/probleme", {{"subject", "À moitié"}, {"go", "back"}});
    CHECK(header_of(back, "Location") == "/contact");
    CHECK(person.get("/contact").data["fields"][1]["shown_value"] == "Camille Dupont");
    auto page = person.get("/contact/probleme");
    CHECK_FALSE(page.data["has_faults"].get<bool>());
    CHECK(app.html().find("value=\"À moitié\"") != std::string::npos);
}

TEST_CASE("an odd value is questioned once and accepted when it is sent again", "[contact]") {
    test_app app;
    browser person(app);
    auto answers = contact_answers(1);
    answers["requester.name"] = "Camille 2 Dupont";
    CHECK(header_of(post_contact_step(person, "/contact", answers), "Location") == "/contact");
    CHECK(person.get("/contact").data["has_hints"].get<bool>());
    CHECK(header_of(post_contact_step(person, "/contact", answers), "Location") == "/contact/probleme");
    answers["requester.name"] = "Camille 3 Dupont"; // another odd value is another question
    CHECK(header_of(post_contact_step(person, "/contact", answers), "Location") == "/contact");
}

TEST_CASE("nobody is refused for want of a number, a mail address or a full birth date", "[contact]") {
    test_app app;
    browser person(app);
    auto sent = send_contact_form(app, person,
                                  {{"requester.email", ""},
                                   {"requester.postal_address", "3 rue des Lilas\n33000 Bordeaux"},
                                   {"subject_person.birth_date", "00/00/1958"},
                                   {"requester.name", "O"}});
    CHECK(header_of(sent, "Location") == "/contact/recu");
    auto person_of = app.database().read_now([&](soci::session& sql) { return model::citizens::get(sql, only_ticket(app).requester_id); });
    CHECK(person_of.birth_date == "1958-00-00");
    CHECK(person_of.birth_precision == "year");
    CHECK(person_of.postal_address == "3 rue des Lilas\n33000 Bordeaux");
}

TEST_CASE("who leaves only a telephone number is promised a call, once, and the page says so", "[contact]") {
    test_app app;
    browser person(app);
    send_contact_form(app, person, {{"requester.email", ""}, {"requester.phone", "06 39 98 12 01"}});
    auto page = person.get("/contact/recu");
    CHECK(page.data["call"]["phone"] == "06 39 98 12 01");
    CHECK(app.html().find("un conseiller vous appellera au 06 39 98 12 01") != std::string::npos);
    CHECK_FALSE(page.data["call"]["code_word"].get<std::string>().empty());
    CHECK(count(app, "callback WHERE origin = 'contact' AND state = 'scheduled' AND phone = '+33639981201'") == 1);
    CHECK(count(app, "outbox WHERE kind = 'acknowledgement' AND medium = 'phone'") == 1);
    person.get("/suivi");
    CHECK(app.html().find("Un conseiller vous appellera dans les prochains jours ouvrés.") != std::string::npos);

    // A second form of the same number owes no second call. Another's code word is not shown to whoever types the number.
    browser stranger(app, "198.51.100.4");
    send_contact_form(app, stranger, {{"requester.email", ""}, {"requester.phone", "06 39 98 12 01"}});
    CHECK(stranger.get("/contact/recu").data["call"]["code_word"] == "");
    CHECK(count(app, "callback") == 1);
    // With another way to answer nobody is called.
    send_contact_form(app, person, {{"requester.phone", "06 39 98 12 02"}});
    CHECK_FALSE(person.get("/contact/recu").data.contains("call"));
    send_contact_form(app, person,
                      {{"requester.email", ""}, {"requester.phone", "06 39 98 12 02"}, {"requester.postal_address", "3 rue X"}});
    CHECK_FALSE(person.get("/contact/recu").data.contains("call"));
    CHECK(count(app, "callback") == 1);
}

TEST_CASE("a number that nobody can call back is told so: the answer is on the page of the request", "[contact]") {
    test_app app;
    browser person(app);
    send_contact_form(app, person, {{"requester.email", ""}, {"requester.phone", "0892 12 34 56"}});
    REQUIRE(count(app, "ticket") == 1);
    CHECK(person.get("/contact/recu").data["no_call"] == true);
    CHECK(app.html().find("ne peut pas être rappelé") != std::string::npos);
    CHECK(count(app, "callback") == 0);
}

TEST_CASE("without any way to answer, the form says so at the step that asks for one", "[contact]") {
    test_app app;
    browser person(app);
    post_contact_step(person, "/contact", contact_answers(1));
    auto sent = post_contact_step(person, "/contact/reponse", {{"requester.email", " "}});
    CHECK(header_of(sent, "Location") == "/contact/reponse");
    CHECK(has_fault(person.get("/contact/reponse"), "requester"));
}

TEST_CASE("a form sent with a fault left behind leads to the step where it is", "[contact]") {
    test_app app;
    browser person(app);
    for (int step : {1, 3, 4}) {
        static constexpr const char* paths[] = {"/contact", "", "/contact/pieces", "/contact/reponse"};
        post_contact_step(person, paths[step - 1], contact_answers(step));
    }
    app.pass(std::chrono::seconds(30));
    auto sent = post_contact_step(person, "/contact/envoi", {{"go", "send"}});
    CHECK(header_of(sent, "Location") == "/contact/envoi");
    auto page = person.get("/contact/envoi");
    CHECK(has_fault(page, "body"));
    CHECK(app.html().find("href=\"/contact/probleme#body\"") != std::string::npos);
    CHECK(count(app, "ticket") == 0);
}

TEST_CASE("someone who writes for another person is kept apart from them", "[contact]") {
    test_app app;
    browser person(app);
    send_contact_form(app, person,
                      {{"subject_person.relation", "parent"},
                       {"subject_person.birth_name", "Dupont"},
                       {"subject_person.first_names", "Zoé"},
                       {"subject_person.birth_date", "03/05/2006"}});
    auto ticket = only_ticket(app);
    CHECK(ticket.relation == "parent");
    CHECK(ticket.requester_id != ticket.subject_person_id);
    auto about = app.database().read_now([&](soci::session& sql) { return model::citizens::get(sql, ticket.subject_person_id); });
    CHECK(about.name == "Zoé Dupont");
    CHECK(about.birth_date == "2006-05-03");
    CHECK(about.email.empty());
}

TEST_CASE("files are joined, refused or taken back at their step, and end on the ticket", "[contact]") {
    test_app app;
    browser person(app);
    post_contact_step(person, "/contact", contact_answers(1));
    person.files = {make_upload(app, "lettre.txt", "text/plain", "Bonjour"), make_upload(app, "script.vbs", "text/plain", "MsgBox 1"),
                    make_upload(app, "faux.pdf", "", "MZ")};
    CHECK(header_of(post_contact_step(person, "/contact/pieces", {{"go", "next"}}), "Location") == "/contact/pieces");
    auto page = person.get("/contact/pieces");
    CHECK(page.data["files"].size() == 1);
    CHECK(page.data["faults"].size() == 2);
    CHECK(app.html().find("script.vbs") != std::string::npos);
    person.files = {make_upload(app, "photo.png", "image/png", "\x89PNG....")};
    post_contact_step(person, "/contact/pieces", {{"go", "attach"}});
    auto taken_back = person.get("/contact/pieces").data["files"][0]["public_id"].get<std::string>();
    post_contact_step(person, "/contact/pieces", {{"remove", taken_back}});
    send_contact_form(app, person);
    auto files = app.database().read_now([&](soci::session& sql) { return model::attachments::of(sql, only_ticket(app).id); });
    REQUIRE(files.size() == 1);
    CHECK(files[0].display_name == "photo.png");
    CHECK(files[0].scan_state == "unscanned");
}

TEST_CASE("ten files are taken and the eleventh is refused", "[contact]") {
    test_app app;
    browser person(app);
    post_contact_step(person, "/contact", contact_answers(1));
    for (int i = 0; i < 11; ++i) person.files.push_back(make_upload(app, std::to_string(i) + ".txt", "text/plain", "x"));
    post_contact_step(person, "/contact/pieces", {});
    auto page = person.get("/contact/pieces");
    CHECK(page.data["files"].size() == 10);
    REQUIRE(page.data["faults"].size() == 1);
    CHECK(page.data["faults"][0]["t:message"] == "fault.files.count");
}

TEST_CASE("a file of 10 MiB is taken and one byte more is not; so for 25 MiB in all", "[contact]") {
    test_app app;
    browser person(app);
    post_contact_step(person, "/contact", contact_answers(1));
    constexpr std::int64_t mib = 1024 * 1024;
    auto join = [&](std::int64_t size_bytes) {
        auto file = make_upload(app, std::to_string(size_bytes) + ".txt", "text/plain", "x");
        file.size_bytes = size_bytes; // as if so many bytes had come
        person.files = {file};
        post_contact_step(person, "/contact/pieces", {{"go", "attach"}});
        auto faults = person.get("/contact/pieces").data["faults"];
        return faults.empty() ? std::string() : faults[0]["t:message"].get<std::string>();
    };
    CHECK(join(10 * mib + 1) == "fault.files.size");
    CHECK(join(10 * mib).empty());
    CHECK(join(10 * mib - 1).empty());
    CHECK(join(5 * mib + 2) == "fault.files.total");
    CHECK(join(5 * mib + 1).empty());
    CHECK(join(1) == "fault.files.total");
    CHECK(person.get("/contact/pieces").data["files"].size() == 3);
}

TEST_CASE("one browser never sees nor sends another's form", "[contact]") {
    test_app app;
    browser one(app), other(app);
    post_contact_step(one, "/contact", contact_answers(1));
    CHECK(other.get("/contact").data["fields"][1]["shown_value"] == "");
    auto page = other.get("/contact");
    auto stolen = contact_answers(2);
    stolen["form_token"] = page.data["form_token"]; // a token made for another browser
    auto refused = one.post("/contact/probleme", stolen);
    CHECK(refused.status == 403);
}

TEST_CASE("a form left for an hour is gone, and its page says so", "[contact]") {
    test_app app;
    browser person(app);
    post_contact_step(person, "/contact", contact_answers(1));
    app.pass(std::chrono::minutes(59));
    CHECK(person.get("/contact/probleme").page == "contact");
    app.pass(std::chrono::minutes(1));
    CHECK(person.get("/contact/probleme").page == "contact_lost");
    auto purged = app.database().write_now([&](soci::session& sql) { return model::contact_drafts::purge(sql, app.now()); });
    CHECK(purged == 1);
    CHECK(count(app, "contact_draft") == 0);
}

TEST_CASE("what people type is never read as a page", "[contact]") {
    test_app app;
    browser person(app);
    auto attack = "<script>alert(1)</script>\"' onmouseover=x {{site.service.name}} {{{x}}}";
    send_contact_form(app, person, {{"subject", attack}, {"body", attack}, {"portal.message", attack}});
    person.get("/suivi");
    CHECK(app.html().find("<script>alert") == std::string::npos);
    CHECK(app.html().find("{{site.service.name}}") != std::string::npos);
    CHECK(app.html().find("\"' onmouseover") == std::string::npos);
}

TEST_CASE("in English every page of the form is English", "[contact]") {
    test_app app;
    browser person(app);
    person.get("/contact?lang=en");
    CHECK(person.cookies["lang"] == "en");
    CHECK(app.html().find("<html lang=\"en\">") != std::string::npos);
    CHECK(app.html().find("Who are you?") != std::string::npos);
}
