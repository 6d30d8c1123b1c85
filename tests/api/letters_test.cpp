// SPDX-License-Identifier: EUPL-1.2
#include "api/secrets.hpp"
#include "model/reply_recall.hpp"
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::browser;
using tests::office;

namespace {

// Somebody without a mail address, who lives somewhere: the acknowledgement and the answer go by letter.
struct post_office : office {
    post_office() { reference = open(2, "", "", "3 rue de l’Église\n97400 Saint-Denis"); }
    nlohmann::json waiting() { return agent.get("/console/courriers").data["items"]; }
    std::string ids() {
        std::string out;
        for (const auto& each : waiting()) out += (out.empty() ? "" : "\n") + std::to_string(each["id"].get<std::int64_t>());
        return out;
    }
};

std::string body_of(const api::reply& reply) { return reply.text; }

} // namespace

TEST_CASE("letters wait, are printed together, one a page, and printing changes nothing", "[letter]") {
    post_office office;
    office.act(office.agent, "messages", {{"kind", "reply"}, {"body", "Bonjour,\nvotre titre est <prêt>."}});
    CHECK(office.waiting().size() == 1); // the answer may still be taken back
    office.app.pass(model::reply_recalls::delay);
    REQUIRE(office.waiting().size() == 2);
    CHECK(office.waiting()[0]["kind"] == "acknowledgement");
    auto printed = office.agent.post("/console/courriers/impression", {{"ids[]", office.ids()}});
    CHECK(printed.content_type == "text/html; charset=utf-8");
    CHECK(body_of(printed).find("97400 Saint-Denis") != std::string::npos);
    CHECK(body_of(printed).find("votre titre est &lt;prêt&gt;.") != std::string::npos);
    CHECK(body_of(printed).find(office.reference) != std::string::npos);
    CHECK(office.waiting().size() == 2);
    CHECK(office.agent.post("/console/courriers/impression", {{"ids[]", "999"}}).status == 303); // nothing chosen
}

TEST_CASE("the acknowledgement on paper says all that the law requires", "[letter]") {
    // CRPA R.112-11-1: date of receipt; service with its address, mail, telephone; for a request the implicit decision, its date, the
    // remedies.
    post_office office;
    auto printed = body_of(office.agent.post("/console/courriers/impression", {{"ids[]", office.ids()}}));
    for (const char* part :
         {"mercredi 25 novembre 2026", "heure de Paris", "08000 Charleville-Mézières", "assistance@example.test", "34 00",
          "au plus tard le lundi 30 novembre 2026", "samedi 23 janvier 2027", "rejetée", "si votre demande est complète", "deux mois",
          "recours gracieux", "tribunal administratif", "L. 231-4", "L. 112-11", "/donnees-personnelles"}) {
        INFO(part);
        CHECK(printed.find(part) != std::string::npos);
    }
    CHECK(printed.find(office.reference) != std::string::npos);
    office.app.database().write_now([](soci::session& sql) {
        model::sql::change(sql, "UPDATE ticket SET legal_nature = 'information', implicit_on = '' WHERE id > 1");
    });
    auto question = body_of(office.agent.post("/console/courriers/impression", {{"ids[]", office.ids()}}));
    CHECK(question.find("ni acceptation ni rejet") != std::string::npos);
    CHECK(question.find("tribunal") == std::string::npos);
}

TEST_CASE("letters that left carry their day, and what was printed is kept as it was", "[letter]") {
    post_office office;
    auto ids = office.ids();
    auto sent = office.agent.post("/console/courriers/envoi", {{"ids[]", ids}, {"sent_on", "2026-11-24"}});
    CHECK(tests::header_of(sent, "Location") == "/console/courriers?sent=1");
    CHECK(office.waiting().empty());
    CHECK(office.agent.get("/console/courriers?sent=1").data["batches"][0]["count"] == 1);
    auto kept = office.app.database().read_now([](soci::session& sql) {
        return *model::sql::first<std::tuple<std::string, std::string>>(
            sql, "SELECT sent_copy, sent_hash FROM outbox WHERE medium = 'letter' AND state = 'sent'");
    });
    CHECK(std::get<0>(kept).find("24 novembre 2026") != std::string::npos);
    CHECK(std::get<1>(kept) == api::sha256_hex(std::get<0>(kept)));
    CHECK(office.count("event WHERE action = 'ticket.letter_sent'") == 1);
    // A colleague's page was still open: sent twice is sent once.
    auto again = office.colleague.post("/console/courriers/envoi", {{"ids[]", ids}, {"sent_on", "2026-11-25"}});
    CHECK(tests::header_of(again, "Location") == "/console/courriers?sent=0");
    CHECK(office.count("event WHERE action = 'ticket.letter_sent'") == 1);
}

