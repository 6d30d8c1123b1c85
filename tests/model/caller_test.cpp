// SPDX-License-Identifier: EUPL-1.2
#include "model/call_report.hpp"
#include "model/caller.hpp"
#include "model/error.hpp"
#include "model/incident.hpp"
#include "model/message.hpp"
#include "model/report.hpp"
#include "model/sql.hpp"
#include "model/ticket_actions.hpp"
#include "tests/support/dossiers.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using tests::monday;

namespace {

// A call from a number that one ticket has.
struct desk {
    tests::temporary_database database;
    std::string reference;
    sys_seconds now = monday + std::chrono::hours(3);

    desk() {
        reference = database->write_now(
            [](soci::session& sql) { return tickets::open(sql, tests::sample_contact(), tests::citizen_actor(), monday).reference; });
    }
    void know(const dossier_news& news) {
        database->write_now([&](soci::session& sql) { dossiers::store(sql, std::span(&news, 1), monday); });
    }
    template <class Action> auto write(const Action& action) { return database->write_now(action); }
    call rings(const std::string& phone = "+33639981234") {
        call what;
        what.phone = phone, what.phone_given = phone, what.started_at_us = seconds(now) * 1'000'000;
        what.state = "talking", what.outcome = "answered", what.answered_at_us = what.started_at_us;
        return write([&](soci::session& sql) { return calls::add(sql, what, {}, now); });
    }
    caller_card card(const call& of) {
        return write([&](soci::session& sql) { return callers::card(sql, of.public_id, now); });
    }
    reported_call report(const call& on, const call_report& what) {
        return write([&](soci::session& sql) { return call_reports::write(sql, on.public_id, what, tests::agent_actor(), now); });
    }
    ticket found_in(soci::session& sql) { return tickets::get(sql, reference); }
    ticket found() {
        return write([&](soci::session& sql) { return found_in(sql); });
    }
    std::int64_t count(const std::string& what) {
        return write([&](soci::session& sql) { return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + what); });
    }
};

} // namespace

TEST_CASE("somebody alone to have a number is known, several are maybe", "[call]") {
    desk desk;
    auto call = desk.rings();
    auto card = desk.card(call);
    REQUIRE(card.people.size() == 1);
    CHECK(card.people[0].certainty == "known");
    CHECK(card.people[0].who.name == "Zoé N’Diaye-Lefèvre");
    REQUIRE(card.tickets.size() == 1);
    CHECK(card.tickets[0].reference == desk.reference);

    // The same person writes again, under the same name: still one.
    desk.write([](soci::session& sql) { return tickets::open(sql, tests::sample_contact(2), tests::citizen_actor(), monday).id; });
    CHECK(desk.card(call).people.size() == 1);
    CHECK(desk.card(call).tickets.size() == 2);

    auto brother = tests::sample_contact(3);
    brother.requester.name = "Malik N’Diaye", brother.requester.first_names = "Malik", brother.requester.birth_date = "1988-05-02";
    desk.write([&](soci::session& sql) { return tickets::open(sql, brother, tests::citizen_actor(), monday).id; });
    auto both = desk.card(call);
    REQUIRE(both.people.size() == 2);
    CHECK(both.people[0].certainty == "maybe");
    CHECK(both.people[1].certainty == "maybe");
}

TEST_CASE("a number that only a dossier has opens that dossier", "[call]") {
    desk desk;
    auto news = tests::some_dossier("PC2026000777", "Durand", "Paul", "1970-02-03");
    news.values.phone = "+33199001122";
    desk.know(news);
    auto card = desk.card(desk.rings("+33199001122"));
    REQUIRE(card.people.size() == 1);
    CHECK(card.people[0].certainty == "known");
    CHECK(card.people[0].who.birth_name == "Durand");
    REQUIRE(card.dossiers.size() == 1);
    CHECK(card.dossiers[0].number == "PC2026000777");
}

TEST_CASE("a withheld number says nobody; the dossier that the caller names is looked up", "[call]") {
    desk desk;
    auto call = desk.rings("");
    CHECK(desk.card(call).people.empty());
    auto news = tests::some_dossier("PC2026000778", "Durand", "Paul", "1970-02-03");
    desk.know(news);
    auto found = desk.write([](soci::session& sql) { return callers::search(sql, "PC2026000778"); });
    REQUIRE(found.size() == 1);
    desk.write([&](soci::session& sql) {
        callers::confirm(sql, call.public_id, found[0].key, {"birth_date", "dossier_number"}, tests::agent_actor(), desk.now);
        return 0;
    });
    auto card = desk.card(call);
    REQUIRE(card.people.size() == 1);
    CHECK(card.people[0].certainty == "confirmed");
    CHECK(card.what.dossier_id.has_value());
}

