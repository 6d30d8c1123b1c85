// SPDX-License-Identifier: EUPL-1.2
#include "model/call_report.hpp"
#include "model/canned_answer.hpp"
#include "model/letter.hpp"
#include "model/message.hpp"
#include "model/outgoing_mail.hpp"
#include "model/reply_recall.hpp"
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::office;
using tests::program;

namespace {

using form = std::map<std::string, std::string, std::less<>>;

// An office where an answer is kept ready.
struct writing_office : office {
    std::int64_t canned = app.database().write_now([&](soci::session& sql) {
        return model::canned_answers::add(sql, {{}, "En cours", "{nom}, dossier {statut du dossier}, n° {référence}."}, {}, app.now());
    });
    void link() { act(agent, "dossier", {{"dossier", add_dossier("0011223344556677")}}); }
    std::string draft_of(tests::browser& by) {
        auto shown = by.get(path()).data;
        return shown.contains("draft") ? shown["draft"]["body"].get<std::string>() : "";
    }
    bool has_due_mail() {
        return app.database().read_now([&](soci::session& sql) { return model::outgoing_mails::has_due(sql, app.now()); });
    }
    // The mails that waited before the test are not its business.
    void drop_mails() {
        app.database().write_now([](soci::session& sql) { model::sql::change(sql, "DELETE FROM outbox"); });
    }
};

} // namespace

TEST_CASE("a canned answer is put behind what was typed, with its variables filled in, and kept as a draft", "[writing]") {
    writing_office office;
    office.link();
    auto done = office.act(office.agent, "draft", {{"body", "Bonjour,"}, {"canned", std::to_string(office.canned)}});
    CHECK(done.status == 303);
    auto draft = office.draft_of(office.agent);
    CHECK(draft.starts_with("Bonjour,\n\n"));
    CHECK(draft.ends_with("n° " + office.reference + "."));
    CHECK(draft.find('{') == std::string::npos);
    CHECK(office.draft_of(office.colleague).empty()); // nobody reads over a shoulder
    office.act(office.agent, "messages", {{"kind", "reply"}, {"body", draft}});
    CHECK(office.draft_of(office.agent).empty());
}

TEST_CASE("a variable without a value does not leave", "[writing]") {
    writing_office office; // no dossier: no status
    auto refused = office.act(office.agent, "messages", {{"kind", "reply"}, {"body", "Dossier : {statut du dossier}"}});
    CHECK(refused.status == 422);
    CHECK(office.app.html().find("statut du dossier") != std::string::npos);
    CHECK(office.count("message WHERE kind = 'reply'") == 0);
    auto done = office.act(office.agent, "messages", {{"kind", "reply"}, {"body", "Numéro {référence}"}});
    CHECK(done.status == 303);
    CHECK(office.count("message WHERE body = 'Numéro " + office.reference + "'") == 1);
}

TEST_CASE("the preview shows the mail whole, the letter or the words to say, and writes nothing", "[writing]") {
    writing_office office;
    auto events = office.count("event WHERE action <> 'ticket.read'");
    auto seen = office.act(office.agent, "preview", {{"body", "Bonjour {nom} & <b>"}});
    CHECK(office.app.html().find("<h1>Aperçu de la réponse</h1>") != std::string::npos);
    CHECK(seen.status == 200);
    CHECK(seen.data["by"] == "mail");
    CHECK(office.app.html().find("&amp; &lt;b&gt;") != std::string::npos);
    office.reference = office.open(2, "", "", "3 rue des Lilas\n33000 Bordeaux");
    auto letter = office.act(office.agent, "preview", {{"body", "Bonjour"}});
    CHECK(letter.data["by"] == "letter");
    CHECK(office.app.html().find("relais-letter") != std::string::npos);
    office.reference = office.open(3, "", "");
    CHECK(office.act(office.agent, "preview", {{"body", "Bonjour"}}).data["by"] == "phone");
    CHECK(office.app.html().find("06 39 98 12 34") != std::string::npos);
    CHECK(office.count("message WHERE kind = 'reply'") == 0);
    CHECK(office.count("event WHERE action <> 'ticket.read' AND action <> 'ticket.opened'") + 1 >= events - 1);
}

