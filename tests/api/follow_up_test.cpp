// SPDX-License-Identifier: EUPL-1.2
#include "api/follow_up_token.hpp"
#include "model/attachment.hpp"
#include "model/message.hpp"
#include "model/reply_recall.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "model/ticket_actions.hpp"
#include "tests/support/contact_walk.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::tests;

namespace {

// A person who has just written, with the page of their request.
struct writer {
    explicit writer(const form& changes = {}) : person(app) {
        send_contact_form(app, person, changes);
        page = person.get("/suivi");
    }
    api::reply post(const std::string& path, form answers, const std::string& id) {
        answers["form_token"] = page.data["form_token"];
        answers["form_id"] = id;
        return person.post(path, answers);
    }
    model::ticket ticket() {
        return app.database().read_now([](soci::session& sql) {
            return model::tickets::get(sql, *model::sql::first<std::int64_t>(sql, "SELECT MAX(id) FROM ticket"));
        });
    }
    std::string link() { return page.data["link"].get<std::string>().substr(std::string("http://127.0.0.1:8080").size()); }
    std::string last_code() {
        return app.database().read_now([](soci::session& sql) {
            auto payload = model::sql::first<std::string>(sql, "SELECT payload FROM outbox WHERE kind = 'code' ORDER BY id DESC LIMIT 1");
            return nlohmann::json::parse(*payload)["code"].get<std::string>();
        });
    }
    void act(const std::string& what) {
        model::actor agent{"staff", std::nullopt, "Nadia", "conseillère"};
        auto reference = ticket().reference;
        app.database().write_now([&](soci::session& sql) {
            model::tickets::action by{reference, 0, agent, app.now()};
            if (what == "reply") model::tickets::reply(sql, by, "Bonjour, votre photo est acceptée.");
            if (what == "note") model::tickets::note(sql, by, "Entre nous : dossier pénible.");
        });
    }
    test_app app;
    browser person;
    api::reply page;
};

} // namespace

TEST_CASE("the private link leaves the address bar and opens the request", "[follow_up]") {
    writer one;
    browser elsewhere(one.app, "198.51.100.9");
    auto opened = elsewhere.get(one.link());
    CHECK(opened.status == 303);
    CHECK(header_of(opened, "Location") == "/suivi");
    CHECK(elsewhere.get("/suivi").data["reference"] == one.ticket().reference);
    CHECK(elsewhere.get("/suivi").data["thread"][0]["body"] == "Ma photo est refusée depuis lundi.");
}

TEST_CASE("the page shows all that was sent, and nothing that was left empty", "[follow_up]") {
    writer one({{"subject_person.relation", "parent"},
                {"subject_person.birth_name", "Dupont-Weiß"},
                {"subject_person.first_names", "Zoé"},
                {"subject_person.birth_date", "00/05/2006"},
                {"requester.phone", "06 39 98 12 34"},
                {"requester.postal_address", "3 rue des Lilas\n33000 Bordeaux"},
                {"neph", "150833200011"}});
    auto html = one.app.html();
    for (const char* part :
         {"Camille Dupont", "Dupont-Weiß", "Zoé", "00/05/2006", "06 39 98 12 34", "3 rue des Lilas", "camille@example.test", "150833200011",
          "Erreur E-1042", "33 - Gironde", "Photo refusée", "Ma photo est refusée depuis lundi."}) {
        INFO(part);
        CHECK(html.find(part) != std::string::npos);
    }
    for (auto key : {"contact.choice.parent", "procedure.RENEWAL", "contact.choice.request", "contact.field.neph.label"})
        CHECK(html.find(one.app->templates.texts().get("fr", key)) != std::string::npos);
    CHECK(html.find(one.app->templates.texts().get("fr", "contact.field.dossier_number.label")) == std::string::npos);

    program anybody(one.app, "");
    auto opened = anybody.post("/api/v1/tickets", {{"requester", {{"name", "Camille Dupont"}, {"email", "camille@example.test"}}},
                                                   {"procedure", "RENEWAL"},
                                                   {"department", "33"},
                                                   {"subject", "Photo refusée"},
                                                   {"body", "Ma photo est refusée."},
                                                   {"portal", {{"step", "Envoi de la photo"}, {"error_code", "E-4471"}}}});
    auto link = opened.data["follow_up_url"].get<std::string>();
    one.person.get(link.substr(link.find("/suivi/")));
    one.person.get("/suivi");
    CHECK(one.app.html().find("Envoi de la photo") != std::string::npos);
    CHECK(one.app.html().find("E-4471") != std::string::npos);
}