TEST_CASE("the card names the known problem that the caller's ticket reports, and what may be told of it", "[call]") {
    desk here;
    auto number = here.write([&](soci::session& sql) {
        auto made = incidents::open(sql, {"confirmed", "Date refusée", "software_defect", "AGENCY_PORTAL", "", false}, {}, here.now);
        placement what;
        what.ticket_id = here.found_in(sql).id, what.incident_id = made, what.score = 0.95, what.engine = "test";
        reports::place(sql, what, {}, here.now);
        sql::change(sql, "UPDATE incident SET public_workaround = 'Saisissez 01/01.' WHERE id = :id", made);
        return made;
    });
    auto card = here.card(here.rings());
    REQUIRE(card.incidents.size() == 1);
    CHECK(card.incidents[0].number == number);
    CHECK(card.incidents[0].title == "Date refusée");
    CHECK(card.incidents[0].workaround == "Saisissez 01/01.");
    CHECK(here.card(here.rings("+33639985555")).incidents.empty());
}

TEST_CASE("the card names the incident that holds up a dossier whose owner never wrote", "[call]") {
    desk here;
    auto news = tests::some_dossier("PC2026000779", "Durand", "Paul", "1970-02-03");
    news.values.phone = "+33199001133", news.values.error_code = "E-777";
    here.know(news);
    auto with = [&](const char* code, const char* status) {
        here.write([&](soci::session& sql) {
            auto made = incidents::open(sql, {"confirmed", "Photo bloquée", "software_defect", "AGENCY_PORTAL", "", false}, {}, here.now);
            sql::change(sql, "UPDATE incident SET stuck_error_code = :code, stuck_status = :status WHERE id = :id", std::string(code),
                        std::string(status), made);
            return made;
        });
        return here.card(here.rings("+33199001133")).incidents;
    };
    CHECK(with("", "").empty()); // nothing is known of how its dossiers are stuck
    CHECK(with("E-778", "").empty());
    CHECK(with("E-777", "another status").empty());
    auto found = with("E-777", "");
    REQUIRE(found.size() == 1);
    CHECK(found[0].title == "Photo bloquée");
}

TEST_CASE("an identity is confirmed by two facts that we hold, and the journal names them without their values", "[call]") {
    desk desk;
    auto call = desk.rings();
    auto key = desk.card(call).people[0].key;
    auto confirm = [&](std::vector<std::string> facts, std::string whom) {
        desk.write([&](soci::session& sql) {
            callers::confirm(sql, call.public_id, whom, facts, tests::agent_actor(), desk.now);
            return 0;
        });
    };
    CHECK_THROWS_AS(confirm({"birth_date"}, key), invalid);
    CHECK_THROWS_AS(confirm({"birth_date", "birth_date"}, key), invalid);
    CHECK_THROWS_AS(confirm({"birth_date", "shoe_size"}, key), invalid);
    CHECK_THROWS_AS(confirm({"birth_date", "reference"}, "c99999"), invalid);
    confirm({"birth_date", "reference"}, key);
    CHECK(desk.card(call).people[0].certainty == "confirmed");
    auto told = desk.write(
        [](soci::session& sql) { return *sql::first<std::string>(sql, "SELECT data FROM event WHERE action = 'call.identified'"); });
    CHECK(told.find("birth_date") != std::string::npos);
    CHECK(told.find("1991") == std::string::npos);

    // Another call from that number: the earlier confirmation is only a hint when the number is not on file.
    auto stranger = desk.rings("+33199005555");
    auto citizen = desk.card(call).what.citizen_id;
    desk.write([&](soci::session& sql) {
        return sql::change(sql, "UPDATE phone_call SET citizen_id = :citizen, identity = 'confirmed' WHERE id = :id", citizen, stranger.id);
    });
    auto again = desk.card(desk.rings("+33199005555"));
    REQUIRE(again.people.size() == 1);
    CHECK(again.people[0].certainty == "maybe");
    CHECK(again.earlier.size() == 1);
}

