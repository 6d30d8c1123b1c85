// SPDX-License-Identifier: EUPL-1.2
#include "api/reply_address.hpp"
#include "model/inbound_receipt.hpp"
#include "model/participant.hpp"
#include "model/sql.hpp"
#include "model/ticket_actions.hpp"
#include "server/inbound_service.hpp"
#include "server/inbound_text.hpp"
#include "server/lmtp_server.hpp"
#include "tests/support/process.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace relais;
using namespace relais::server;
using tests::monday;

namespace {

// A ticket, the address its mails are answered to, and the listener in front.
struct letter_box {
    tests::temporary_database database;
    api::settings config;
    api::secrets keys{std::string(32, 'k')};
    model::attachment_store store{database.folder().path("attachments")};
    model::sys_seconds now = monday;
    std::string base = "reponses@centre.example";
    inbound_service service{config, keys, *database, store, {base, "centre.example"}, [this] { return now; }};
    std::string reference = open();
    std::string address = api::reply_addresses::make(keys, base, reference, 1);

    std::string open() {
        auto contact = tests::sample_contact();
        contact.name = [] { return model::ticket_name{"26-7K3F-9QTX", "hash"}; };
        return database->write_now(
            [&](soci::session& sql) { return model::tickets::open(sql, contact, tests::citizen_actor(), monday).reference; });
    }
    std::string take(const std::string& headers, const std::string& body, const std::string& sender = "zoe1@example.test") {
        return service.take({sender, address, headers + "\r\n" + body});
    }
    std::int64_t count(const std::string& what) {
        return database->read_now(
            [&](soci::session& sql) { return *model::sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + what); });
    }
    std::string one(const std::string& query) {
        return database->read_now([&](soci::session& sql) { return model::sql::first<std::string>(sql, query).value_or("nothing"); });
    }
};

const std::string usual =
    "From: =?utf-8?q?Zo=C3=A9?= <zoe1@example.test>\r\nTo: x@y.test\r\nSubject: Re\r\nMessage-ID: <a1@example.test>\r\n"
    "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n";

const std::string bounce =
    "From: MAILER-DAEMON@mx.example\r\nMessage-ID: <d1@mx.example>\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-replied\r\n"
    "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\n"
    "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; zoe1@example.test\r\n"
    "Action: ACTION\r\nStatus: 5.1.1\r\n--b--\r\n";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    return text.replace(text.find(what), what.size(), by);
}

} // namespace

TEST_CASE("the address of a ticket is read back to the letter, and no other is", "[inbound]") {
    api::secrets keys{std::string(32, 'k')}, others{std::string(32, 'o')};
    const std::string base = "reponses@centre.example";
    auto address = api::reply_addresses::make(keys, base, "26-7K3F-9QTX", 2);
    CHECK(address.substr(0, address.find('@')).size() <= 64);
    auto read = api::reply_addresses::read(keys, base, address);
    REQUIRE(read);
    CHECK(read->reference == "26-7K3F-9QTX");
    CHECK(read->generation == 2);
    std::string shouted = address;
    for (auto& c : shouted) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    CHECK(api::reply_addresses::read(keys, base, shouted));
    CHECK_FALSE(api::reply_addresses::read(others, base, address));
    CHECK_FALSE(api::reply_addresses::read(keys, base, replaced(address, ".2.", ".3.")));
    CHECK_FALSE(api::reply_addresses::read(keys, base, replaced(address, "centre.example", "autre.example")));
    for (std::size_t i = 0; i < address.find('@'); ++i) {
        auto forged = address;
        forged[i] = forged[i] == 'a' ? 'b' : 'a';
        INFO(forged);
        CHECK_FALSE(api::reply_addresses::read(keys, base, forged));
    }
    for (const auto* text :
         {"", "@", "reponses@centre.example", "reponses+@centre.example", "reponses+..@centre.example", "reponses+a.1.b"})
        CHECK_FALSE(api::reply_addresses::read(keys, base, text));
}

