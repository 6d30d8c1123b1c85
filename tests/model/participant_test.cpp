// SPDX-License-Identifier: EUPL-1.2
#include "model/participant.hpp"

#include "model/attachment.hpp"
#include "model/error.hpp"
#include "model/housekeeping.hpp"
#include "model/letter.hpp"
#include "model/outgoing_mail.hpp"
#include "model/reply_draft.hpp"
#include "model/reply_recall.hpp"
#include "model/sql.hpp"
#include "model/ticket_merge.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using tests::monday;

namespace {

using ids = std::vector<std::int64_t>;
constexpr auto requester = message_readers::requester;

// A ticket with its requester, a driving school as proxy and a France services adviser.
struct three_people {
    tests::temporary_database database;
    std::string reference = open(1, "zoe@example.test");
    std::int64_t proxy = add("proxy", "Auto-école du Port", "ecole@example.test");
    std::int64_t adviser = add("adviser", "France services Saint-Paul", "maison@example.test");

    template <class Visit> auto read(Visit visit) { return database->read_now(visit); }
    template <class Visit> auto write(Visit visit) { return database->write_now(visit); }
    std::string open(int number, const std::string& email) {
        auto contact = tests::sample_contact(number);
        contact.requester.email = email;
        return write([&](soci::session& sql) { return tickets::open(sql, contact, tests::citizen_actor(), monday).reference; });
    }
    tickets::action act(const std::string& on, actor who = tests::agent_actor(), sys_seconds at = monday) {
        return {on, 0, std::move(who), at};
    }
    std::int64_t add(const std::string& role, const std::string& name, const std::string& email, std::optional<sys_seconds> ends_at = {}) {
        participant what;
        what.code = participants::draw_code(), what.role = role, what.name = name, what.email = email, what.ends_at = ends_at;
        if (email.empty()) what.phone = "+33639980102";
        return write([&](soci::session& sql) { return participants::add(sql, act(reference), what, "link-" + name); });
    }
    std::int64_t reply(const std::string& body, const ids& to = {}, bool waits = false) {
        return write([&](soci::session& sql) { return tickets::reply(sql, act(reference), body, waits, {}, to); });
    }
    std::int64_t write_back(const std::string& body, std::optional<std::int64_t> who) {
        return write([&](soci::session& sql) { return tickets::write_back(sql, act(reference, tests::citizen_actor()), body, "", who); });
    }
    static std::string bodies(const std::vector<message>& thread) {
        std::string out;
        for (const auto& each : thread) out += (out.empty() ? "" : "|") + each.body;
        return out;
    }
    // What each reads, a minute later.
    std::string seen_by(std::int64_t reader) {
        return read([&](soci::session& sql) {
            if (reader == requester) return bodies(messages::of(sql, tickets::get(sql, reference).id, false));
            return bodies(message_readers::thread(sql, reader, monday + std::chrono::minutes(1)));
        });
    }
    std::optional<participant> by_link(const std::string& name, sys_seconds at = monday) {
        return read([&](soci::session& sql) { return participants::find_by_link(sql, "link-" + name, at); });
    }
    std::int64_t count(const std::string& what) {
        return read([&](soci::session& sql) { return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + what); });
    }
    void remove(std::int64_t id, actor who = tests::agent_actor(), sys_seconds at = monday) {
        write([&](soci::session& sql) { participants::end(sql, act(reference, std::move(who), at), id); });
    }
};

const std::string first_words = "Bonjour, le site du code refuse ma date de naissance 00/00/1991.";

} // namespace

TEST_CASE("each of several people on a ticket reads only what concerns them", "[participant]") {
    three_people here;
    here.reply("Pour Zoé");
    here.reply("Pour l’école", {here.proxy});
    here.reply("Pour Zoé et la maison", {here.adviser, requester, requester});
    here.write_back("De l’école", here.proxy);
    here.write_back("De Zoé", {});
    here.write([&](soci::session& sql) { return tickets::note(sql, here.act(here.reference), "Entre nous"); });
    CHECK(here.seen_by(requester) == first_words + "|Pour Zoé|Pour Zoé et la maison|De Zoé");
    CHECK(here.seen_by(here.proxy) == "Pour l’école|De l’école");
    CHECK(here.seen_by(here.adviser) == "Pour Zoé et la maison");
    auto desk = here.read([&](soci::session& sql) { return messages::of(sql, tickets::get(sql, here.reference).id, true); });
    CHECK(desk.size() == 7);
    CHECK(here.count("message_reader") == 4); // what is between the requester and us needs no row
}