TEST_CASE("closing and forwarding words are filled in, and previewed as they will be read", "[writing]") {
    writing_office office;
    form closing = {{"kind", "closure"}, {"text", "Adieu {nom}"}, {"reason", "no_dossier"}};
    auto seen = office.act(office.agent, "preview", closing);
    REQUIRE(seen.status == 200);
    CHECK(seen.data["noun"] == "closure");
    CHECK(seen.data["reason"] == "no_dossier");
    CHECK(seen.data["body"].get<std::string>().find("{nom}") == std::string::npos);
    CHECK(office.app.html().find("/closure\"") != std::string::npos);
    CHECK(office.app.html().find("<h1>Aperçu de la clôture</h1>") != std::string::npos);
    closing["text"] = "";
    CHECK(office.act(office.agent, "preview", closing).status == 422); // nothing would be said
    form forwarding = {{"kind", "forwarding"}, {"text", "Bonjour {nom}"}, {"service", "nobody"}};
    CHECK(office.act(office.agent, "preview", forwarding).status == 422);
    forwarding["service"] = "fines";
    seen = office.act(office.agent, "preview", forwarding);
    CHECK(seen.data["noun"] == "forwarding");
    CHECK(seen.data["service_code"] == "fines");
    CHECK(office.app.html().find("<h1>Aperçu de la transmission</h1>") != std::string::npos);
    CHECK(office.app.html().find("<title>Aperçu de la transmission, " + office.reference) != std::string::npos);
    CHECK(office.app.html().find("Aperçu de la réponse") == std::string::npos);
    CHECK(office.count("message WHERE kind = 'reply'") == 0);
    forwarding["text"] = "{statut du dossier}"; // no dossier: no status
    CHECK(office.act(office.agent, "forwarding", forwarding).status == 422);
    forwarding["text"] = "Bonjour {nom}";
    CHECK(office.act(office.agent, "forwarding", forwarding).status == 303);
    CHECK(office.count("message WHERE kind = 'reply' AND body LIKE 'Bonjour Z%' AND body NOT LIKE '%{%'") == 1);
}

TEST_CASE("an answer that makes somebody file again is stopped while a dossier exists, until the reason is given", "[writing]") {
    writing_office office;
    const std::string text = "Bonjour. Déposez une nouvelle demande sur le portail.";
    office.link();
    auto stopped = office.act(office.agent, "messages", {{"kind", "reply"}, {"body", text}});
    CHECK(stopped.status == 422);
    CHECK(stopped.data["answering"]["asks_why"] == true);
    CHECK(office.app.html().find("Déposez une nouvelle demande sur le portail") != std::string::npos); // quoted, and kept
    CHECK(office.act(office.agent, "closure", {{"text", text}}).data["closing"]["asks_why"] == true);
    auto kept = office.act(office.agent, "forwarding", {{"service", "fines"}, {"text", text}});
    CHECK(kept.status == 422);
    CHECK(kept.data["forwarding"] == nlohmann::json{{"text", text}, {"asks_why", true}}); // in its own form, with the service chosen
    CHECK_FALSE(kept.data.contains("closing"));
    CHECK(office.app.html().find("<option value=\"fines\" selected>") != std::string::npos);
    CHECK(office.act(office.agent, "preview", {{"kind", "closure"}, {"reason", "answered"}, {"text", ""}}).status == 422);
    CHECK(office.act(office.agent, "preview", {{"body", text}}).data["files_again"].is_string());
    CHECK(office.count("message WHERE kind = 'reply'") == 0);
    program api(office.app, office.app.add_token("agent"));
    auto base = "/api/v1/tickets/" + office.reference + "/messages";
    CHECK(api.post(base, {{"kind", "reply"}, {"body", text}}).data["errors"][0]["code"] == "files_again");

    auto passed =
        office.act(office.agent, "messages", {{"kind", "reply"}, {"body", text}, {"new_request_reason", "première demande annulée"}});
    CHECK(passed.status == 303);
    CHECK(office.count("event WHERE action = 'ticket.refiling_told' AND data LIKE '%annul%'") == 1);
    // A note is between colleagues, and without a dossier there is nothing to file again.
    CHECK(office.act(office.agent, "messages", {{"kind", "note"}, {"body", text}}).status == 303);
    office.reference = office.open(2);
    CHECK(office.act(office.agent, "messages", {{"kind", "reply"}, {"body", text}}).status == 303);
}