TEST_CASE("an answer is a message of its ticket, in its own words, with what it quotes apart", "[inbound]") {
    letter_box box;
    CHECK(box.take(usual,
                   "Voil=E0 mon num=E9ro.\r\n\r\nLe lun. 23 nov. 2026 =E0 10:00, Service <r@centre.example> a =E9crit=A0:\r\n> Bonjour\r\n"
                   "> Quel est le num=E9ro ?\r\n") == "250 2.0.0 kept");
    CHECK(box.one("SELECT body FROM message ORDER BY id DESC LIMIT 1") == "Voilà mon numéro.");
    CHECK(box.one("SELECT channel FROM message ORDER BY id DESC LIMIT 1") == "email");
    CHECK(box.one("SELECT author_name FROM message ORDER BY id DESC LIMIT 1") == "Zoé N’Diaye-Lefèvre");
    CHECK(box.one("SELECT quoted FROM message_quote").find("Quel est le numéro ?") != std::string::npos);
    CHECK(box.count("event WHERE action = 'ticket.written_back'") == 1);
    CHECK(box.count("outbox WHERE kind <> 'acknowledgement'") == 0); // nothing answers a mail by itself
}

TEST_CASE("an answer to a participant's address is theirs, and the requester does not read it", "[inbound][participant]") {
    letter_box box;
    model::participant what;
    what.code = model::participants::draw_code(), what.role = "proxy", what.name = "Auto-école du Port", what.email = "ecole@example.test";
    auto act = [&] { return model::tickets::action{box.reference, 0, tests::agent_actor(), box.now}; };
    auto id = box.database->write_now([&](soci::session& sql) { return model::participants::add(sql, act(), what, "hash-of-link"); });
    auto requesters = box.address;
    box.address = api::reply_addresses::make(box.keys, box.base, what.code, 1);
    CHECK(box.address.substr(0, box.address.find('@')).size() <= 64);
    CHECK(box.take(replaced(usual, "zoe1@example.test", "ecole@example.test"), "Voici la date.") == "250 2.0.0 kept");
    CHECK(box.one("SELECT author_name FROM message ORDER BY id DESC LIMIT 1") == "Auto-école du Port");
    CHECK(box.count("message_reader WHERE is_author = 1 AND participant_id = " + std::to_string(id)) == 1);
    auto read = [&](soci::session& sql) { return model::messages::of(sql, model::tickets::get(sql, box.reference).id, false).size(); };
    CHECK(box.database->read_now(read) == 1);
    auto failed = replaced(bounce, "ACTION", "failed");
    CHECK(box.take(failed, "", "") == "250 2.0.0 kept");
    CHECK(box.one("SELECT mail_state FROM participant") == "unreachable");
    CHECK(box.one("SELECT mail_state FROM ticket") == "");
    CHECK(box.one("SELECT flags FROM ticket") == "");
    // The same mail sent to both addresses is two messages: one of each.
    auto copied = replaced(replaced(usual, "a1@", "a9@"), "zoe1@example.test", "ecole@example.test");
    box.take(copied, "Aux deux");
    box.address = requesters;
    box.take(copied, "Aux deux");
    CHECK(box.count("message WHERE body = 'Aux deux'") == 2);
    box.address = api::reply_addresses::make(box.keys, box.base, what.code, 1);
    box.database->write_now([&](soci::session& sql) { model::participants::end(sql, act(), id); });
    CHECK_FALSE(box.service.is_known(box.address));
    CHECK(box.take(replaced(usual, "a1@", "a5@"), "Encore").starts_with("550"));
    CHECK_FALSE(box.service.is_known(api::reply_addresses::make(box.keys, box.base, what.code, 2)));
}

TEST_CASE("what nobody needs to read is masked in a mail, and in what it quotes", "[inbound]") {
    letter_box box;
    box.take(usual, "Ma carte 4111 1111 1111 1111, s=E9cu 1 84 12 76 451 089 46, code photo K8WDO3F0RT6YHBN2ME9QZA\r\n\r\n"
                    "Le lun. 23 nov. 2026 =E0 10:00, Service <r@centre.example> a =E9crit=A0:\r\n"
                    "> IBAN FR76 3000 6000 0112 3456 7890 189\r\n");
    CHECK(box.one("SELECT body FROM message ORDER BY id DESC LIMIT 1") ==
          "Ma carte **** **** **** 1111, sécu * ** ** ** *** *** **, code photo K8..............ZA");
    CHECK(box.one("SELECT quoted FROM message_quote").find("FR** **** **** **** **** **** ***") != std::string::npos);
}