TEST_CASE("a letter leaves today or in the last month, never tomorrow", "[letter]") {
    post_office office;
    auto ids = office.ids();
    for (auto day : {"", "hier", "2026-11-27", "2026-10-20", "2026-11-24T10:00:00Z", "2026-02-30"}) {
        INFO(day);
        auto refused = office.agent.post("/console/courriers/envoi", {{"ids[]", ids}, {"sent_on", day}});
        CHECK(refused.status == 422);
        CHECK(refused.data["errors"][0]["field"] == "sent_on");
    }
    CHECK(office.waiting().size() == 1);
    CHECK(office.agent.post("/console/courriers/envoi", {{"ids[]", ids}, {"sent_on", "2026-11-25"}}).status == 303);
}

TEST_CASE("people who left only a telephone number wait apart, and hide nobody's letter", "[letter]") {
    office office;
    for (int i = 2; i <= 102; ++i) office.open(i, "", "");
    auto with_address = office.open(103, "", "", "3 rue des Lilas\n33000 Bordeaux");
    auto shown = office.agent.get("/console/courriers").data;
    REQUIRE(shown["items"].size() == 1);
    CHECK(shown["items"][0]["reference"] == with_address);
    CHECK(shown["to_tell"].size() == 100);
    auto id = std::to_string(shown["to_tell"][0]["id"].get<std::int64_t>());
    CHECK(shown["to_tell"][0]["phone"] == "06 39 98 12 34");
    // Nothing to print, nothing to post.
    CHECK(office.agent.post("/console/courriers/impression", {{"ids[]", id}}).status == 303);
    office.agent.post("/console/courriers/envoi", {{"ids[]", id}, {"sent_on", "2026-11-25"}});
    CHECK(office.count("outbox WHERE medium = 'phone' AND state = 'waiting'") == 101);
}

TEST_CASE("what was told by telephone carries its day and its teller, once, and the call asked for is dropped", "[letter]") {
    office office;
    office.reference = office.open(2, "", "");
    CHECK(office.count("callback WHERE origin = 'contact' AND state = 'scheduled'") == 1);
    auto id = std::to_string(office.agent.get("/console/courriers").data["to_tell"][0]["id"].get<std::int64_t>());
    for (auto day : {"", "2026-11-27"}) {
        auto refused = office.agent.post("/console/courriers/telephone", {{"ids[]", id}, {"told_on", day}});
        CHECK(refused.status == 422);
        CHECK(refused.data["errors"][0]["field"] == "told_on");
    }
    auto told = office.agent.post("/console/courriers/telephone", {{"ids[]", id}, {"told_on", "2026-11-24"}});
    CHECK(tests::header_of(told, "Location") == "/console/courriers?told=1");
    CHECK(tests::header_of(office.colleague.post("/console/courriers/telephone", {{"ids[]", id}, {"told_on", "2026-11-25"}}), "Location") ==
          "/console/courriers?told=0");
    CHECK(office.agent.get("/console/courriers?told=1").data["to_tell"].empty());
    CHECK(office.count("event WHERE action = 'ticket.told_by_phone' AND actor_name = 'Nom de anne'") == 1);
    CHECK(office.count("callback WHERE state = 'cancelled' AND end_reason = 'told'") == 1);
    auto sent = office.agent.get(office.path()).data["sent"];
    REQUIRE(sent.size() == 1);
    CHECK(sent[0]["sent_at"] == "2026-11-24T12:00:00Z");
    CHECK(office.app.html().find("par téléphone") != std::string::npos);
}

TEST_CASE("the page of the request says how the answer will leave: by mail, by letter or by telephone", "[letter]") {
    post_office office;
    auto hint = [&](const char* key) {
        office.agent.get(office.path());
        return office.app.html().find(office.app->templates.texts().get("fr", key)) != std::string::npos;
    };
    CHECK(hint("ticket.by_letter"));
    office.reference = office.open(3, "", "");
    CHECK(hint("ticket.by_phone"));
    CHECK_FALSE(hint("ticket.by_letter"));
}
