// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/fill.hpp"

#include "model/demo/incidents.hpp"
#include "model/demo/stream.hpp"
#include "model/dossier.hpp"
#include "model/message.hpp"
#include "model/reference.hpp"
#include "model/sha256.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <set>
#include <stdexcept>

using namespace relais::model;
using namespace relais::model::demo;

namespace {

constexpr auto monday_noon = sys_seconds{std::chrono::seconds{1'795'435'200}};

fill_ways plain_ways() {
    fill_ways ways;
    ways.follow_up_hash = [](const std::string& reference) { return std::string(64 - reference.size(), '0') + reference; };
    return ways;
}

std::int64_t count(relais::tests::temporary_database& on, const std::string& what) {
    return on->read_now([&](soci::session& sql) { return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + what); });
}

// Of a table: two columns of text and a moment of each row.
std::string told(soci::session& sql, const std::string& columns) {
    std::string text;
    for (const auto& [one, other, at] :
         sql::all<std::tuple<std::string, std::string, std::int64_t>>(sql, "SELECT " + columns + " ORDER BY id"))
        text += fmt::format("{}\t{}\t{}\n", one, other, at);
    return text;
}

} // namespace

// The order in which a compiler takes the arguments of a call is its own affair: each draw is a statement.
TEST_CASE("a seed gives one demonstration, whoever compiles it", "[demo]") {
    relais::tests::temporary_database on;
    fill(*on, {7, 2'000, 500, monday_noon, 0xff}, plain_ways());
    auto whole = on->read_now([](soci::session& sql) {
        return told(sql, "number, birth_name, 0 FROM dossier") + told(sql, "status, status_since, 0 FROM dossier") +
               told(sql, "reference, portal_message, received_at FROM ticket") + told(sql, "kind, body, created_at FROM message") +
               told(sql, "phone, outcome, started_at_us FROM phone_call") +
               told(sql, "phone, state, COALESCE(slot_starts_at, 0) FROM callback");
    });
    CHECK(sha256::hex(whole) == "45c00ae4f0f4c22839233cff8f1da18af57883b8ac527c660ecd1e28e4a40678");
}

TEST_CASE("the demonstration fills an empty database once", "[demo]") {
    relais::tests::temporary_database on;
    options wanted{1, 2'000, 600, monday_noon, 0xff};
    std::uint64_t said = 0;
    auto ways = plain_ways();
    ways.progress = [&](std::uint64_t, std::uint64_t tickets) { said = tickets; };
    auto counts = fill(*on, wanted, ways);
    CHECK(said == 600);
    CHECK(counts.dossiers == 2'000);
    CHECK(counts.tickets == 600);
    CHECK(count(on, "dossier") == 2'000);
    CHECK(count(on, "ticket") == 600);
    CHECK(count(on, "message") == static_cast<std::int64_t>(counts.messages));
    CHECK(count(on, "ticket WHERE dossier_link = 'linked'") == static_cast<std::int64_t>(counts.linked));
    CHECK(count(on, "dossier_snapshot") == static_cast<std::int64_t>(counts.linked));
    CHECK(count(on, "grouping_queue") == 600);
    CHECK(count(on, "event WHERE action = 'ticket.opened'") == 600);
    CHECK(count(on, "outbox WHERE kind <> 'acknowledgement' OR state <> 'sent'") == 0);
    CHECK(count(on, "outbox") == count(on, "ticket, citizen WHERE citizen.id = ticket.requester_id AND citizen.email <> ''"));
    CHECK_THROWS_AS(fill(*on, wanted, ways), std::runtime_error);
    CHECK(on->read_now([](soci::session& sql) { return state_of_fill(sql); }) == fill_state::done);
}

TEST_CASE("what was generated is what is stored", "[demo]") {
    relais::tests::temporary_database on;
    options wanted{2, 1'000, 300, monday_noon, 0xff};
    fill(*on, wanted, plain_ways());
    std::vector<demo_ticket> made;
    stream(wanted, nullptr, [&](const demo_ticket& one) { made.push_back(one); });
    on->read_now([&](soci::session& sql) {
        for (const auto& from : made) {
            auto stored = tickets::get(sql, demo_reference(wanted, from.index, from.received_at));
            CHECK(stored.subject == from.subject);
            CHECK(stored.status == from.status);
            CHECK(stored.received_at == from.received_at);
            CHECK(stored.closed_at == from.closed_at);
            CHECK(stored.due_at > from.received_at);
            CHECK(stored.first_reply_at.has_value() == from.category_confirmed);
            auto talk = messages::of(sql, stored.id, true);
            CHECK(talk.size() == 1 + from.messages.size());
            CHECK(talk.front().created_at == from.received_at);
            if (!stored.dossier_id) continue;
            auto frozen = dossiers::snapshots_of_ticket(sql, stored.id);
            REQUIRE(frozen.size() == 1);
            CHECK(frozen.front().status == from.state_at_contact->status);
            CHECK(frozen.front().error_code == from.state_at_contact->error_code);
            CHECK(dossiers::find(sql, *stored.dossier_id)->procedure_code == from.procedure);
        }
    });
}

TEST_CASE("each ticket has a reference of its own that the telephone can check", "[demo]") {
    std::set<std::string> seen;
    options wanted{1, 0, 0, monday_noon, 0xff};
    for (std::uint64_t number = 0; number < 20'000; ++number) {
        auto reference = demo_reference(wanted, number, monday_noon);
        if (number % 100 == 0) CHECK(references::read(reference) == reference);
        seen.insert(std::move(reference));
    }
    CHECK(seen.size() == 20'000);
}

TEST_CASE("the bug of each ticket is told back, and of a ticket that is not the generator's nothing", "[demo]") {
    ticket_truths truths;
    truths.note(100, "photo"), truths.note(101, ""), truths.note(103, "date"), truths.note(104, "photo"), truths.note(104, "photo");
    CHECK(*truths.bug_of(100) == "photo");
    CHECK(truths.bug_of(101)->empty());
    CHECK(*truths.bug_of(103) == "date");
    CHECK(*truths.bug_of(104) == "photo");
    for (auto stranger : {0, 99, 102, 105}) CHECK(truths.bug_of(stranger) == nullptr);
    CHECK_THROWS_AS(truths.note(7, "late"), std::logic_error);
}