TEST_CASE("an answer may be taken back for fifteen seconds, and leaves only then", "[writing]") {
    writing_office office;
    office.drop_mails();
    office.act(office.agent, "messages", {{"kind", "reply"}, {"body", "Trop vite"}, {"waits", "1"}});
    CHECK_FALSE(office.has_due_mail());
    auto shown = office.agent.get(office.path()).data;
    REQUIRE(shown.contains("recall"));
    CHECK(shown["recall"]["left_s"] == 15);
    CHECK(shown["status"] == "waiting");
    auto message = std::to_string(shown["recall"]["message"].get<std::int64_t>());
    CHECK_FALSE(office.colleague.get(office.path()).data.contains("recall"));
    CHECK(office.act(office.colleague, "recall", {{"message", message}}).status == 409); // it is not theirs

    office.app.pass(std::chrono::seconds(14));
    CHECK(office.act(office.agent, "recall", {{"message", message}}).status == 303);
    CHECK(office.count("message WHERE kind = 'reply'") == 0);
    CHECK(office.count("outbox") == 0);
    auto after = office.agent.get(office.path()).data;
    CHECK(after["status"] == "new");
    CHECK(after["first_reply_at"].is_null());
    CHECK(after["draft"]["body"] == "Trop vite");
    CHECK(after["draft"]["waits"] == true);
    CHECK(office.act(office.agent, "recall", {{"message", message}}).status == 409); // once
}

TEST_CASE("words that close or forward a ticket are taken back likewise, and it is open as before", "[writing]") {
    writing_office office;
    office.drop_mails();
    using fields = std::map<std::string, std::string, std::less<>>;
    for (const auto& [act, given] :
         std::vector<std::pair<const char*, fields>>{{"closure", {{"reason", "no_dossier"}, {"text", "C’est fini"}}},
                                                     {"forwarding", {{"service", "fines"}, {"text", "C’est fini"}}}}) {
        INFO(act);
        CHECK(office.act(office.agent, act, given).status == 303);
        CHECK_FALSE(office.has_due_mail());
        auto shown = office.agent.get(office.path()).data;
        CHECK(shown["status"] == "closed");
        REQUIRE(shown.contains("recall"));
        auto message = std::to_string(shown["recall"]["message"].get<std::int64_t>());
        CHECK(office.act(office.colleague, "recall", {{"message", message}}).status == 409);
        CHECK(office.act(office.agent, "recall", {{"message", message}}).status == 303);
        auto after = office.agent.get(office.path()).data;
        CHECK(after["status"] == "new");
        CHECK(after["closed_at"].is_null());
        CHECK(after["closure_reason"] == "");
        CHECK(after["forwarded_to"] == "");
        CHECK(after["draft"]["body"] == "C’est fini");
        CHECK(office.count("message WHERE kind = 'reply'") == 0);
        CHECK(office.count("outbox") == 0);
    }
    CHECK(office.count("event WHERE action = 'ticket.reopened'") == 2); // as those who follow the ticket are told
    // Left alone, they leave; a closing without words has nothing to take back.
    office.act(office.agent, "closure", {{"reason", "no_dossier"}, {"text", "C’est fini"}});
    office.app.pass(model::reply_recalls::delay);
    CHECK(office.has_due_mail());
    office.reference = office.open(2);
    office.act(office.agent, "closure", {{"reason", "no_dossier"}});
    CHECK_FALSE(office.agent.get(office.path()).data.contains("recall"));
}