TEST_CASE("an answer leaves by mail to those it is addressed to, each with their own link", "[participant]") {
    three_people here;
    CHECK(here.count("outbox WHERE kind = 'participant_invitation'") == 2);
    CHECK(here.count("outbox WHERE kind = 'participant_added' AND recipient = 'zoe@example.test' AND participant_id IS NULL") == 2);
    here.reply("Pour les deux autres", {here.proxy, here.adviser});
    CHECK(here.count("outbox WHERE kind = 'reply'") == 0);
    CHECK(here.count("outbox WHERE kind = 'participant_message'") == 2);
    auto facts = here.read([&](soci::session& sql) {
        auto row =
            sql::first<outgoing_mail>(sql, "SELECT " + std::string(outgoing_mail::columns) +
                                               " FROM outbox WHERE kind = 'participant_message' AND recipient = 'ecole@example.test'");
        return outgoing_mails::facts(sql, *row);
    });
    CHECK(facts.body == "Pour les deux autres");
    CHECK(participants::is_code(facts.participant_code));
    CHECK(facts.role == "proxy");
    CHECK(facts.requester == "Zoé N’Diaye-Lefèvre");
    CHECK(facts.first_mail.empty()); // the acknowledgement is not theirs
}

TEST_CASE("an answer that the requester does not read stops no clock and does not wait for them", "[participant]") {
    three_people here;
    here.reply("Une question à l’école", {here.proxy});
    auto ticket = here.read([&](soci::session& sql) { return tickets::get(sql, here.reference); });
    CHECK_FALSE(ticket.first_reply_at);
    CHECK(ticket.status == "open");
    CHECK_THROWS_AS(here.reply("Attendons", {here.proxy}, true), invalid);
    here.reply("Attendons", {requester, here.proxy}, true);
    CHECK(here.read([&](soci::session& sql) { return tickets::get(sql, here.reference); }).status == "waiting");
}

TEST_CASE("nobody is written to who is not on the ticket, or no longer", "[participant]") {
    three_people here;
    CHECK_THROWS_AS(here.reply("x", {999}), invalid);
    here.remove(here.proxy);
    CHECK_THROWS_AS(here.reply("x", {here.proxy}), invalid);
    auto other = here.open(2, "jean@example.test");
    CHECK_THROWS_AS(here.write([&](soci::session& sql) { return tickets::reply(sql, here.act(other), "x", false, {}, {here.adviser}); }),
                    invalid);
    CHECK(here.count("message WHERE kind = 'reply'") == 0);
}

TEST_CASE("a link opens nothing once it was renewed, ended, or its last day is over", "[participant]") {
    three_people here;
    REQUIRE(here.by_link("Auto-école du Port"));
    auto hash_of = [](const std::string& code, std::int64_t generation) { return code + "/" + std::to_string(generation); };
    here.write([&](soci::session& sql) { participants::renew_link(sql, here.act(here.reference), here.proxy, hash_of); });
    CHECK_FALSE(here.by_link("Auto-école du Port"));
    auto renewed = here.read([&](soci::session& sql) { return *participants::find(sql, here.proxy); });
    CHECK(renewed.link_generation == 2);
    CHECK(here.read([&](soci::session& sql) { return participants::find_by_code(sql, renewed.code, 2, monday); }));
    CHECK_FALSE(here.read([&](soci::session& sql) { return participants::find_by_code(sql, renewed.code, 1, monday); }));
    CHECK(here.count("outbox WHERE kind = 'participant_invitation' AND recipient = 'ecole@example.test'") == 2);

    here.remove(here.adviser);
    here.remove(here.adviser); // twice is once
    CHECK_FALSE(here.by_link("France services Saint-Paul"));
    CHECK(here.count("event WHERE action = 'ticket.participant_ended'") == 1);
    CHECK_THROWS_AS(here.write([&](soci::session& sql) { participants::renew_link(sql, here.act(here.reference), here.adviser, hash_of); }),
                    conflict);

    here.add("proxy", "Tante", "tante@example.test", monday + std::chrono::hours(24));
    CHECK(here.by_link("Tante", monday + std::chrono::hours(24) - std::chrono::seconds(1)));
    CHECK_FALSE(here.by_link("Tante", monday + std::chrono::hours(24)));
}