TEST_CASE("an altered link opens nothing, and says how to get it again", "[follow_up]") {
    writer one;
    browser stranger(one.app, "198.51.100.9");
    auto link = one.link();
    link.back() = link.back() == 'A' ? 'B' : 'A';
    CHECK(header_of(stranger.get(link), "Location") == "/suivi?lien=perdu");
    CHECK(stranger.get("/suivi").page == "follow_up_entry");
    CHECK(stranger.post("/suivi/resolu", {{"form_token", one.page.data["form_token"]}}).status == 403);
}

TEST_CASE("an agent's answer is shown with name and quality, a note never", "[follow_up]") {
    writer one;
    one.act("note");
    one.act("reply");
    auto page = one.person.get("/suivi");
    REQUIRE(page.data["thread"].size() == 2);
    CHECK(page.data["thread"][1]["body"] == "Bonjour, votre photo est acceptée.");
    CHECK(page.data["thread"][1]["author"].get<std::string>().find("Nadia") != std::string::npos);
    CHECK(page.data["thread"][1]["author"].get<std::string>().find("conseillère") != std::string::npos);
    CHECK(one.app.html().find("Entre nous") == std::string::npos);
}

TEST_CASE("words that may still be taken back have neither answered nor closed the request", "[follow_up]") {
    writer one;
    browser agent(one.app, "192.0.2.21");
    agent.enter_as(one.app.add_user("nadia", "agent"));
    auto path = "/console/tickets/" + one.ticket().reference;
    auto act = [&](const std::string& what, form given) {
        given["version"] = std::to_string(agent.get(path).data["version"].get<std::int64_t>());
        CHECK(agent.post(path + what, given).status == 303);
    };
    auto status = [&] { return one.person.get("/suivi").data["status"].get<std::string>(); };
    auto waits = [&] { return one.person.get("/suivi").data["waits_for_answer"].get<bool>(); };
    auto before = status();
    act("/messages", {{"kind", "reply"}, {"body", "Quel est votre numéro ?"}, {"waits", "1"}});
    CHECK(one.ticket().status == "waiting");
    CHECK((status() == before && waits()));
    one.app.pass(model::reply_recalls::delay);
    CHECK((status() == "waiting" && !waits()));
    act("/closure", {{"reason", "no_dossier"}, {"text", "C’est fini"}});
    CHECK(one.ticket().status == "closed");
    CHECK(status() == "waiting");
    one.app.pass(model::reply_recalls::delay);
    CHECK(status() == "closed");
}

TEST_CASE("a problem is solved when its citizen says so, also while a closing may be taken back", "[follow_up]") {
    writer one;
    browser agent(one.app, "192.0.2.21");
    agent.enter_as(one.app.add_user("nadia", "agent"));
    auto path = "/console/tickets/" + one.ticket().reference;
    auto version = std::to_string(agent.get(path).data["version"].get<std::int64_t>());
    CHECK(agent.post(path + "/closure", {{"reason", "no_dossier"}, {"text", "C’est fini"}, {"version", version}}).status == 303);
    auto shown = agent.get(path).data;
    CHECK(one.post("/suivi/resolu", {}, "s1").status == 303);
    CHECK(one.ticket().closure_reason == "solved_by_citizen");
    form recall = {{"message", std::to_string(shown["recall"]["message"].get<std::int64_t>())}};
    CHECK(agent.post(path + "/recall", recall).status == 303);
    CHECK(one.ticket().status == "closed");
    CHECK(one.ticket().closure_reason == "solved_by_citizen");
}

