// SPDX-License-Identifier: EUPL-1.2
#include "server/mail_composer.hpp"

#include "server/mail_message.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>

using namespace relais;
using namespace relais::server;

namespace {

const auto monday_morning = model::at_seconds(1'795'424'340); // Monday 23 November 2026, 09:59 in Paris

struct writing_desk {
    api::settings config;
    api::catalogue texts{"templates/locales"};
    std::unique_ptr<mail_composer> composer;

    writing_desk() {
        config.share_dir = ".";
        config.base_url = "https://relais.example.test";
        composer = std::make_unique<mail_composer>(
            config, texts, mail_composer::identity{},
            [](const std::string& reference, std::int64_t generation) { return "TOKEN-" + reference + "-" + std::to_string(generation); });
    }
    composed_mail compose(const std::string& kind, const std::string& language, const model::mail_facts& facts,
                          const std::string& payload = "{}") const {
        return composer->compose({row(7, kind, language, payload)}, {facts}, monday_morning);
    }
    static model::outgoing_mail row(std::int64_t id, const std::string& kind, const std::string& language,
                                    const std::string& payload = "{}") {
        model::outgoing_mail out;
        out.id = id;
        out.kind = kind;
        out.language = language;
        out.recipient = "zoe@example.test";
        out.payload = payload;
        out.mail_message_id = "0123abcd";
        out.created_at = monday_morning;
        return out;
    }
};

model::mail_facts request_facts() {
    model::mail_facts facts;
    facts.reference = "26-7K3F-9QTX";
    facts.received_at = monday_morning;
    facts.department = "75";
    facts.legal_nature = "request";
    facts.answer_before = "2026-11-30";
    facts.implicit_on = "2027-01-23";
    facts.follow_up_generation = 1;
    return facts;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("a mail to a participant carries their own link and says whose request it is", "[mail_composer][participant]") {
    writing_desk desk;
    auto facts = request_facts();
    facts.participant_code = "p0123456789ab", facts.participant = "Auto-école du Port", facts.role = "proxy";
    facts.requester = "Zoé N’Diaye", facts.follow_up_generation = 3, facts.body = "Envoyez-nous la date.",
    facts.author = "Nadia, conseillère";
    auto message = mails::read(desk.compose("participant_message", "fr", facts).bytes);
    CHECK(has(message.text, "/suivi/TOKEN-p0123456789ab-3"));
    CHECK(has(message.text, "Envoyez-nous la date."));
    CHECK(has(message.text, "de Zoé N’Diaye, que vous suivez en tant que mandataire"));
    auto invitation = mails::read(desk.compose("participant_invitation", "en", facts).bytes);
    CHECK(has(invitation.text, "as proxy, request no. 26-7K3F-9QTX of Zoé N’Diaye"));
    CHECK_FALSE(has(invitation.text, "Envoyez-nous"));
    facts.participant_code.clear();
    auto told = mails::read(desk.compose("participant_added", "fr", facts).bytes);
    CHECK(has(told.text, "/suivi/TOKEN-26-7K3F-9QTX-3")); // the requester's
    CHECK(has(told.text, "Auto-école du Port suit maintenant votre demande"));
}

TEST_CASE("the acknowledgement says all that the law requires", "[mail_composer]") {
    writing_desk desk;
    auto sent = desk.compose("acknowledgement", "fr", request_facts());
    auto read = mails::read(sent.bytes);
    // CRPA R.112-11-1: date of receipt; service with its address, mail, telephone; for a request the implicit decision, its date, the
    // remedies.
    for (const char* part :
         {"lundi 23 novembre 2026 à 9 h 59", "heure de Paris", "26-7K3F-9QTX", "34 00", "assistance@example.test",
          "08000 Charleville-Mézières", "du lundi au vendredi", "au plus tard le lundi 30 novembre 2026", "samedi 23 janvier 2027",
          "rejetée", "recours gracieux", "tribunal administratif", "deux mois", "si votre demande est complète",
          "https://relais.example.test/suivi/TOKEN-26-7K3F-9QTX-1\n", "https://relais.example.test/donnees-personnelles"})
        CHECK(has(read.text, part));
    CHECK_FALSE(has(read.text, "{{"));
    CHECK_FALSE(has(read.text, "\n\n\n"));
    CHECK(has(read.subject, "26-7K3F-9QTX"));
    CHECK(read.auto_submitted == "auto-replied");
    CHECK(read.message_id == "7.0123abcd@example.test");
    CHECK(read.to_name.empty());
    CHECK(sent.sender.empty());
    CHECK(sent.recipient == "zoe@example.test");
}

TEST_CASE("the English acknowledgement says as much", "[mail_composer]") {
    writing_desk desk;
    auto read = mails::read(desk.compose("acknowledgement", "en", request_facts()).bytes);
    for (const char* part :
         {"Monday 23 November 2026", "9:59", "Paris time", "26-7K3F-9QTX", "34 00", "assistance@example.test", "08000 Charleville-Mézières",
          "by Monday 30 November 2026", "Saturday 23 January 2027", "rejected", "reconsider", "administrative court", "two months",
          "if your request is complete", "L. 231-4", "L. 112-11", "R. 421-1", "https://relais.example.test/suivi/TOKEN-26-7K3F-9QTX-1\n",
          "https://relais.example.test/donnees-personnelles"}) {
        INFO(part);
        CHECK(has(read.text, part));
    }
    auto facts = request_facts();
    facts.legal_nature = "information";
    auto question = mails::read(desk.compose("acknowledgement", "en", facts).bytes).text;
    CHECK(has(question, "neither acceptance nor rejection"));
    CHECK_FALSE(has(question, "court"));
}

TEST_CASE("a question has no implicit decision, a complaint has one", "[mail_composer]") {
    writing_desk desk;
    auto facts = request_facts();
    facts.legal_nature = "information";
    auto question = mails::read(desk.compose("acknowledgement", "fr", facts).bytes).text;
    CHECK_FALSE(has(question, "tribunal"));
    CHECK(has(question, "demande de renseignement"));
    CHECK(has(question, "ni acceptation ni rejet"));
    CHECK_FALSE(has(question, "\n\n\n"));
    facts.legal_nature = "complaint";
    auto complaint = mails::read(desk.compose("acknowledgement", "fr", facts).bytes).text;
    CHECK(has(complaint, "réclamation"));
    CHECK(has(complaint, "tribunal administratif"));
}

TEST_CASE("a person overseas reads the hour of Paris and that of the place", "[mail_composer]") {
    writing_desk desk;
    auto facts = request_facts();
    facts.department = "972";
    auto text = mails::read(desk.compose("acknowledgement", "fr", facts).bytes).text;
    CHECK(has(text, "9 h 59 (heure de Paris), soit le lundi 23 novembre 2026 à 4 h 59 en heure locale"));
    facts.department = "nowhere";
    CHECK_FALSE(has(mails::read(desk.compose("acknowledgement", "fr", facts).bytes).text, "heure locale"));
}

TEST_CASE("every mail exists in both languages and in no third", "[mail_composer]") {
    writing_desk desk;
    for (const char* kind : {"acknowledgement", "reply", "code", "closure", "forwarding"}) {
        auto facts = request_facts();
        facts.body = "Voici la réponse.", facts.forwarded_to = "Préfecture du Doubs";
        auto french = mails::read(desk.compose(kind, "fr", facts, R"({"code":"123456"})").bytes);
        auto english = mails::read(desk.compose(kind, "en", facts, R"({"code":"123456"})").bytes);
        CHECK(french.text != english.text);
        CHECK(french.subject != english.subject);
        CHECK_FALSE(has(french.subject, "mail."));
        CHECK_FALSE(has(english.text, "{{"));
        CHECK_FALSE(has(french.text, "\n\n\n"));
        CHECK(mails::read(desk.compose(kind, "de", facts, R"({"code":"123456"})").bytes).text == french.text);
    }
    CHECK_THROWS_AS(desk.compose("unknown", "fr", request_facts()), std::runtime_error);
}

TEST_CASE("an answer carries the agent's words as they are, and never reads them as a template", "[mail_composer]") {
    writing_desk desk;
    auto facts = request_facts();
    facts.body = "L'état est « en cours » <b>&amp;</b>\n{{code}} {{{link}}} {{>/etc/passwd}}\n.\n";
    facts.author = "Camille Martin, conseillère";
    facts.first_mail = "3.ffff";
    auto sent = desk.compose("reply", "fr", facts, R"({"code":"987654"})");
    auto read = mails::read(sent.bytes);
    CHECK(has(read.text, facts.body));
    CHECK_FALSE(has(read.text, "987654"));
    CHECK(has(read.text, "Camille Martin, conseillère\n"));
    CHECK(has(read.text, "/suivi/TOKEN"));
    CHECK(read.auto_submitted.empty());
    CHECK(read.in_reply_to == "3.ffff@example.test");
    CHECK(sent.sender == "assistance@example.test");
}

TEST_CASE("what is kept of a mail opens nothing", "[mail_composer]") {
    writing_desk desk;
    auto sent = desk.compose("acknowledgement", "fr", request_facts());
    CHECK(has(mails::read(sent.bytes).text, "TOKEN"));
    CHECK_FALSE(has(mails::read(sent.copy).text, "TOKEN"));
    CHECK(has(mails::read(sent.copy).text, "/suivi/***"));
    CHECK(mails::read(sent.copy).subject == mails::read(sent.bytes).subject);
    auto code = desk.compose("code", "fr", {}, R"({"code":"123456"})");
    CHECK(has(mails::read(code.bytes).text, "123456"));
    CHECK_FALSE(has(code.bytes.substr(0, code.bytes.find("\r\n\r\n")), "123456"));
    CHECK_FALSE(has(code.copy, "123456"));
}

TEST_CASE("acknowledgements that waited for one mailbox leave in one mail", "[mail_composer]") {
    writing_desk desk;
    auto second = request_facts();
    second.reference = "26-AAAA-BBBB";
    auto sent = desk.composer->compose({writing_desk::row(7, "acknowledgement", "fr"), writing_desk::row(9, "acknowledgement", "fr")},
                                       {request_facts(), second}, monday_morning);
    auto read = mails::read(sent.bytes);
    CHECK(has(read.text, "TOKEN-26-7K3F-9QTX-1"));
    CHECK(has(read.text, "TOKEN-26-AAAA-BBBB-1"));
    CHECK(has(read.subject, "2"));
    CHECK(read.message_id == "7.0123abcd@example.test");
}

TEST_CASE("a recipient that is no address is refused", "[mail_composer]") {
    writing_desk desk;
    auto row = writing_desk::row(1, "acknowledgement", "fr");
    row.recipient = "zoe@example.test\r\nBcc: x@example.test";
    CHECK_THROWS_AS(desk.composer->compose({row}, {request_facts()}, monday_morning), std::invalid_argument);
    desk.config.service.email = "not an address";
    CHECK_THROWS_AS((mail_composer{desk.config, desk.texts, {}, {}}), std::runtime_error);
}