TEST_CASE("a closing is taken back whatever was noted since, and nothing of the draft or of the wait is lost", "[writing]") {
    writing_office office;
    CHECK(office.act(office.agent, "waiting", {{"reason", "external_owner"}, {"detail", "ANTAI"}}).status == 303);
    CHECK(office.act(office.agent, "draft", {{"body", "Bonjour, à suivre"}}).status == 303);
    CHECK(office.act(office.agent, "closure", {{"reason", "no_dossier"}, {"text", "C’est fini"}}).status == 303);
    auto message = std::to_string(office.agent.get(office.path()).data["recall"]["message"].get<std::int64_t>());
    CHECK(office.act(office.colleague, "messages", {{"kind", "note"}, {"body", "Vu"}}).status == 303);
    CHECK(office.act(office.agent, "recall", {{"message", message}}).status == 303);
    auto after = office.agent.get(office.path()).data;
    CHECK(after["status"] == "waiting");
    CHECK(after["waiting_reason"] == "external_owner");
    CHECK(office.count("ticket_wait WHERE ended_at IS NULL AND reason = 'external_owner' AND detail = 'ANTAI'") == 1);
    CHECK(office.count("ticket_wait WHERE ended_at IS NULL") == 1);
    CHECK(after["draft"]["body"] == "Bonjour, à suivre\n\nC’est fini");
    // Forwarded without a word: there is nothing to add to the draft, and it stays.
    CHECK(office.act(office.agent, "forwarding", {{"service", "fines"}}).status == 303);
    message = std::to_string(office.agent.get(office.path()).data["recall"]["message"].get<std::int64_t>());
    CHECK(office.act(office.agent, "recall", {{"message", message}}).status == 303);
    CHECK(office.agent.get(office.path()).data["draft"]["body"] == after["draft"]["body"]);
}

TEST_CASE("a letter that may still be taken back is not printed, nor told by telephone", "[writing]") {
    writing_office office;
    auto listed = [&] {
        return office.app.database().read_now([now = office.app.now()](soci::session& sql) {
            return model::letters::waiting(sql, now).size() + model::letters::to_tell(sql, now).size();
        });
    };
    office.reference = office.open(2, "", "", "3 rue des Lilas\n33000 Bordeaux");
    auto before = listed();
    office.act(office.agent, "closure", {{"reason", "no_dossier"}, {"text", "C’est fini"}});
    CHECK(listed() == before);
    office.app.pass(model::reply_recalls::delay);
    CHECK(listed() == before + 1);
}

TEST_CASE("after fifteen seconds an answer has left", "[writing]") {
    writing_office office;
    office.drop_mails();
    office.act(office.agent, "messages", {{"kind", "reply"}, {"body", "Bonjour"}});
    auto message = std::to_string(office.agent.get(office.path()).data["recall"]["message"].get<std::int64_t>());
    office.app.pass(model::reply_recalls::delay);
    CHECK(office.has_due_mail());
    CHECK_FALSE(office.agent.get(office.path()).data.contains("recall"));
    CHECK(office.act(office.agent, "recall", {{"message", message}}).status == 409);
    CHECK(office.count("message WHERE kind = 'reply'") == 1);
}

TEST_CASE("taking an answer back leaves what a colleague did meanwhile", "[writing]") {
    writing_office office;
    office.act(office.agent, "messages", {{"kind", "reply"}, {"body", "Bonjour"}});
    auto message = std::to_string(office.agent.get(office.path()).data["recall"]["message"].get<std::int64_t>());
    office.act(office.colleague, "closure", {{"reason", "no_dossier"}});
    CHECK(office.act(office.agent, "recall", {{"message", message}}).status == 303);
    CHECK(office.agent.get(office.path()).data["status"] == "closed");
    CHECK(office.count("message WHERE kind = 'reply'") == 0);
}

TEST_CASE("whoever answered meanwhile is the first to have answered when an answer is taken back", "[writing]") {
    writing_office office;
    auto first_reply_at = [&] { return office.agent.get(office.path()).data["first_reply_at"]; };
    auto answer = [&](tests::browser& by) {
        office.act(by, "messages", {{"kind", "reply"}, {"body", "Bonjour"}});
        return std::to_string(by.get(office.path()).data["recall"]["message"].get<std::int64_t>());
    };
    auto first = answer(office.agent);
    office.app.pass(std::chrono::seconds(5));
    auto second = answer(office.colleague);
    auto before = first_reply_at();
    CHECK(office.act(office.agent, "recall", {{"message", first}}).status == 303);
    CHECK_FALSE(first_reply_at().is_null()); // the colleague's answer went, and counts
    CHECK(first_reply_at() > before);
    CHECK(office.act(office.colleague, "recall", {{"message", second}}).status == 303);
    CHECK(first_reply_at().is_null());
}