TEST_CASE("the citizen writes back once, even if the page is sent twice", "[follow_up]") {
    writer one;
    one.person.files = {make_upload(one.app, "lettre.txt", "text/plain", "Bonjour")};
    CHECK(header_of(one.post("/suivi/messages", {{"body", "Une précision."}}, "m1"), "Location") == "/suivi?fait=message#fil");
    CHECK(header_of(one.post("/suivi/messages", {{"body", "Une précision."}}, "m1"), "Location") == "/suivi?fait=message#fil");
    auto thread = one.person.get("/suivi").data["thread"];
    REQUIRE(thread.size() == 2);
    CHECK(thread[1]["body"] == "Une précision.");
    CHECK(thread[1]["files"][0]["name"] == "lettre.txt");
}

TEST_CASE("an empty message is refused, and so is a file that is not what it says", "[follow_up]") {
    writer one;
    CHECK(header_of(one.post("/suivi/messages", {{"body", "  \n"}}, "m1"), "Location") == "/suivi?erreur=vide#ecrire");
    one.person.files = {make_upload(one.app, "photo.png", "", "MZ")};
    CHECK(header_of(one.post("/suivi/messages", {{"body", "Voici"}}, "m2"), "Location") == "/suivi?erreur=fichier#ecrire");
    CHECK(one.person.get("/suivi").data["thread"].size() == 1);
    one.person.files = {make_upload(one.app, "lettre.txt", "text/plain", "Bonjour")};
    CHECK(header_of(one.post("/suivi/pieces", {{"body", ""}}, "m3"), "Location") == "/suivi?fait=message#fil");
}

TEST_CASE("a request takes ten files and 25 MiB in all, whichever messages bring them", "[follow_up]") {
    writer one;
    auto send = [&](int count, std::int64_t size_bytes, const std::string& id) {
        for (int i = 0; i < count; ++i) {
            one.person.files.push_back(make_upload(one.app, std::to_string(i) + ".txt", "text/plain", "x"));
            one.person.files.back().size_bytes = size_bytes;
        }
        return header_of(one.post("/suivi/messages", {{"body", "Voici"}}, id), "Location");
    };
    constexpr std::int64_t mib = 1024 * 1024;
    SECTION("by count") {
        CHECK(send(6, 1, "m1") == "/suivi?fait=message#fil");
        CHECK(send(5, 1, "m2") == "/suivi?erreur=trop#ecrire");
        CHECK(one.person.get("/suivi").data["thread"].size() == 2); // the message did not leave without its files
        CHECK(send(4, 1, "m3") == "/suivi?fait=message#fil");
        CHECK(send(1, 1, "m4") == "/suivi?erreur=trop#ecrire");
    }
    SECTION("by size") {
        CHECK(send(2, 10 * mib, "m1") == "/suivi?fait=message#fil");
        CHECK(send(1, 5 * mib + 1, "m2") == "/suivi?erreur=trop#ecrire");
        CHECK(send(1, 5 * mib, "m3") == "/suivi?fait=message#fil");
    }
    SECTION("and a file that would do nowhere is told apart") {
        CHECK(send(1, 10 * mib + 1, "m1") == "/suivi?erreur=fichier#ecrire");
        one.person.get("/suivi?erreur=trop");
        CHECK(one.app.html().find("dix fichiers") != std::string::npos);
    }
}

TEST_CASE("a problem said solved closes the request, and writing reopens it", "[follow_up]") {
    writer one;
    one.post("/suivi/resolu", {}, "r1");
    CHECK(one.ticket().status == "closed");
    CHECK(one.ticket().closure_reason == "solved_by_citizen");
    one.post("/suivi/messages", {{"body", "Finalement non."}}, "m1");
    CHECK(one.ticket().status != "closed");
}

