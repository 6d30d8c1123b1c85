// SPDX-License-Identifier: EUPL-1.2
#include "server/mailer.hpp"

#include "api/secrets.hpp"
#include "model/outbox.hpp"
#include "model/reply_recall.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "model/ticket_actions.hpp"
#include "server/mail_message.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/smtp_sink.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <set>
#include <string>
#include <thread>

using namespace relais;
using namespace relais::server;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t monday = 1'795'424'400; // as tests::monday

struct row_state {
    std::string state, error, sent_hash, sent_copy, mail_message_id;
    std::int64_t attempts = 0, next_at = 0;
    auto fields() { return std::tie(state, error, sent_hash, sent_copy, mail_message_id, attempts, next_at); }
};

// A contact centre with its database, a mail server beside it, and a clock that the test sets.
struct post_office {
    tests::temporary_database database;
    api::settings config;
    api::catalogue texts{"templates/locales"};
    std::atomic<std::int64_t> clock = monday;
    std::unique_ptr<mail_composer> composer;
    std::unique_ptr<mailer> open;

    post_office() {
        config.share_dir = ".";
        config.base_url = "https://relais.example.test";
        composer = std::make_unique<mail_composer>(config, texts, mail_composer::identity{},
                                                   [](const std::string& reference, std::int64_t) { return "TOKEN-" + reference; });
    }
    ~post_office() { open.reset(); }