TEST_CASE("what was said joins the ticket as two messages, and the person is told in writing", "[call]") {
    desk desk;
    auto call = desk.rings();
    call_report report;
    report.reference = desk.reference, report.said = "Le site refuse toujours.", report.answered = "La date est corrigée depuis ce matin.";
    auto done = desk.report(call, report);
    CHECK(done.is_traced);
    CHECK(done.what.ticket_id.has_value());
    CHECK(desk.count("message WHERE channel = 'phone' AND kind = 'citizen'") == 1);
    CHECK(desk.count("message WHERE channel = 'phone' AND kind = 'reply' AND author_name = 'Camille Martin, conseillère'") == 1);
    CHECK(desk.count("outbox WHERE kind = 'call_trace' AND medium = 'mail' AND recipient = 'zoe1@example.test'") == 1);
    CHECK(desk.found().first_reply_at == desk.now);
    CHECK(desk.found().status == "open");
    CHECK(desk.count("event WHERE action = 'ticket.called'") == 1);
    CHECK(desk.count("event WHERE action = 'call.written'") == 1);
}

TEST_CASE("a call is written, linked to a dossier and its ticket closed in one go", "[call]") {
    desk desk;
    auto news = tests::some_dossier("PC2026000779", "N’Diaye", "Zoé", "1991-01-01");
    desk.know(news);
    auto call = desk.rings();
    call_report report;
    report.reference = desk.reference, report.answered = "Tout est réglé.", report.dossier = "PC 2026-000779", report.closes = true;
    desk.report(call, report);
    CHECK(desk.found().status == "closed");
    CHECK(desk.found().dossier_link == "linked");
    CHECK(desk.count("dossier_snapshot") >= 1);

    report.dossier = "PC0000000000";
    auto before = desk.count("message");
    CHECK_THROWS_AS(desk.report(desk.rings(), report), invalid); // no such dossier: nothing is left behind
    CHECK(desk.count("message") == before);
}

TEST_CASE("a call may begin a ticket; one mail tells it all", "[call]") {
    desk desk;
    auto call = desk.rings();
    auto contact = tests::sample_contact(9);
    contact.channel = "phone", contact.body = "Permis perdu dans le train.", contact.is_silent = true, contact.is_anonymous = false;
    call_report report;
    report.new_ticket = contact, report.said = contact.body, report.answered = "Une attestation part aujourd’hui.";
    auto done = desk.report(call, report);
    CHECK(done.reference != desk.reference);
    CHECK(desk.count("message WHERE ticket_id = " + std::to_string(*done.what.ticket_id)) == 2);
    CHECK(desk.count("outbox WHERE ticket_id = " + std::to_string(*done.what.ticket_id)) == 1); // the trace, no acknowledgement beside it
}

TEST_CASE("a call without a ticket says why; one without a word is refused", "[call]") {
    desk desk;
    auto call = desk.rings();
    CHECK_THROWS_AS(desk.report(call, {}), invalid);
    call_report report;
    report.note = "Erreur de numéro";
    auto done = desk.report(call, report);
    CHECK_FALSE(done.is_traced);
    CHECK(desk.count("phone_call WHERE note = 'Erreur de numéro' AND written_at IS NOT NULL") == 1);
    call_report empty;
    empty.reference = desk.reference;
    CHECK_THROWS_AS(desk.report(call, empty), invalid);
    empty.reference = "26-ZZZZ-ZZZZ", empty.answered = "x";
    CHECK_THROWS_AS(desk.report(call, empty), invalid);
    CHECK(desk.count("outbox WHERE kind = 'call_trace'") == 0);
}

TEST_CASE("without a mail address the trace is a letter", "[call]") {
    desk desk;
    auto contact = tests::sample_contact(4);
    contact.requester.email.clear(), contact.requester.postal_address = "3 rue de l’Église, 20000 Ajaccio";
    auto opened = desk.write([&](soci::session& sql) { return tickets::open(sql, contact, tests::citizen_actor(), monday); });
    call_report report;
    report.reference = opened.reference, report.answered = "C’est noté.";
    desk.report(desk.rings(), report);
    CHECK(desk.count("outbox WHERE kind = 'call_trace' AND medium = 'letter'") == 1);
}

TEST_CASE("a call that nobody answered joins its ticket as a note, and nobody is written to", "[call]") {
    desk desk;
    call what;
    what.direction = "out", what.phone = "+33639981234", what.state = "ended", what.outcome = "missed",
    what.started_at_us = seconds(desk.now) * 1'000'000;
    auto linked = desk.write([&](soci::session& sql) {
        auto added = calls::add(sql, what, tests::agent_actor(), desk.now);
        return call_reports::link(sql, added, desk.reference, "", tests::agent_actor(), desk.now);
    });
    CHECK_FALSE(linked.is_traced);
    CHECK(desk.count("message WHERE kind = 'note' AND channel = 'phone'") == 1);
    CHECK(desk.count("outbox WHERE kind = 'call_trace'") == 0);
}