TEST_CASE("satisfaction is a mark from 0 to 10 and a word", "[follow_up]") {
    writer one;
    CHECK(header_of(one.post("/suivi/satisfaction", {{"score", "11"}}, "s1"), "Location") == "/suivi?erreur=note#avis");
    CHECK(header_of(one.post("/suivi/satisfaction", {{"score", ""}}, "s2"), "Location") == "/suivi?erreur=note#avis");
    one.post("/suivi/satisfaction", {{"score", "0"}, {"word", "Trop long"}}, "s3");
    CHECK(one.ticket().satisfaction == 0);
    one.post("/suivi/satisfaction", {{"score", "10"}, {"word", ""}}, "s4");
    CHECK(one.ticket().satisfaction == 10);
}

TEST_CASE("a file already sent asks for a code mailed to the address", "[follow_up]") {
    writer one;
    one.person.files = {make_upload(one.app, "lettre.txt", "text/plain", "Bonjour")};
    one.post("/suivi/messages", {{"body", "Voici"}}, "m1");
    auto file = one.person.get("/suivi").data["thread"][1]["files"][0]["public_id"].get<std::string>();
    auto refused = one.person.get("/suivi/pieces/" + file);
    CHECK(header_of(refused, "Location") == "/suivi/code?piece=" + file);
    one.post("/suivi/code/envoi", {{"file", file}}, "c1");
    auto wrong = one.last_code() == "123456" ? "654321" : "123456";
    CHECK(header_of(one.post("/suivi/code", {{"code", wrong}, {"file", file}}, "c2"), "Location").ends_with("erreur=1"));
    CHECK(header_of(one.post("/suivi/code", {{"code", one.last_code()}, {"file", file}}, "c3"), "Location") == "/suivi#fil");
    auto given = one.person.get("/suivi/pieces/" + file);
    CHECK(given.status == 200);
    CHECK(header_of(given, "Content-Disposition").starts_with("attachment"));
    std::string bytes;
    while (auto piece = given.stream()) bytes += *piece;
    CHECK(bytes == "Bonjour");
}

TEST_CASE("a code dies after five tries, after ten minutes, and once used", "[follow_up]") {
    writer one;
    one.post("/suivi/code/envoi", {{"file", "x"}}, "c1");
    auto code = one.last_code();
    auto wrong = code == "123456" ? "654321" : "123456";
    auto is_right = [&](const std::string& typed) {
        return header_of(one.post("/suivi/code", {{"code", typed}, {"file", "x"}}, "c"), "Location") == "/suivi#fil";
    };
    SECTION("four wrong tries leave one") {
        for (int i = 0; i < 4; ++i) CHECK_FALSE(is_right(wrong));
        CHECK(is_right(code));
        CHECK_FALSE(is_right(code));
    }
    SECTION("five wrong tries leave none") {
        for (int i = 0; i < 5; ++i) CHECK_FALSE(is_right(wrong));
        CHECK_FALSE(is_right(code));
    }
    SECTION("it lives ten minutes") {
        one.app.pass(std::chrono::seconds(599));
        CHECK(is_right(code));
    }
    SECTION("and no more") {
        one.app.pass(std::chrono::seconds(600));
        CHECK_FALSE(is_right(code));
    }
}

TEST_CASE("a fourth code in ten minutes has to wait", "[follow_up]") {
    writer one;
    for (int i = 0; i < 3; ++i) CHECK(one.post("/suivi/code/envoi", {{"file", "x"}}, "c").status == 303);
    CHECK(one.post("/suivi/code/envoi", {{"file", "x"}}, "c").status == 503);
}