    void start(transport_factory transport, int workers = 2) {
        mailer_options options;
        options.workers = workers;
        options.poll = 20ms;
        options.pause = 50ms;
        options.grace = 2s;
        open = std::make_unique<mailer>(
            *database, *composer, std::move(transport), [this] { return model::at_seconds(clock); }, options);
        open->start();
    }
    void start(int port, int workers = 2) {
        smtp_settings settings;
        settings.host = "127.0.0.1", settings.port = port, settings.security = "none";
        start([settings](const auto& abandoned) { return smtp_transport(settings, abandoned); }, workers);
    }
    // A form sent by somebody whose every word is SENDER; returns the row of its acknowledgement.
    std::int64_t acknowledge(const std::string& reference, const std::string& recipient = "zoe@example.test", bool capped = false) {
        auto from = tests::sample_contact();
        from.requester.name = from.subject = from.body = from.portal.message = "SENDER";
        from.requester.email = recipient;
        from.is_anonymous = capped;
        from.name = [reference] { return model::ticket_name{reference, "hash-" + reference}; };
        auto now = model::at_seconds(clock);
        auto rows = database->write_now([=](soci::session& sql) {
            auto opened = model::tickets::open(sql, from, tests::citizen_actor(), now);
            return model::sql::all<std::int64_t>(sql, "SELECT id FROM outbox WHERE ticket_id = :id", opened.id);
        });
        REQUIRE(rows.size() == 1);
        return rows[0];
    }
    // An agent's answer; returns its row.
    std::int64_t answer(const std::string& reference, const std::string& body) {
        auto now = model::at_seconds(clock);
        return database->write_now([=](soci::session& sql) {
            auto message = model::tickets::reply(sql, {reference, 0, tests::agent_actor(), now}, body);
            return *model::sql::first<std::int64_t>(sql, "SELECT id FROM outbox WHERE message_id = :id", message);
        });
    }
    row_state row(std::int64_t id) {
        return database->read_now([=](soci::session& sql) {
            return *model::sql::first<row_state>(
                sql,
                "SELECT state, error, sent_hash, COALESCE(sent_copy, ''), mail_message_id, attempts, next_at FROM outbox WHERE id = :id",
                id);
        });
    }
    std::int64_t count(const std::string& rows) {
        return database->read_now(
            [=](soci::session& sql) { return *model::sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM outbox WHERE " + rows); });
    }
    // The moments at which mails left for somebody, each once.
    std::vector<std::int64_t> sent_at(const std::string& recipient) {
        return database->read_now([=](soci::session& sql) {
            return model::sql::all<std::int64_t>(sql, "SELECT DISTINCT sent_at FROM outbox WHERE recipient = :to ORDER BY sent_at",
                                                 recipient);
        });
    }
    std::string mail_state(std::int64_t outbox_id) {
        return database->read_now([=](soci::session& sql) {
            return *model::sql::first<std::string>(
                sql, "SELECT ticket.mail_state FROM ticket JOIN outbox ON outbox.ticket_id = ticket.id WHERE outbox.id = :id", outbox_id);
        });
    }
    template <class Condition> bool wait(Condition condition, std::chrono::milliseconds limit = 60s) {
        for (auto deadline = std::chrono::steady_clock::now() + limit; std::chrono::steady_clock::now() < deadline;
             std::this_thread::sleep_for(5ms))
            if (condition()) return true;
        return condition();
    }
    bool wait_for_state(std::int64_t id, const std::string& state) {
        return wait([&] { return row(id).state == state; });
    }
};

} // namespace

TEST_CASE("an acknowledgement leaves at once, once, and what left is kept without its key", "[mailer]") {
    post_office office;
    tests::temporary_folder folder;
    tests::smtp_sink sink{folder.path("mails")};
    office.start(sink.port());
    auto id = office.acknowledge("26-AAAA-AAAA");
    office.open->wake();
    REQUIRE(office.wait_for_state(id, "sent"));
    auto received = sink.wait_for(1);
    auto row = office.row(id);
    auto bytes = sink.bytes(received[0]);
    CHECK(row.sent_hash == api::sha256_hex(bytes));
    CHECK(row.sent_copy.find("TOKEN") == std::string::npos);
    CHECK(mails::read(row.sent_copy).text.find("/suivi/***") != std::string::npos);
    CHECK(mails::read(bytes).text.find("/suivi/TOKEN-26-AAAA-AAAA") != std::string::npos);
    CHECK(bytes.find("SENDER") == std::string::npos);
    CHECK(received[0]["envelope"]["from"] == "");
    CHECK(received[0]["message_id"] == "<" + std::to_string(id) + "." + row.mail_message_id + "@example.test>");
    std::this_thread::sleep_for(100ms);
    CHECK(sink.mails().size() == 1);
    CHECK(office.wait([&] { return office.open->counters().sent == 1; }));
}

TEST_CASE("an answer reaches the citizen in the thread of the acknowledgement", "[mailer]") {
    post_office office;
    tests::temporary_folder folder;
    tests::smtp_sink sink{folder.path("mails")};
    office.start(sink.port());
    auto first = office.acknowledge("26-AAAA-AAAA");
    REQUIRE(office.wait_for_state(first, "sent"));
    auto id = office.answer("26-AAAA-AAAA", "Votre dossier a été corrigé.\n.\nVous pouvez recommencer.");
    office.open->wake();
    CHECK_FALSE(office.wait([&] { return office.row(id).state == "sent"; }, 300ms)); // its author may still take it back
    office.clock += model::reply_recalls::delay.count();
    office.open->wake();
    REQUIRE(office.wait_for_state(id, "sent"));
    auto received = sink.wait_for(2);
    auto text = mails::read(sink.bytes(received[1])).text;
    CHECK(text.find("Votre dossier a été corrigé.\n.\nVous pouvez recommencer.\n") != std::string::npos);
    CHECK(text.find("Camille Martin, conseillère\n") != std::string::npos);
    CHECK(text.find("/suivi/TOKEN-26-AAAA-AAAA") != std::string::npos);
    CHECK(received[1]["envelope"]["from"] == "assistance@example.test");
    CHECK("<" + mails::read(sink.bytes(received[1])).in_reply_to + ">" == received[0]["message_id"].get<std::string>());
}

TEST_CASE("two hundred mails and four workers: each person gets one", "[mailer]") {
    post_office office;
    tests::temporary_folder folder;
    tests::smtp_sink sink{folder.path("mails")};
    std::vector<std::int64_t> ids;
    for (int i = 0; i < 200; ++i)
        ids.push_back(office.acknowledge("26-" + std::to_string(1000 + i), "person" + std::to_string(i) + "@example.test"));
    office.start(sink.port(), 4);
    REQUIRE(office.wait([&] { return office.open->counters().sent == 200; }, 60s));
    std::set<std::string> recipients;
    for (const auto& mail : sink.wait_for(200)) recipients.insert(mail["envelope"]["to"][0].get<std::string>());
    CHECK(recipients.size() == 200);
    CHECK(sink.mails().size() == 200);
    CHECK(office.row(ids[0]).state == "sent");
}

TEST_CASE("a server that asks to come back gets the mail a minute later", "[mailer]") {
    post_office office;
    tests::temporary_folder folder;
    tests::smtp_sink sink{folder.path("mails"), {"--greylist"}};
    office.start(sink.port());
    auto id = office.acknowledge("26-AAAA-AAAA", "zoe@example.test", true);
    REQUIRE(office.wait([&] { return office.open->counters().retried == 1; }));
    CHECK(office.row(id).state == "waiting");
    CHECK(office.row(id).next_at == monday + 60);
    CHECK(office.row(id).error.starts_with("451"));
    office.clock = monday + 59;
    std::this_thread::sleep_for(100ms);
    CHECK(sink.mails().empty());
    office.clock = monday + 60;
    CHECK(office.wait_for_state(id, "sent"));
    CHECK(sink.wait_for(1).size() == 1);
}

TEST_CASE("an address that refuses for good is shown to the agents, and delays nobody else", "[mailer]") {
    post_office office;
    tests::temporary_folder folder;
    tests::smtp_sink sink{folder.path("mails"), {"--reject", "nobody@example.test"}};
    auto bad = office.acknowledge("26-AAAA-AAAA", "nobody@example.test");
    auto good = office.acknowledge("26-BBBB-BBBB");
    office.start(sink.port(), 1);
    REQUIRE(office.wait_for_state(bad, "failed"));
    REQUIRE(office.wait_for_state(good, "sent"));
    CHECK(office.mail_state(bad) == "unreachable");
    CHECK(office.mail_state(good) == "");
    CHECK(office.row(bad).error.find("nobody") == std::string::npos);
    CHECK(office.row(bad).error.starts_with("550"));
    CHECK(office.wait([&] { return office.open->counters().failed == 1; }));
    auto events = office.database->read_now([](soci::session& sql) {
        return model::sql::all<std::string>(sql, "SELECT action FROM event WHERE object_kind = 'ticket' ORDER BY id");
    });
    CHECK(std::count(events.begin(), events.end(), "ticket.mail_unreachable") == 1);
}

TEST_CASE("five days without a success end the attempts", "[mailer]") {
    post_office office;
    std::atomic<int> tries = 0;
    auto id = office.acknowledge("26-AAAA-AAAA");
    office.start(
        [&tries](const auto&) {
            return [&tries](const composed_mail&) {
                ++tries;
                return delivery{delivery::outcome::temporary, 451, "451 later"};
            };
        },
        1);
    for (int i = 0; i < 200 && office.row(id).state == "waiting"; ++i) {
        auto before = tries.load();
        office.clock = std::max<std::int64_t>(office.clock, office.row(id).next_at);
        office.wait([&] { return tries > before || office.row(id).state != "waiting"; }, 2s);
        office.wait([&] { return office.row(id).next_at > office.clock || office.row(id).state != "waiting"; }, 2s);
    }
    CHECK(office.row(id).state == "failed");
    CHECK(office.mail_state(id) == "unreachable");
    CHECK(office.clock - monday <= 5 * 24 * 3600);
    CHECK(office.clock - monday > 5 * 24 * 3600 - 4 * 3600);
    CHECK(tries == 34);
}

TEST_CASE("a mail server that is away takes no mail's turn: all leave as soon as it is back", "[mailer]") {
    post_office office;
    tests::temporary_folder folder;
    auto first = std::make_unique<tests::smtp_sink>(folder.path("mails"));
    auto port = first->port();
    first.reset();
    for (int i = 0; i < 40; ++i) office.acknowledge("26-" + std::to_string(1000 + i), "person" + std::to_string(i) + "@example.test");
    office.start(port);
    REQUIRE(office.wait([&] { return office.open->counters().retried >= 3; }));
    std::this_thread::sleep_for(300ms);
    auto tried = office.open->counters().retried.load();
    CHECK(tried < 30);
    tests::smtp_sink second{folder.path("mails"), {"--port", std::to_string(port)}};
    CHECK(office.wait([&] { return office.open->counters().sent + office.open->counters().retried >= 40; }));
    office.clock = monday + 3600;
    CHECK(office.wait([&] { return office.open->counters().sent == 40; }));
    CHECK(second.wait_for(40).size() == 40);
}

TEST_CASE("a process that dies between the sending and the mark sends again under the same Message-ID", "[mailer]") {
    post_office office;
    tests::temporary_folder folder;
    tests::smtp_sink sink{folder.path("mails")};
    auto id = office.acknowledge("26-AAAA-AAAA");
    {
        // What a dead process leaves behind: the message is gone out, the row is under its lease.
        model::outgoing_mails::claim_terms terms;
        terms.owner = "dead";
        auto now = model::at_seconds(monday);
        auto groups = office.database->write_now([=](soci::session& sql) { return model::outgoing_mails::claim(sql, terms, now).groups; });
        auto facts = office.database->read_now([=](soci::session& sql) { return model::outgoing_mails::facts(sql, groups.at(0).front()); });
        smtp_settings settings;
        settings.host = "127.0.0.1", settings.port = sink.port(), settings.security = "none";
        std::atomic<bool> abandoned = false;
        REQUIRE(smtp_transport(settings, abandoned)(office.composer->compose(groups.at(0), {facts}, now)).is == delivery::outcome::sent);
    }
    office.start(sink.port());
    std::this_thread::sleep_for(100ms);
    CHECK(sink.mails().size() == 1); // the lease holds
    office.database->write_now(
        [=](soci::session& sql) { return model::sql::change(sql, "UPDATE outbox SET lease_until = 1 WHERE id = :id", id); });
    REQUIRE(office.wait_for_state(id, "sent"));
    auto received = sink.wait_for(2);
    CHECK(received[0]["message_id"] == received[1]["message_id"]);
    CHECK(sink.bytes(received[0]) == sink.bytes(received[1]));
    CHECK(office.wait([&] { return office.open->counters().sent == 1; }));
}

TEST_CASE("an answer lost on the way is sent again under the same Message-ID", "[mailer]") {
    post_office office;
    tests::temporary_folder folder;
    tests::smtp_sink sink{folder.path("mails"), {"--drop", "1"}};
    office.start(sink.port());
    auto id = office.acknowledge("26-AAAA-AAAA");
    REQUIRE(office.wait([&] { return office.open->counters().retried == 1; }));
    office.clock = monday + 60;
    REQUIRE(office.wait_for_state(id, "sent"));
    auto received = sink.wait_for(2);
    CHECK(received[0]["message_id"] == received[1]["message_id"]);
}

TEST_CASE("a hundred forms that name a stranger write to the stranger once in ten minutes", "[mailer]") {
    post_office office;
    tests::temporary_folder folder;
    tests::smtp_sink sink{folder.path("mails")};
    std::vector<std::int64_t> ids;
    for (int i = 0; i < 100; ++i) ids.push_back(office.acknowledge("26-" + std::to_string(1000 + i), "victim@example.test", true));
    office.start(sink.port());
    for (int minute = 0; minute < 60; ++minute) { // somebody else's mail has left: what was due before it was looked at
        office.clock = monday + minute * 60;
        auto other = office.acknowledge("26-M" + std::to_string(minute), "other" + std::to_string(minute) + "@example.test", true);
        REQUIRE(office.wait_for_state(other, "sent"));
        REQUIRE(office.wait([&] { return office.count("state = 'waiting' AND lease_until > 0") == 0; })); // nothing is on its way
    }
    REQUIRE(office.wait([&] { return office.open->counters().sent + office.open->counters().grouped == 160; }));
    std::string whole;
    auto mails_to_victim = 0;
    for (const auto& mail : sink.wait_for(65)) {
        if (mail["envelope"]["to"] != nlohmann::json::array({"victim@example.test"})) continue;
        ++mails_to_victim;
        whole += mails::read(sink.bytes(mail)).text;
    }
    CHECK(mails_to_victim == 5); // of twenty at most
    for (int i = 0; i < 100; ++i) CHECK(whole.find("TOKEN-26-" + std::to_string(1000 + i)) != std::string::npos);
    auto moments = office.sent_at("victim@example.test");
    REQUIRE(moments.size() == 5);
    for (std::size_t i = 1; i < moments.size(); ++i) CHECK(moments[i] - moments[i - 1] >= 600);
}

TEST_CASE("a stop lets the mail under way finish and gives the others back", "[mailer]") {
    post_office office;
    tests::temporary_folder folder;
    tests::smtp_sink sink{folder.path("mails"), {"--tarpit", "400"}};
    for (int i = 0; i < 10; ++i) office.acknowledge("26-" + std::to_string(1000 + i), "person" + std::to_string(i) + "@example.test");
    office.start(sink.port(), 1);
    REQUIRE(office.wait([&] { return sink.was_asked(); }));
    office.open->stop();
    auto sent = office.open->counters().sent.load();
    CHECK(sent >= 1);
    CHECK(static_cast<std::int64_t>(sink.mails().size()) == sent);
    auto free = office.database->read_now([](soci::session& sql) {
        return *model::sql::first<std::int64_t>(sql,
                                                "SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND lease_until = 0 AND attempts = 0");
    });
    CHECK(free == 10 - sent);
}

TEST_CASE("a stop does not wait for a mail server that never answers", "[mailer]") {
    post_office office;
    tests::temporary_folder folder;
    tests::smtp_sink sink{folder.path("mails"), {"--tarpit", "60000"}};
    auto id = office.acknowledge("26-AAAA-AAAA");
    office.start(sink.port(), 1);
    REQUIRE(office.wait([&] { return sink.was_asked(); }));
    auto start = std::chrono::steady_clock::now();
    office.open->stop();
    CHECK(std::chrono::steady_clock::now() - start < 5s);
    CHECK(office.row(id).state == "waiting");
    CHECK(office.row(id).next_at == monday + 60);
}

TEST_CASE("without a mail server, mails are kept in the folder", "[mailer]") {
    post_office office;
    mail_folder folder{office.database.folder().path("mail")};
    office.start([&folder](const auto&) { return folder_transport(folder); });
    auto id = office.acknowledge("26-AAAA-AAAA");
    REQUIRE(office.wait_for_state(id, "sent"));
    auto kept = folder.list();
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].content.to_address == "zoe@example.test");
    CHECK(kept[0].content.text.find("TOKEN-26-AAAA-AAAA") != std::string::npos);
}

TEST_CASE("a mail whose template is missing waits for it, an address that is none is given up", "[mailer]") {
    post_office office;
    mail_folder folder{office.database.folder().path("mail")};
    model::outbox_entry odd;
    odd.unique_key = "odd", odd.kind = "unknown", odd.recipient = "zoe@example.test";
    auto odd_id = office.database->write_now([=](soci::session& sql) { return model::outbox::add(sql, odd, model::at_seconds(monday)); });
    auto bad = office.acknowledge("26-AAAA-AAAA", "zoe@example.test\r\nBcc: x@example.test");
    office.start([&folder](const auto&) { return folder_transport(folder); });
    REQUIRE(office.wait_for_state(bad, "failed"));
    REQUIRE(office.wait([&] { return office.row(odd_id).attempts == 1 && office.row(odd_id).next_at == monday + 60; }));
    CHECK(folder.list().empty());
}
