// SPDX-License-Identifier: EUPL-1.2
#include "model/journal.hpp"

#include "model/event.hpp"
#include "model/event_mark.hpp"
#include "model/sql.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using after = std::chrono::seconds;
using tests::monday;

namespace {

void happen(tests::temporary_database& database, int count, sys_seconds at) {
    database->write_now([=](soci::session& sql) {
        for (int i = 0; i < count; ++i) events::record(sql, tests::agent_actor(), "ticket.read", "ticket", i, {{"n", i}}, at);
    });
}
std::int64_t seal(tests::temporary_database& database, sys_seconds now) {
    return database->write_now([=](soci::session& sql) {
        event_marks::note(sql, now);
        return journal::seal(sql, now);
    });
}
void tamper(tests::temporary_database& database, const std::string& statement) {
    database->write_now([&](soci::session& sql) { sql::change(sql, statement); });
}

// Every minute, until what has happened by then is sealed.
std::int64_t seal_for(tests::temporary_database& database, int minutes, sys_seconds from) {
    std::int64_t sealed = 0;
    for (int i = 0; i < minutes; ++i)
        while (auto some = seal(database, from + after(60 * i))) sealed += some;
    return sealed;
}

// Three blocks of ten events.
struct sealed_journal {
    tests::temporary_database database;
    sealed_journal() {
        for (int i = 0; i < 3; ++i) {
            happen(database, 10, monday + after(i * 180));
            seal_for(database, 3, monday + after(i * 180));
        }
    }
};

} // namespace

TEST_CASE("events are sealed once they have been there for a minute, each once", "[journal]") {
    tests::temporary_database database;
    happen(database, 10, monday);
    CHECK(seal(database, monday) == 0); // seen
    happen(database, 5, monday + after(30));
    CHECK(seal(database, monday + after(59)) == 0);
    CHECK(seal(database, monday + after(60)) == 10); // and the five are seen
    CHECK(seal(database, monday + after(60)) == 0);
    CHECK(seal(database, monday + after(120)) == 5);
    CHECK(seal(database, monday + after(180)) == 0);
    auto found = journal::verify(*database);
    CHECK(found.is_whole);
    CHECK(found.blocks == 2);
    CHECK(found.events == 15);
    CHECK(found.last_hash.size() == 64);
}

TEST_CASE("what an import dates from last year is not sealed before what was being written beside it", "[journal]") {
    tests::temporary_database database;
    happen(database, 3, monday);
    tamper(database, "DELETE FROM event WHERE id = 2"); // as seen by others while its transaction lasts
    happen(database, 1, monday - after(365 * 86400));
    CHECK(seal(database, monday + after(59)) == 0);
    tamper(database, "INSERT INTO event (id, at_us, actor_kind, action, object_kind, object_id) VALUES (2, 1, 'staff', 'x', 'ticket', 1)");
    CHECK(seal_for(database, 3, monday + after(60)) == 4);
    CHECK(journal::verify(*database).is_whole);
}

TEST_CASE("a long silence is sealed block after block", "[journal]") {
    tests::temporary_database database;
    happen(database, journal::block_limit + 1, monday);
    CHECK(seal(database, monday) == 0);
    CHECK(seal(database, monday + after(100)) == journal::block_limit);
    CHECK(seal(database, monday + after(100)) == 1);
    CHECK(journal::verify(*database).events == journal::block_limit + 1);
}

TEST_CASE("an event altered, added, taken away or a block rewritten shows", "[journal]") {
    struct line {
        const char* statement;
        std::int64_t block;
        const char* why;
    };
    for (auto [statement, block, why] : {line{"UPDATE event SET actor_name = 'Personne' WHERE id = 15", 2, "content"},
                                         {"UPDATE event SET data = '{}' WHERE id = 1", 1, "content"},
                                         {"UPDATE event SET at_us = at_us + 1 WHERE id = 30", 3, "content"},
                                         {"DELETE FROM event WHERE id = 12", 2, "content"},
                                         {"DELETE FROM event WHERE id = 10", 1, "content"},
                                         {"UPDATE event SET id = 500 WHERE id = 20", 2, "content"},
                                         {"DELETE FROM event_block WHERE id = 2", 3, "chain"},
                                         {"UPDATE event_block SET hash = previous_hash WHERE id = 2", 2, "content"},
                                         {"UPDATE event SET action = 'x', data = 'y' WHERE id = 21", 3, "content"}}) {
        INFO(statement);
        sealed_journal journal;
        tamper(journal.database, statement);
        auto found = journal::verify(*journal.database);
        CHECK_FALSE(found.is_whole);
        CHECK(found.broken_block == block);
        CHECK(found.why == why);
    }
}

TEST_CASE("a tail that was cut shows by the hash written down elsewhere", "[journal]") {
    sealed_journal journal;
    auto noted = journal::verify(*journal.database).last_hash;
    tamper(journal.database, "DELETE FROM event WHERE id > 20");
    tamper(journal.database, "DELETE FROM event_block WHERE id = 3");
    auto found = journal::verify(*journal.database);
    CHECK(found.is_whole);
    CHECK(found.last_hash != noted);
}