TEST_CASE("a mail that comes twice is kept once; one from elsewhere says from where", "[inbound]") {
    letter_box box;
    CHECK(box.take(usual, "Bonjour") == "250 2.0.0 kept");
    CHECK(box.take(usual, "Bonjour") == "250 2.0.0 kept");
    CHECK(box.count("message WHERE channel = 'email'") == 1);
    box.take(replaced(replaced(usual, "a1@", "a2@"), "zoe1@example.test", "tante@example.test"), "Ma nièce me prie de vous écrire");
    CHECK(box.one("SELECT author_name FROM message ORDER BY id DESC LIMIT 1") == "tante@example.test");
}

TEST_CASE("automatic answers, lists and our own mails make no message and no loop", "[inbound]") {
    for (const auto* sign : {"Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated", "Precedence: bulk", "Precedence: auto_reply",
                             "X-Autoreply: yes", "List-Id: <x.example>"}) {
        INFO(sign);
        letter_box box;
        CHECK(box.take(usual + sign + "\r\n", "Je suis absente jusqu’au 3.") == "250 2.0.0 kept");
        CHECK(box.count("message") == 1);
        CHECK(box.count("inbound_receipt WHERE outcome = 'automatic'") == 1);
        CHECK(box.count("outbox") == 1);
    }
    letter_box box;
    CHECK(box.take(usual, "Je suis absente", "") == "250 2.0.0 kept"); // from "<>"
    CHECK(box.take(replaced(usual, "a1@example.test", "12.abc@centre.example"), "le nôtre") == "250 2.0.0 kept");
    CHECK(box.count("message") == 1);
    CHECK(box.count("inbound_receipt WHERE outcome = 'loop'") == 1);
    CHECK(box.take(replaced(usual, "a1@", "a3@") + "Auto-Submitted: no\r\n", "Moi-même") == "250 2.0.0 kept");
    CHECK(box.count("message") == 2);
}

TEST_CASE("a machine that goes on answering is asked to wait, and a person comes through the day after", "[inbound]") {
    letter_box box;
    for (int i = 0; i < model::inbound_receipts::daily_limit; ++i)
        REQUIRE(box.take(replaced(usual, "a1@", "m" + std::to_string(i) + "@"), "Encore").starts_with("250"));
    CHECK(box.take(replaced(usual, "a1@", "last@"), "Encore").starts_with("451"));
    box.now += std::chrono::hours(25);
    CHECK(box.take(replaced(usual, "a1@", "last@"), "Encore").starts_with("250"));
}

TEST_CASE("a bounce sets the ticket's flag, once; a delay does not; an answer takes it away", "[inbound]") {
    letter_box box;
    CHECK(box.take(replaced(bounce, "ACTION", "delayed"), "", "") == "250 2.0.0 kept");
    CHECK(box.one("SELECT flags FROM ticket") == "");
    auto failed = replaced(replaced(bounce, "ACTION", "failed"), "d1@", "d2@");
    CHECK(box.take(failed, "", "") == "250 2.0.0 kept");
    CHECK(box.take(failed, "", "") == "250 2.0.0 kept");
    CHECK(box.one("SELECT flags FROM ticket") == "mail_bounced");
    CHECK(box.one("SELECT mail_state FROM ticket") == "unreachable");
    CHECK(nlohmann::json::parse(box.one("SELECT data FROM event WHERE action = 'ticket.mail_bounced'"))["status"] == "5.1.1");
    CHECK(box.count("event WHERE action = 'ticket.mail_bounced'") == 1);
    CHECK(box.count("message") == 1);
    box.take(usual, "Voici ma nouvelle adresse");
    CHECK(box.one("SELECT flags FROM ticket") == "");
}