TEST_CASE("who is on a ticket is added once, and not the requester again", "[participant]") {
    three_people here;
    CHECK_THROWS_AS(here.add("adviser", "Encore", "Ecole@example.test"), invalid);
    CHECK_THROWS_AS(here.add("proxy", "Zoé", "ZOE@example.test"), invalid);
    here.remove(here.proxy);
    here.write([&](soci::session& sql) { sql::change(sql, "UPDATE participant SET link_hash = 'old' WHERE id = :id", here.proxy); });
    CHECK(here.add("proxy", "Auto-école du Port", "ecole@example.test") > here.adviser); // who left may come back
    for (int i = 0; i < participants::active_limit - 2; ++i) {
        auto text = std::to_string(i);
        here.add("adviser", "N° " + text, "n" + text + "@example.test");
    }
    CHECK_THROWS_AS(here.add("adviser", "Onzième", "onze@example.test"), invalid);
}

TEST_CASE("an answer to several is taken back from all, and its draft remembers whom it was for", "[participant]") {
    three_people here;
    auto id = here.reply("Mauvais dossier", {requester, here.proxy});
    CHECK(here.read([&](soci::session& sql) { return message_readers::thread(sql, here.proxy, monday); }).empty()); // not yet
    here.write([&](soci::session& sql) { reply_recalls::take_back(sql, here.act(here.reference), id); });
    CHECK(here.count("outbox WHERE kind IN ('reply', 'participant_message')") == 0);
    CHECK(here.count("message_reader") == 0);
    auto draft = here.read([&](soci::session& sql) { return reply_drafts::find(sql, tickets::get(sql, here.reference).id, 7); });
    REQUIRE(draft);
    CHECK(message_readers::read(draft->readers) == ids{requester, here.proxy});

    id = here.reply("Encore", {requester, here.proxy});
    here.remove(here.proxy, tests::citizen_actor()); // meanwhile the mandate ended
    CHECK(here.count("outbox WHERE kind = 'participant_message'") == 0);
    here.write([&](soci::session& sql) { reply_recalls::take_back(sql, here.act(here.reference), id); });

    id = here.reply("Trop tard", {requester, here.adviser});
    here.write([&](soci::session& sql) { sql::change(sql, "UPDATE outbox SET state = 'sent' WHERE kind = 'participant_message'"); });
    CHECK_THROWS_AS(here.write([&](soci::session& sql) { reply_recalls::take_back(sql, here.act(here.reference), id); }), conflict);
    CHECK(here.count("outbox WHERE kind = 'reply'") == 1); // a refusal leaves no trace
}

TEST_CASE("merging and parting tickets loses nobody and shows nobody more", "[participant]") {
    three_people here;
    here.reply("Avant", {here.proxy});
    auto other = here.open(2, "zoe@example.test");
    here.write([&](soci::session& sql) { tickets::merge(sql, here.act(here.reference), other); });
    auto of = [&](const std::string& on) {
        return here.read([&](soci::session& sql) { return participants::of(sql, tickets::get(sql, on).id).size(); });
    };
    CHECK(of(other) == 2);
    here.write([&](soci::session& sql) { return tickets::reply(sql, here.act(other), "Pendant", false, {}, {here.proxy}); });
    here.write([&](soci::session& sql) { return tickets::reply(sql, here.act(other), "À Zoé seule"); });
    CHECK(here.seen_by(here.proxy) == "Avant|Pendant");
    here.write([&](soci::session& sql) { tickets::unmerge(sql, here.act(here.reference)); });
    CHECK(of(other) == 0);
    CHECK(of(here.reference) == 2);
    CHECK(here.seen_by(here.proxy) == "Avant|Pendant"); // what was written to them stays theirs
    CHECK(here.seen_by(requester) == first_words);
    CHECK_THROWS_AS(here.write([&](soci::session& sql) { return tickets::reply(sql, here.act(other), "x", false, {}, {here.proxy}); }),
                    invalid);
}

