// SPDX-License-Identifier: EUPL-1.2
#include "model/error.hpp"
#include "model/message.hpp"
#include "model/sql.hpp"
#include "model/ticket_actions.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using tests::monday;

namespace {

// A base with one ticket, and short words for what is done to it.
struct desk {
    tests::temporary_database database;
    std::string reference;

    desk() {
        auto open = [](soci::session& sql) {
            return tickets::open(sql, tests::sample_contact(), tests::citizen_actor(), monday).reference;
        };
        reference = database->write_now(open);
    }
    tickets::action by(actor who, std::int64_t version = 0) const {
        return {reference, version, std::move(who), monday + std::chrono::hours(1)};
    }
    tickets::action agent(std::int64_t version = 0) const { return by(tests::agent_actor(), version); }
    template <class Action> void act(const Action& action) { database->write_now(action); }
    ticket now() {
        return database->read_now([&](soci::session& sql) { return tickets::get(sql, reference); });
    }
    std::int64_t count(const std::string& what) {
        return database->read_now([&](soci::session& sql) { return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + what); });
    }
};

} // namespace

TEST_CASE("an answer is a message, an event and a mail; the first one stops the clock", "[ticket]") {
    desk desk;
    desk.act([&](soci::session& sql) { tickets::reply(sql, desk.agent(), "Bonjour, votre dossier est débloqué."); });
    auto after = desk.now();
    CHECK(after.status == "open");
    CHECK(after.first_reply_at == monday + std::chrono::hours(1));
    CHECK(desk.count("message WHERE kind = 'reply' AND author_name = 'Camille Martin, conseillère'") == 1);
    CHECK(desk.count("outbox WHERE kind = 'reply' AND medium = 'mail'") == 1);
    CHECK(desk.count("event WHERE action = 'ticket.replied'") == 1);
    desk.act([&](soci::session& sql) { tickets::reply(sql, desk.agent(), "Avez-vous reçu la carte ?", true); });
    CHECK(desk.now().status == "waiting");
    CHECK(desk.now().waiting_reason == "citizen");
    CHECK(desk.now().first_reply_at == monday + std::chrono::hours(1));
    CHECK(desk.count("ticket WHERE is_active = 1") == 0);
}

TEST_CASE("the words with which a person closes or forwards answer; silence and what Relais says by itself do not", "[ticket]") {
    desk desk;
    auto answered_at = monday + std::chrono::hours(1);
    SECTION("closing words") {
        desk.act([&](soci::session& sql) { tickets::close(sql, desk.agent(), "answered", "Votre carte est partie."); });
        CHECK(desk.now().first_reply_at == answered_at);
        desk.act([&](soci::session& sql) { tickets::write_back(sql, desk.by(tests::citizen_actor()), "Merci, et ensuite ?", ""); });
        CHECK(desk.now().first_reply_at == answered_at); // reopened, it stays answered
    }
    SECTION("forwarding words") {
        desk.act([&](soci::session& sql) { tickets::forward(sql, desk.agent(), "carte_grise", "Cela relève de la carte grise."); });
        CHECK(desk.now().first_reply_at == answered_at);
    }
    SECTION("nothing is said") {
        desk.act([&](soci::session& sql) { tickets::close(sql, desk.agent(), "answered", ""); });
        CHECK_FALSE(desk.now().first_reply_at);
    }
    SECTION("nobody says it") {
        desk.act([&](soci::session& sql) { tickets::close(sql, desk.by({}), "incident_fixed", "Le défaut est corrigé."); });
        CHECK_FALSE(desk.now().first_reply_at);
    }
}

TEST_CASE("a note stays between colleagues", "[ticket]") {
    desk desk;
    desk.act([&](soci::session& sql) { tickets::note(sql, desk.agent(), "Voir avec le CERT."); });
    CHECK(desk.count("outbox WHERE kind <> 'acknowledgement'") == 0);
    auto visible = desk.database->read_now([&](soci::session& sql) { return messages::of(sql, desk.now().id, false); });
    CHECK(visible.size() == 1);
    CHECK(desk.now().status == "new");
}

TEST_CASE("two agents never overwrite each other silently", "[ticket]") {
    desk desk;
    auto seen = desk.now().version;
    desk.act([&](soci::session& sql) { tickets::note(sql, desk.agent(seen), "premier"); });
    CHECK_THROWS_AS(desk.act([&](soci::session& sql) { tickets::reply(sql, desk.agent(seen), "second"); }), conflict);
    CHECK(desk.count("message") == 2);
    CHECK(desk.count("outbox") == 1);
    desk.act([&](soci::session& sql) { tickets::reply(sql, desk.agent(seen + 1), "second, après lecture"); });
    CHECK(desk.count("message") == 3);
}