TEST_CASE("files of a mail pass the checks of the form, and lie encrypted", "[inbound]") {
    letter_box box;
    const std::string mixed =
        replaced(usual, "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n",
                 "Content-Type: multipart/mixed; boundary=\"b\"\r\n");
    const std::string body =
        "--b\r\nContent-Type: text/html\r\n\r\n<style>p{}</style><p>Voici&nbsp;ma pi&egrave;ce</p>\r\n--b\r\n"
        "Content-Type: application/pdf; name=\"permis.pdf\"\r\nContent-Disposition: attachment; filename=\"permis.pdf\"\r\n\r\n"
        "%PDF-1.4 trois mots\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; "
        "filename=\"virus.exe\"\r\n\r\nMZ\r\n--b--\r\n";
    CHECK(box.take(mixed, body) == "250 2.0.0 kept");
    CHECK(box.one("SELECT body FROM message ORDER BY id DESC LIMIT 1") == "Voici ma pièce\n[Pièce jointe non reprise : virus.exe]");
    CHECK(box.count("attachment WHERE display_name = 'permis.pdf' AND media_type = 'application/pdf' AND ticket_id IS NOT NULL") == 1);
    CHECK(box.count("attachment") == 1);
    box.config.attachments_count = 1; // the request has all it may have
    box.take(replaced(mixed, "a1@", "a9@"), body);
    CHECK(box.one("SELECT body FROM message ORDER BY id DESC LIMIT 1").find("[Pièce jointe non reprise : permis.pdf]") !=
          std::string::npos);
    CHECK(box.count("attachment") == 1);
    int files = 0;
    box.store.each_older_than(-1, [&](const std::string&) { ++files; });
    CHECK(files == 1);
    CHECK(box.take(mixed, body) == "250 2.0.0 kept"); // the second time leaves no file behind
    files = 0;
    box.store.each_older_than(-1, [&](const std::string&) { ++files; });
    CHECK(files == 1);
}

TEST_CASE("what is new is parted from what is quoted, and an answer between the lines stays whole", "[inbound]") {
    struct row {
        std::string text, fresh;
    };
    const std::vector<row> rows = {
        {"Oui.\n\nOn Mon, 23 Nov 2026 at 10:00, X <x@y> wrote:\n> Hello\n", "Oui."},
        {"Oui.\n\nLe lun. 23 nov. 2026 à 10:00, Un service au nom fort long\n<x@y> a écrit :\n\n> Bonjour\n>\n> Fin\n", "Oui."},
        {"Oui.\n-----Message d'origine-----\nDe : X\nTexte", "Oui."},
        {"Oui.\n\nDe : Service <x@y>\nEnvoyé : lundi\nTexte", "Oui."},
        {"Oui.\n\n> Bonjour\n> Fin\n", "Oui."},
        {"Le 3 mars j'ai passé le code.\nEt voilà.", "Le 3 mars j'ai passé le code.\nEt voilà."},
        {"On Mon X wrote:\n> Première ?\nOui.\n> Seconde ?\nNon.", "On Mon X wrote:\n> Première ?\nOui.\n> Seconde ?\nNon."},
        {"> Tout est cité\n", "> Tout est cité"},
        {"", ""},
    };
    for (const auto& [text, fresh] : rows) {
        INFO(text);
        CHECK(inbound_texts::fold(text).fresh == fresh);
    }
}