TEST_CASE("a message moved to another ticket keeps its readers", "[participant]") {
    three_people here;
    auto id = here.write_back("Autre chose : la photo d’un autre élève", here.proxy);
    auto draw = [] { return ticket_name{"26-AAAA-BBB9", "hash-26-AAAA-BBB9"}; };
    auto made = here.write([&](soci::session& sql) { return tickets::split(sql, here.act(here.reference), {id}, {}, draw); });
    CHECK(here.seen_by(here.proxy) == "Autre chose : la photo d’un autre élève");
    auto requesters = here.read([&](soci::session& sql) { return messages::of(sql, tickets::get(sql, made).id, false); });
    CHECK(requesters.empty()); // it was never written to them
}

TEST_CASE("who has no mail address is told by telephone, and telling them tells nobody else", "[participant]") {
    three_people here;
    auto aunt = here.add("proxy", "Tante Rose", "");
    CHECK(here.count("outbox WHERE kind = 'participant_invitation'") == 2); // a link is not said aloud
    here.reply("À lui dire", {aunt});
    auto waiting = here.read([](soci::session& sql) { return letters::to_tell(sql, monday + std::chrono::hours(1)); });
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].name == "Tante Rose");
    CHECK(waiting[0].phone == "+33639980102");
    CHECK(waiting[0].participant_id == aunt);
    here.write([&](soci::session& sql) {
        letters::tell_of_ticket(sql, tickets::get(sql, here.reference).id, tests::agent_actor(), monday); // somebody spoke with Zoé
        return 0;
    });
    CHECK(here.read([](soci::session& sql) { return letters::to_tell(sql, monday + std::chrono::hours(1)); }).size() == 1);
    here.write([&](soci::session& sql) {
        return letters::tell(sql, ids{waiting[0].id}, monday, tests::agent_actor(), monday + std::chrono::hours(1));
    });
    CHECK(here.read([](soci::session& sql) { return letters::to_tell(sql, monday + std::chrono::hours(1)); }).empty());
}

TEST_CASE("a mail that cannot be delivered to a participant says nothing of the requester's address", "[participant]") {
    three_people here;
    auto first = here.read([](soci::session& sql) {
        return *sql::first<outgoing_mail>(sql, "SELECT " + std::string(outgoing_mail::columns) +
                                                   " FROM outbox WHERE kind = 'participant_invitation' ORDER BY id LIMIT 1");
    });
    here.write([&](soci::session& sql) {
        sql::change(sql, "UPDATE outbox SET lease_owner = 'me' WHERE id = :id", first.id);
        return outgoing_mails::give_up(sql, {first}, "me", "550", monday);
    });
    CHECK(here.count("ticket WHERE mail_state = 'unreachable'") == 0);
    CHECK(here.count("participant WHERE mail_state = 'unreachable'") == 1);
    CHECK(here.count("event WHERE action = 'ticket.participant_unreachable'") == 1);
}

TEST_CASE("a month after they left, address and telephone are erased and the name stays", "[participant]") {
    three_people here;
    here.remove(here.proxy);
    auto forget = [&](sys_seconds at) {
        return here.write([&](soci::session& sql) { return housekeeping::forget(sql, retention_days{}, at); });
    };
    auto month = std::chrono::hours(24) * participants::contact_kept_days;
    forget(monday + month);
    CHECK(here.count("participant WHERE email = 'ecole@example.test'") == 1);
    forget(monday + month + std::chrono::seconds(1));
    CHECK(here.count("participant WHERE email = '' AND phone = '' AND name = 'Auto-école du Port' AND erased_at IS NOT NULL") == 1);
    CHECK(here.count("participant WHERE email = 'maison@example.test'") == 1); // still there
}