TEST_CASE("a closing needs a dossier or a stated reason", "[ticket]") {
    desk desk;
    CHECK_THROWS_AS(desk.act([&](soci::session& sql) { tickets::close(sql, desk.agent(), "", ""); }), invalid);
    CHECK(desk.now().status == "new");
    SECTION("a stated reason is enough") {
        desk.act([&](soci::session& sql) { tickets::close(sql, desk.agent(), "no_dossier_found", "Nous n'avons pas trouvé de dossier."); });
        CHECK(desk.now().status == "closed");
        CHECK(desk.count("outbox WHERE kind = 'closure'") == 1);
        CHECK_THROWS_AS(desk.act([&](soci::session& sql) { tickets::close(sql, desk.agent(), "again", ""); }), conflict);
    }
    SECTION("so is an information request") {
        desk.act([&](soci::session& sql) { tickets::categorise(sql, desk.agent(), "GEN-02"); });
        desk.act([&](soci::session& sql) { tickets::close(sql, desk.agent(), "", ""); });
        CHECK(desk.now().status == "closed");
    }
    SECTION("and a linked dossier, whose state is frozen") {
        auto dossier = desk.database->write_now([](soci::session& sql) {
            return sql::insert(sql, "INSERT INTO dossier (public_id, number, status) VALUES ('d1', 'PC1', 'UNDER_ASSESSMENT')");
        });
        CHECK_THROWS_AS(desk.act([&](soci::session& sql) { tickets::link_dossier(sql, desk.agent(), 999, ""); }), invalid);
        desk.act([&](soci::session& sql) { tickets::link_dossier(sql, desk.agent(), dossier, "NEPH dicté au téléphone"); });
        CHECK(desk.now().dossier_link == "linked");
        CHECK(desk.count("dossier_snapshot WHERE status = 'UNDER_ASSESSMENT'") == 1);
        desk.act([&](soci::session& sql) { tickets::close(sql, desk.agent(), "", ""); });
        CHECK(desk.now().closed_at.has_value());
    }
}

TEST_CASE("a citizen who writes back brings the ticket back to the queue", "[ticket]") {
    desk desk;
    desk.act([&](soci::session& sql) { tickets::close(sql, desk.agent(), "solved", ""); });
    CHECK(desk.count("ticket WHERE is_active = 1") == 0);
    desk.act([&](soci::session& sql) { tickets::write_back(sql, desk.by(tests::citizen_actor()), "Toujours bloqué !", ""); });
    CHECK(desk.now().status == "open");
    CHECK_FALSE(desk.now().closed_at);
    CHECK(desk.count("ticket WHERE is_active = 1") == 1);
    CHECK(desk.count("event WHERE action = 'ticket.reopened'") == 1);
}

TEST_CASE("solved twice is closed once", "[ticket]") {
    desk desk;
    for (int i = 0; i < 2; ++i) desk.act([&](soci::session& sql) { tickets::solved(sql, desk.by(tests::citizen_actor())); });
    CHECK(desk.now().closure_reason == "solved_by_citizen");
    CHECK(desk.count("event WHERE action = 'ticket.closed'") == 1);
    desk.act([&](soci::session& sql) { tickets::reopen(sql, desk.agent(), "erreur"); });
    CHECK(desk.now().status == "open");
    CHECK_THROWS_AS(desk.act([&](soci::session& sql) { tickets::reopen(sql, desk.agent(), "encore"); }), conflict);
}

TEST_CASE("a ticket forwarded to another service is closed and the citizen told", "[ticket]") {
    desk desk;
    desk.act([&](soci::session& sql) { tickets::forward(sql, desk.agent(), "carte_grise", "Votre demande concerne la carte grise."); });
    CHECK(desk.now().forwarded_to == "carte_grise");
    CHECK(desk.count("outbox WHERE kind = 'forwarding'") == 1);
}

TEST_CASE("satisfaction goes from 0 to 10", "[ticket]") {
    desk desk;
    for (int score : {-1, 11})
        CHECK_THROWS_AS(desk.act([&](soci::session& sql) { tickets::rate(sql, desk.by(tests::citizen_actor()), score, ""); }), invalid);
    for (int score : {0, 10}) desk.act([&](soci::session& sql) { tickets::rate(sql, desk.by(tests::citizen_actor()), score, "merci"); });
    CHECK(desk.now().satisfaction == 10);
}

TEST_CASE("a colleague who does not exist is given no ticket", "[ticket]") {
    desk desk;
    CHECK_THROWS_AS(desk.act([&](soci::session& sql) { tickets::assign(sql, desk.agent(), 12); }), invalid);
    desk.act([&](soci::session& sql) { tickets::assign(sql, desk.agent(), std::nullopt); });
    CHECK_FALSE(desk.now().assignee_id);
}

TEST_CASE("a new follow-up link revokes the old one", "[ticket]") {
    desk desk;
    auto old = desk.now().follow_up_hash;
    desk.act([&](soci::session& sql) { tickets::renew_link(sql, desk.agent(), "fresh"); });
    auto find = [&](const std::string& hash) {
        return desk.database->read_now([&](soci::session& sql) { return tickets::find_by_follow_up(sql, hash, 90, monday).has_value(); });
    };
    CHECK_FALSE(find(old));
    CHECK(find("fresh"));
    CHECK(desk.now().follow_up_generation == 2);
}
