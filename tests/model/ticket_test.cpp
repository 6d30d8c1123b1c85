// SPDX-License-Identifier: EUPL-1.2
#include "model/error.hpp"
#include "model/message.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "model/ticket_facts.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using tests::monday, tests::sample_contact, tests::citizen_actor;

namespace {

opened_ticket open_one(tests::temporary_database& database, const contact& from) {
    return database->write_now([&](soci::session& sql) { return tickets::open(sql, from, citizen_actor(), monday); });
}

std::int64_t count(tests::temporary_database& database, const std::string& table) {
    return database->read_now([&](soci::session& sql) { return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + table); });
}

} // namespace

TEST_CASE("a contact becomes a ticket with its message, its event and one acknowledgement", "[ticket]") {
    tests::temporary_database database;
    auto opened = open_one(database, sample_contact());
    auto found = database->read_now([&](soci::session& sql) { return tickets::get(sql, opened.reference); });
    CHECK(found.status == "new");
    CHECK(found.subject == "Date de naissance refusée");
    CHECK(found.received_at == monday);
    CHECK(found.dossier_link == "none");
    CHECK_FALSE(found.closed_at);
    auto messages = database->read_now([&](soci::session& sql) { return messages::of(sql, found.id, false); });
    REQUIRE(messages.size() == 1);
    CHECK(messages[0].body == sample_contact().body);
    for (auto* table : {"ticket", "citizen", "event", "outbox", "registry_lookup", "grouping_queue"}) CHECK(count(database, table) == 1);
}

TEST_CASE("the event of an opening keeps what rules look at, as the ticket has it", "[ticket]") {
    tests::temporary_database database;
    auto from = sample_contact();
    from.category = "A01", from.flags = "neph_suspect phone_suspect", from.department = "974";
    auto opened = open_one(database, from);
    auto look = [&](soci::session& sql) { return std::pair(events::of(sql, "ticket", opened.id), *ticket_facts::of(sql, opened.id)); };
    auto [told, facts] = database->read_now(look);
    REQUIRE(told.size() == 1);
    CHECK(nlohmann::json::parse(told[0].data)[ticket_facts::key] == ticket_facts::write(facts));
}

TEST_CASE("without a mail address the acknowledgement is a letter", "[ticket]") {
    tests::temporary_database database;
    auto from = sample_contact();
    from.requester.email.clear();
    from.requester.postal_address = "3 rue de l'Église, 08000 Charleville-Mézières";
    open_one(database, from);
    auto medium = database->read_now([](soci::session& sql) { return *sql::first<std::string>(sql, "SELECT medium FROM outbox"); });
    CHECK(medium == "letter");
}

TEST_CASE("an import sends nothing", "[ticket]") {
    tests::temporary_database database;
    auto from = sample_contact();
    from.is_silent = true;
    open_one(database, from);
    CHECK(count(database, "outbox") == 0);
}

TEST_CASE("a reference already taken is drawn again", "[ticket]") {
    tests::temporary_database database;
    open_one(database, sample_contact(1));
    auto second = sample_contact(2);
    auto fresh = second.name;
    int drawn = 0;
    second.name = [&] { return drawn++ ? fresh() : sample_contact(1).name(); };
    CHECK(open_one(database, second).reference == fresh().reference);
    auto stuck = sample_contact(1);
    CHECK_THROWS_AS(open_one(database, stuck), busy);
    CHECK(count(database, "ticket") == 2);
}

TEST_CASE("a person who writes about another keeps both apart", "[ticket]") {
    tests::temporary_database database;
    auto from = sample_contact();
    from.subject_person = person{};
    from.subject_person->name = from.subject_person->birth_name = "Lefèvre";
    from.relation = "parent";
    auto opened = open_one(database, from);
    auto found = database->read_now([&](soci::session& sql) { return tickets::get(sql, opened.id); });
    CHECK(found.requester_id != found.subject_person_id);
    CHECK(count(database, "citizen") == 2);
}

TEST_CASE("the follow-up link opens its ticket until some days after the closing", "[ticket]") {
    tests::temporary_database database;
    auto opened = open_one(database, sample_contact());
    auto hash = sample_contact().name().follow_up_hash;
    auto find = [&](sys_seconds now, const std::string& given) {
        return database->read_now([&](soci::session& sql) { return tickets::find_by_follow_up(sql, given, 90, now).has_value(); });
    };
    CHECK(find(monday, hash));
    CHECK_FALSE(find(monday, "hash-of-another"));
    CHECK_FALSE(find(monday, ""));
    auto close = [&](soci::session& sql) { sql::change(sql, "UPDATE ticket SET closed_at = :now WHERE id = :id", monday, opened.id); };
    database->write_now(close);
    CHECK(find(monday + std::chrono::hours(24 * 90), hash));
    CHECK_FALSE(find(monday + std::chrono::hours(24 * 90) + std::chrono::seconds(1), hash));
}

TEST_CASE("earlier tickets of the same person are found by mail, telephone or birth", "[ticket]") {
    tests::temporary_database database;
    auto first = sample_contact(1), by_phone = sample_contact(2), by_birth = sample_contact(3), stranger = sample_contact(4);
    by_birth.requester.phone.clear(), by_birth.requester.birth_name = "NDIAYE";
    by_birth.requester.birth_name = "n'diaye";
    stranger.requester.phone.clear(), stranger.requester.birth_date = "1962-05-04";
    auto base = open_one(database, first);
    auto phone = open_one(database, by_phone), birth = open_one(database, by_birth);
    open_one(database, stranger);
    auto found = database->read_now([&](soci::session& sql) { return tickets::previous(sql, tickets::get(sql, base.id)); });
    std::vector<std::int64_t> ids;
    for (const auto& each : found) ids.push_back(each.id);
    CHECK(ids == std::vector<std::int64_t>{birth.id, phone.id});
}

TEST_CASE("an unknown reference is not found", "[ticket]") {
    tests::temporary_database database;
    CHECK_THROWS_AS(database->read_now([](soci::session& sql) { return tickets::get(sql, "26-ZZZZ-ZZZZ"); }), not_found);
}