TEST_CASE("what an incident tells everybody is no first answer when a written one is taken back", "[writing]") {
    writing_office office;
    auto answer = [&](const char* action, form with) {
        office.act(office.agent, action, std::move(with));
        return std::to_string(office.agent.get(office.path()).data["recall"]["message"].get<std::int64_t>());
    };
    auto message = answer("messages", {{"kind", "reply"}, {"body", "Bonjour"}});
    office.app.database().write_now([&](soci::session& sql) {
        model::message told;
        told.ticket_id = model::tickets::get(sql, office.reference).id, told.kind = "reply", told.author_name = "Le centre de contact";
        told.channel = "console", told.body = "Le site est réparé.", told.created_at = office.app.now();
        model::messages::add(sql, told);
    });
    CHECK(office.act(office.agent, "recall", {{"message", message}}).status == 303);
    CHECK(office.count("ticket WHERE first_reply_at IS NOT NULL") == 0);
    auto closing = answer("closure", {{"reason", "no_dossier"}, {"text", "Nous n’avons pas trouvé de dossier."}});
    CHECK(office.count("ticket WHERE first_reply_at IS NOT NULL") == 1);
    CHECK(office.act(office.agent, "recall", {{"message", closing}}).status == 303);
    CHECK(office.count("ticket WHERE first_reply_at IS NOT NULL") == 0);
}

TEST_CASE("an answer by telephone stays the first when a written one is taken back", "[writing]") {
    writing_office office;
    office.act(office.agent, "messages", {{"kind", "reply"}, {"body", "Bonjour"}});
    auto message = std::to_string(office.agent.get(office.path()).data["recall"]["message"].get<std::int64_t>());
    office.app.pass(std::chrono::seconds(3));
    auto told_at = office.app.now();
    office.app.database().write_now([&](soci::session& sql) {
        model::call_report report;
        report.reference = office.reference, report.said = "Il appelle pour savoir.";
        model::call rang;
        rang.started_at_us = model::seconds(told_at) * 1'000'000, rang.state = "ended", rang.outcome = "answered";
        auto call = model::calls::add(sql, rang, {}, told_at);
        model::call_reports::write(sql, call.public_id, report, {"staff", office.paul, "Paul"}, told_at);
    });
    CHECK(office.act(office.agent, "recall", {{"message", message}}).status == 303);
    CHECK(office.count("ticket WHERE first_reply_at = " + std::to_string(model::seconds(told_at))) == 1);
}

TEST_CASE("what a program says leaves at once", "[writing]") {
    writing_office office;
    office.drop_mails();
    program api(office.app, office.app.add_token("agent"));
    CHECK(api.post("/api/v1/tickets/" + office.reference + "/messages", {{"kind", "reply"}, {"body", "Bonjour"}}).status == 200);
    CHECK(office.has_due_mail());
}

TEST_CASE("supervisors write the canned answers, agents read them, and a fault keeps what was typed", "[writing]") {
    writing_office office;
    tests::browser chief{office.app, "192.0.2.12"};
    chief.enter_as(office.app.add_user("marc", "supervisor"));
    chief.get("/console/answers");
    auto refused = chief.post("/console/answers", {{"title", "Titre"}, {"body", "{inconnu}"}});
    CHECK(refused.status == 422);
    CHECK(office.app.html().find("{inconnu}") != std::string::npos);
    CHECK(chief.post("/console/answers", {{"title", "Titre"}, {"body", "Texte"}}).status == 303);
    auto address = "/console/answers/" + std::to_string(office.canned);
    chief.get(address);
    CHECK(chief.post(address, {{"title", "En cours"}, {"body", "Autre texte"}, {"version", "1"}}).status == 303);
    CHECK(chief.post(address, {{"title", "En cours"}, {"body", "Overtaken"}, {"version", "1"}}).status == 409);
    CHECK(office.agent.get(address).data["texts"].size() == 2);
    CHECK(office.agent.post(address, {{"title", "x"}, {"body", "y"}, {"version", "2"}}).status == 403);
    CHECK(office.agent.get("/console/answers/999").status == 404);
    CHECK(chief.post(address + "/retirement", {{"retired", "1"}, {"version", "1"}}).status == 409); // of the text that was there before
    CHECK(chief.post(address + "/retirement", {{"retired", "1"}, {"version", "2"}}).status == 303);
    CHECK(office.agent.get(office.path()).data["canned"].size() == 1);
}