TEST_CASE("a mail server hands over by LMTP: known addresses only, an answer a recipient, after the commit", "[inbound]") {
    letter_box box;
    auto office = [&] {
        return lmtp_session::office{[&](const std::string& to) { return box.service.is_known(to); },
                                    [&](const lmtp_session::message& mail) { return box.service.take(mail); }};
    };
    lmtp_server listener({"127.0.0.1:0", {"127.0.0.1"}, "relais", {}, 8, 60}, office);
    tests::raw_client client(listener.port());
    auto say = [&](const std::string& line, const std::string& answer) {
        client.send(line + "\r\n");
        CHECK_NOTHROW(client.read_until(answer));
    };
    client.read_until("220 ");
    say("MAIL FROM:<a@b.test>", "503 ");
    say("LHLO mx", "250 SIZE ");
    say("MAIL FROM:<zoe1@example.test>", "250 2.1.0");
    say("RCPT TO:<" + replaced(box.address, ".1.", ".7.") + ">", "550 5.1.1");
    say("DATA", "503 ");
    say("RCPT TO:<" + box.address + ">", "250 2.1.5");
    say("DATA", "354 ");
    say(usual + "\r\nBonjour.\r\n..deux points\r\n.", "250 2.0.0 kept");
    CHECK(box.one("SELECT body FROM message ORDER BY id DESC LIMIT 1") == "Bonjour.\n.deux points");
    say("QUIT", "221 ");
    client.wait_for_close();
}

TEST_CASE("a lone line feed ends the conversation, and nobody else may connect", "[inbound]") {
    letter_box box;
    auto office = [&] {
        return lmtp_session::office{[&](const std::string& to) { return box.service.is_known(to); },
                                    [&](const lmtp_session::message& mail) { return box.service.take(mail); }};
    };
    lmtp_server listener({"127.0.0.1:0", {"127.0.0.1"}, "relais", {}, 8, 60}, office);
    tests::raw_client client(listener.port());
    client.send("LHLO mx\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<" + box.address + ">\r\nDATA\r\n" + usual + "\r\nBonjour\n.\r\n");
    CHECK(client.read_to_end().find("500 5.5.2 lines end with CRLF") != std::string::npos);
    CHECK(box.count("message") == 1);
    lmtp_server closed({"127.0.0.1:0", {"192.0.2.0/24"}, "relais", {}, 8, 60}, office);
    tests::raw_client stranger(closed.port());
    CHECK(stranger.read_to_end().starts_with("554 "));
}

TEST_CASE("while the database is away a mail is not taken: it comes again", "[inbound]") {
    lmtp_session::office away{[](const std::string&) -> bool { throw std::runtime_error("away"); },
                              [](const lmtp_session::message&) -> std::string { throw std::runtime_error("away"); }};
    lmtp_session session("relais", away, {});
    session.feed("LHLO x\r\nMAIL FROM:<>\r\n");
    CHECK(session.feed("RCPT TO:<a@b>\r\n").starts_with("451"));
    lmtp_session::office half{[](const std::string&) { return true; }, away.take};
    lmtp_session second("relais", half, {});
    second.feed("LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n");
    CHECK(second.feed("Subject: x\r\n\r\n.\r\n") == "451 4.3.0 try again later\r\n451 4.3.0 try again later\r\n");
}

TEST_CASE("limits of the conversation: size, recipients, length of a line, guesses", "[inbound]") {
    lmtp_session::office office{[](const std::string& to) { return to.starts_with("a"); },
                                [](const lmtp_session::message&) { return std::string("250 ok"); }};
    lmtp_session::limits small{64, 100, 2, 5};
    auto begun = [&] {
        lmtp_session session("relais", office, small);
        session.feed("LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\n");
        return session;
    };
    auto big = begun();
    big.feed("DATA\r\n");
    for (int i = 0; i < 10; ++i) big.feed("123456789012345678901234567890\r\n");
    CHECK(big.feed(".\r\n") == "552 5.3.4 too big\r\n");
    CHECK(big.feed("NOOP\r\n") == "250 2.0.0 here\r\n"); // and the conversation goes on
    auto many = begun();
    many.feed("RCPT TO:<a@c>\r\n");
    CHECK(many.feed("RCPT TO:<a@d>\r\n").starts_with("452"));
    auto longer = begun();
    CHECK(longer.feed(std::string(200, 'x')).starts_with("500"));
    CHECK(longer.is_over());
    auto guesser = begun();
    for (int i = 0; i < 4; ++i) CHECK(guesser.feed("RCPT TO:<z@z>\r\n").starts_with("550"));
    CHECK(guesser.feed("RCPT TO:<z@z>\r\n").starts_with("421"));
    CHECK(guesser.is_over());
}
