// SPDX-License-Identifier: EUPL-1.2
#include "api/ticket_import.hpp"
#include "model/message.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "model/ticket_facts.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace relais;
using model::at_seconds;

namespace {

const auto now = at_seconds(1'795'600'000); // 25 November 2026

struct importing {
    tests::temporary_database database;
    api::secrets keys{std::string(32, 'k')};
    api::settings config;
    std::vector<std::string> bad;

    model::import_counts run(const std::string& lines) {
        std::istringstream in(lines);
        model::import_report report;
        report.bad_line = [this](std::uint64_t line, std::string_view field, std::string_view code) {
            bad.push_back(std::to_string(line) + " " + std::string(field) + " " + std::string(code));
        };
        return api::import_tickets(*database, keys, config, in, now, report);
    }
    template <class Row> std::vector<Row> rows(std::string_view text) {
        return database->read_now([text](soci::session& sql) { return model::sql::all<Row>(sql, text); });
    }
};

std::string line(const std::string& key, const std::string& more = "") {
    return R"({"external_id":")" + key +
           R"(","requester":{"name":"Amélie Roux","email":"amelie@example.test"},"procedure":"RENEWAL","department":"35",)"
           R"("subject":"Date de naissance refusée","body":"Le site refuse ma date de naissance depuis lundi.")" +
           more + "}\n";
}

} // namespace

TEST_CASE("what nobody needs to read is masked in every message of an import", "[import]") {
    importing here;
    here.run(line("M-1", R"(,"messages":[{"at":"2026-09-02T09:00:00Z","from":"citizen","body":"carte 4111 1111 1111 1111"},)"
                         R"({"at":"2026-09-03T09:00:00Z","from":"agent","body":"sécu 1 84 12 76 451 089 46"}])"));
    CHECK(here.bad.empty());
    auto bodies = here.rows<std::string>("SELECT body FROM message ORDER BY id");
    REQUIRE(bodies.size() == 3);
    CHECK(bodies[1] == "carte **** **** **** 1111");
    CHECK(bodies[2] == "sécu * ** ** ** *** *** **");
}

TEST_CASE("an imported ticket has lived: its messages, its end, its own dates", "[import]") {
    importing here;
    auto past = R"(,"received_at":"2026-09-01T08:00:00Z","status":"closed","closed_at":"2026-09-04T10:00:00Z","channel":"phone",)"
                R"("category":"ACC-01","messages":[{"at":"2026-09-02T09:00:00Z","from":"agent","body":"Bonjour, c'est corrigé."},)"
                R"({"at":"2026-09-03T09:00:00Z","from":"citizen","body":"Merci !"}])";
    auto counts = here.run(line("A-1", past));
    CHECK(here.bad.empty());
    REQUIRE(counts.added == 1);
    auto reference = here.rows<std::string>("SELECT reference FROM ticket").at(0);
    auto ticket = here.database->read_now([&](soci::session& sql) { return model::tickets::get(sql, reference); });
    CHECK(ticket.status == "closed");
    CHECK(ticket.channel == "phone");
    CHECK(ticket.category == "ACC-01");
    CHECK(ticket.category_state == "confirmed");
    CHECK(ticket.received_at == at_seconds(1'788'249'600));
    CHECK(ticket.first_reply_at == at_seconds(1'788'339'600));
    CHECK(ticket.closed_at == at_seconds(1'788'516'000));
    auto said = here.database->read_now([&](soci::session& sql) { return model::messages::of(sql, ticket.id, true); });
    REQUIRE(said.size() == 3);
    CHECK(said[1].kind == "reply");
    CHECK(said[2].body == "Merci !");
    auto end = nlohmann::json::parse(here.rows<std::string>("SELECT data FROM event WHERE action = 'ticket.closed'").at(0));
    CHECK(model::ticket_facts::read(end[model::ticket_facts::key]).status == "closed"); // what rules are told of that moment
}

TEST_CASE("an import never sends mail, and the same file again changes nothing", "[import]") {
    importing here;
    auto file = line("A-1") + line("A-2", R"(,"status":"waiting")") + line("A-3");
    CHECK(here.run(file).added == 3);
    CHECK(here.rows<std::int64_t>("SELECT id FROM outbox").empty());
    auto again = here.run(file + line("A-4"));
    CHECK(again.added == 1);
    CHECK(again.unchanged == 3);
    CHECK(here.rows<std::int64_t>("SELECT id FROM ticket").size() == 4);
}

TEST_CASE("every bad line is told with its number and reason, and the good ones are kept", "[import]") {
    importing here;
    auto counts = here.run(line("A-1") + "{not json}\n" + line("A-2", R"(,"status":"merged")") + line("A-3", R"(,"colour":"red")") +
                           line("A-4", R"(,"received_at":"yesterday")") + "\n" + line("", "") + line("A-5") + R"({"external_id":"A-6"})");
    CHECK(counts.added == 2);
    CHECK(counts.refused == 6);
    CHECK(counts.lines == 9);
    auto told = [&](const std::string& start) {
        return std::any_of(here.bad.begin(), here.bad.end(), [&](const auto& each) { return each.starts_with(start); });
    };
    for (auto start : {"2 ", "3 status unknown", "4 colour unknown", "5 received_at time", "7 external_id", "9 requester"}) {
        INFO(start);
        CHECK(told(start));
    }
    CHECK_FALSE(told("1 "));
    CHECK_FALSE(told("8 "));
}

TEST_CASE("a file longer than a transaction is imported whole", "[import]") {
    importing here;
    std::string file;
    for (int i = 0; i < 450; ++i) file += line("N-" + std::to_string(i));
    CHECK(here.run(file).added == 450);
}