TEST_CASE("without a mail address the link alone opens one's files", "[follow_up]") {
    writer one({{"requester.email", ""}, {"requester.phone", "06 39 98 12 34"}});
    one.person.files = {make_upload(one.app, "lettre.txt", "text/plain", "Bonjour")};
    one.post("/suivi/messages", {{"body", "Voici"}}, "m1");
    auto file = one.person.get("/suivi").data["thread"][1]["files"][0]["public_id"].get<std::string>();
    CHECK(one.person.get("/suivi/pieces/" + file).status == 200);
}

TEST_CASE("another's file is not there", "[follow_up]") {
    writer one({{"requester.email", ""}, {"requester.phone", "06 39 98 12 34"}});
    one.person.files = {make_upload(one.app, "lettre.txt", "text/plain", "Bonjour")};
    one.post("/suivi/messages", {{"body", "Voici"}}, "m1");
    auto file = one.person.get("/suivi").data["thread"][1]["files"][0]["public_id"].get<std::string>();
    browser other(one.app, "198.51.100.4");
    send_contact_form(one.app, other, {{"requester.email", ""}, {"requester.phone", "06 39 98 12 34"}});
    CHECK(other.get("/suivi/pieces/" + file).status == 404);
}

TEST_CASE("a file held or refused by the scanner is not given", "[follow_up]") {
    writer one({{"requester.email", ""}, {"requester.phone", "06 39 98 12 34"}});
    one.app.settings().attachments_scanned = true;
    one.person.files = {make_upload(one.app, "lettre.txt", "text/plain", "Bonjour")};
    one.post("/suivi/messages", {{"body", "Voici"}}, "m1");
    auto file = one.person.get("/suivi").data["thread"][1]["files"][0]["public_id"].get<std::string>();
    CHECK(one.person.get("/suivi/pieces/" + file).status == 409);
    auto is_linked = [&](const std::string& state) {
        one.app.database().write_now(
            [&](soci::session& sql) { model::sql::change(sql, "UPDATE attachment SET scan_state = :state", state); });
        one.person.get("/suivi");
        return one.app.html().find("href=\"/suivi/pieces/" + file) != std::string::npos;
    };
    CHECK_FALSE(is_linked("pending"));
    CHECK_FALSE(is_linked("infected"));
    CHECK(is_linked("clean"));
    CHECK(is_linked("unscanned"));
}

TEST_CASE("a lost link goes again to the address of the request, and tells nobody whether it exists", "[follow_up]") {
    writer one;
    auto mails = [&] {
        return one.app.database().read_now(
            [](soci::session& sql) { return *model::sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM outbox"); });
    };
    browser stranger(one.app, "198.51.100.9");
    auto reference = one.ticket().reference;
    CHECK(header_of(stranger.post("/suivi/lien", {{"reference", reference}, {"email", "autre@example.test"}}), "Location") ==
          "/suivi?envoi=1");
    CHECK(header_of(stranger.post("/suivi/lien", {{"reference", "n'importe quoi"}, {"email", ""}}), "Location") == "/suivi?envoi=1");
    CHECK(mails() == 1);
    CHECK(header_of(stranger.post("/suivi/lien", {{"reference", reference}, {"email", "CAMILLE@example.test"}}), "Location") ==
          "/suivi?envoi=1");
    CHECK(mails() == 2);
    stranger.post("/suivi/lien", {{"reference", reference}, {"email", "camille@example.test"}});
    CHECK(mails() == 2); // once in ten minutes
}

TEST_CASE("the link closes ninety days after the request", "[follow_up]") {
    writer one;
    one.post("/suivi/resolu", {}, "r1");
    browser later(one.app, "198.51.100.9");
    one.app.pass(std::chrono::hours(24 * 90));
    CHECK(header_of(later.get(one.link()), "Location") == "/suivi");
    one.app.pass(std::chrono::seconds(1));
    CHECK(header_of(later.get(one.link()), "Location") == "/suivi?lien=perdu");
}
