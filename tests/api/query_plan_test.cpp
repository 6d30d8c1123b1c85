// SPDX-License-Identifier: EUPL-1.2
// No page reads a table that grows with the tickets or the dossiers from one end to the other, on either database.
#include "tests/support/query_plan.hpp"

#include "model/escalation_rule.hpp"
#include "model/sql.hpp"
#include "model/sql_bulk.hpp"
#include "tests/support/statement_log.hpp"
#include "tests/support/test_app.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

using namespace relais;
using namespace relais::model;

namespace {

using texts = std::vector<std::string>;

constexpr std::int64_t tickets = 2000; // with fewer rows MariaDB rightly reads a table whole

bool is_large(const std::string& table) {
    static const texts large = {"ticket", "dossier",        "citizen", "message",
                                "event",  "ticket_dossier", "outbox"}; // those that are filled below
    return std::find(large.begin(), large.end(), table) != large.end();
}

database_options options_of(database& open) {
    database_options out;
    auto text = [&open](const char* select) {
        return open.read_now([select](soci::session& sql) { return *sql::first<std::string>(sql, select); });
    };
    if (!open.is_mariadb()) return out.sqlite_file = text("SELECT file FROM pragma_database_list WHERE name = 'main'"), out;
    out.mariadb_socket = std::getenv("RELAIS_TEST_MARIADB_SOCKET"), out.mariadb_user = "root";
    out.mariadb_database = text("SELECT DATABASE()");
    return out;
}

void write(soci::session& sql, const std::string& table, std::size_t columns, const texts& values) {
    auto text = "INSERT INTO " + table + " VALUES ";
    for (std::size_t from = 0; from < values.size();) {
        auto count = std::min<std::size_t>(columns * 100, values.size() - from);
        sql::change_bulk(sql, text + sql::placeholder_rows(count / columns, columns), std::span(values).subspan(from, count));
        from += count;
    }
}

// A dossier, a person, a message and an event for each ticket; a third of them each closed, waiting and to be done.
void fill(soci::session& sql) {
    texts dossiers, people, rows, links, messages, events, mails;
    auto add = [](texts& to, std::initializer_list<std::string> values) { to.insert(to.end(), values); };
    for (std::int64_t i = 1; i <= tickets; ++i) {
        auto id = std::to_string(i), at = std::to_string(1'790'000'000 + i * 100), name = fmt::format("personne {:05}", i);
        auto number = fmt::format("PC{:07}", i), birth_date = fmt::format("{}-05-17", 1950 + i % 50);
        const char* status = i % 3 == 0 ? "closed" : i % 3 == 1 ? "waiting" : "open";
        add(dossiers, {id, fmt::format("{:032}", i), number, number, fmt::format("{:012}", i), name, name, birth_date});
        add(people, {id, name, name, name, birth_date, name, fmt::format("+336399{:05}", i), at});
        add(rows, {id,
                   fmt::format("26-{:04}-{:04}", i / 10'000, i % 10'000),
                   "phone",
                   id,
                   id,
                   "RENEWAL",
                   fmt::format("{:02}", 1 + i % 95),
                   "Photo",
                   status,
                   i % 3 == 2 ? "1" : "0",
                   i % 3 == 1 ? "citizen" : "",
                   fmt::format("PHO-{:02}", 1 + i % 9),
                   "request",
                   id,
                   "linked",
                   at,
                   at,
                   "2026-11-30",
                   fmt::format("{:064}", i),
                   at});
        add(links, {id, id, "subject"});
        add(messages, {id, "citizen", "phone", "La photo est refusée.", at});
        add(mails, {"key " + id, "reply", i % 5 == 0 ? "letter" : "mail", id, "", "fr", "{}", "id " + id, "sent", at, at});
        add(events, {at + "000000", "citizen", "ticket.opened", "ticket", id, "{}"});
    }
    write(sql, "dossier (id, public_id, number, number_key, neph, birth_name_folded, usual_key, birth_date)", 8, dossiers);
    write(sql, "citizen (id, name, name_folded, name_turned, birth_date, birth_name_folded, phone, created_at)", 8, people);
    write(
        sql,
        "ticket (id, reference, channel, requester_id, subject_person_id, procedure_code, department, subject, status, is_active, "
        "waiting_reason, category, legal_nature, dossier_id, dossier_link, received_at, due_at, answer_before, follow_up_hash, updated_at)",
        20, rows);
    write(sql, "ticket_dossier (ticket_id, dossier_id, role)", 3, links);
    write(sql, "message (ticket_id, kind, channel, body, created_at)", 5, messages);
    write(sql, "outbox (unique_key, kind, medium, ticket_id, recipient, language, payload, mail_message_id, state, next_at, created_at)",
          11, mails);
    write(sql, "event (at_us, actor_kind, action, object_kind, object_id, data)", 6, events);
}

// The application filled, an agent, and what the database is asked for a page.
struct desk {
    desk() {
        app.database().write_now(fill);
        if (app.database().is_mariadb())
            app.database().write_now([](soci::session& sql) {
                for (const auto* table : {"ticket", "dossier", "citizen", "message", "event", "ticket_dossier", "outbox"})
                    sql::all<std::tuple<std::string, std::string, std::string, std::string>>(sql, std::string("ANALYZE TABLE ") + table);
            });
        agent.enter_as(app.add_user("lea", "agent"));
    }
    texts statements_of(const std::string& address) {
        tests::statement_log log(options);
        log.start();
        CHECK(agent.get(address).status == 200);
        return log.stop();
    }

    bool watched = (tests::statement_log::watch(), true); // before the first connection
    tests::test_app app;
    database_options options = options_of(app.database());
    tests::browser agent{app};
};

std::string said(const std::string& statement, const tests::query_plan& plan) {
    auto out = statement;
    for (const auto& line : plan.lines) out += "\n    " + line;
    return out;
}

// The page's statements, each by an index.
texts check_by_index(desk& on, const std::string& address) {
    INFO(address);
    auto statements = on.statements_of(address);
    CHECK(statements.size() > 2);
    for (const auto& each : statements) {
        if (each.starts_with("INSERT")) continue;
        auto plan = tests::plan_of(on.options, each);
        INFO(said(each, plan));
        CHECK(std::none_of(plan.read_whole.begin(), plan.read_whole.end(), is_large));
    }
    return statements;
}

} // namespace

TEST_CASE("a list of the queue is read in its order from an index, the first page and the last", "[plan]") {
    desk on;
    auto check = [&on](const std::string& address) {
        auto statements = check_by_index(on, address);
        auto is_list = [](const std::string& each) { return each.find("AS chosen JOIN ticket") != std::string::npos; };
        auto list = std::find_if(statements.begin(), statements.end(), is_list);
        REQUIRE(list != statements.end());
        auto plan = tests::plan_of(on.options, *list);
        INFO(address << "\n" << said(*list, plan));
        CHECK_FALSE(plan.sorts);
    };
    check("/console/tickets?late=1");
    for (const auto* status : {"active", "unclosed", "open", "waiting", "closed", "all"})
        for (const auto* sort : {"", "due", "legal", "oldest", "newest", "touched"}) {
            auto address = fmt::format("/console/tickets?status={}&sort={}", status, sort);
            check(address);
            auto next = on.agent.get(address).data["next"];
            if (next.is_string()) check(address + "&after=" + next.get<std::string>());
        }
    check("/console/tickets?department=75");
    check("/console/tickets?procedure=RENEWAL");
    check("/console/tickets?category=PHO-01");
    check("/console/tickets?assignee=none");
    check("/console/tickets?status=waiting&waiting_reason=citizen");
    check("/console/tickets?status=closed&assignee=me");
    check("/console/tickets?assignee=me");
    check("/console/tickets?status=closed&department=75");
}

TEST_CASE("the few tickets of a colleague, or of a department and a category, are found by what they have in every order", "[plan]") {
    desk on;
    auto check = [&on](const std::string& filter, const texts& found_by, const char* sort) {
        auto statements = check_by_index(on, fmt::format("/console/tickets?{}&sort={}", filter, sort));
        auto is_list = [](const std::string& each) { return each.find("AS chosen JOIN ticket") != std::string::npos; };
        auto list = std::find_if(statements.begin(), statements.end(), is_list);
        REQUIRE(list != statements.end());
        auto plan = tests::plan_of(on.options, *list);
        INFO(said(*list, plan));
        auto finds = [&](const std::string& line) {
            return std::any_of(found_by.begin(), found_by.end(), [&](const auto& each) { return line.find(each) != std::string::npos; });
        };
        auto found = std::find_if(plan.lines.begin(), plan.lines.end(), finds);
        REQUIRE(found != plan.lines.end());
        // Tickets are read for the lines alone, but where the index does not know when they were touched or whose they are.
        auto is_covered = found->find("COVERING INDEX") != std::string::npos || found->find("Using index;") != std::string::npos;
        if (filter.find("department") != std::string::npos) CHECK(is_covered == (sort != std::string_view("touched")));
    };
    for (const auto* sort : {"legal", "oldest", "newest", "touched"}) {
        check("assignee=me", {"ticket_active_assignee", "ticket_assignee_"}, sort);
        check("department=75&category=PHO-01", {"ticket_active_department", "ticket_active_category"}, sort);
        check("procedure=RENEWAL&department=75", {"ticket_active_department", "ticket_active_procedure"}, sort);
    }
}

TEST_CASE("a ticket, a dossier and what is typed in the box are found by indexes", "[plan]") {
    desk on;
    check_by_index(on, "/console/tickets/26-0000-1002");
    check_by_index(on, "/console/dossiers/" + fmt::format("{:032}", 1002));
    for (const auto* typed : {"per", "personne%2001", "26-00", "PC00010", "0000000010", "06%2039%2090%2010", "photo"})
        check_by_index(on, std::string("/console/recherche/apercu?q=") + typed);
    check_by_index(on, "/console/recherche?q=photo");
}

TEST_CASE("the letters of a dossier are found by its tickets, not among everybody's", "[plan]") {
    desk on;
    auto checked = 0;
    for (const auto& each : check_by_index(on, "/console/dossiers/" + fmt::format("{:032}", 1002))) {
        if (each.find("JOIN outbox") == std::string::npos) continue;
        auto plan = tests::plan_of(on.options, each);
        INFO(said(each, plan));
        auto is_by_ticket = [](const std::string& line) { return line.find("outbox_ticket") != std::string::npos; };
        CHECK(std::any_of(plan.lines.begin(), plan.lines.end(), is_by_ticket));
        ++checked;
    }
    CHECK(checked == 1);
}

TEST_CASE("the incidents that rules look at every few seconds are found by the time of their reports", "[plan]") {
    desk on;
    on.app.database().write_now([](soci::session& sql) {
        texts reports;
        for (std::int64_t i = 1; i <= tickets; ++i) {
            auto at = std::to_string(1'790'000'000 + i * 100);
            for (const auto& each : {std::to_string(i), std::to_string(1 + i % 50), at, at, at, "person " + std::to_string(i),
                                     std::string("75"), std::string("[]"), std::string("{}"), std::string("engine")})
                reports.push_back(each);
        }
        write(sql,
              "report (ticket_id, incident_id, received_at, updated_at, decided_at, person_key, department, reasons, facts, decided_by)",
              10, reports);
    });
    if (on.app.database().is_mariadb())
        on.app.database().write_now([](soci::session& sql) {
            sql::all<std::tuple<std::string, std::string, std::string, std::string>>(sql, "ANALYZE TABLE report");
        });
    auto now = at_seconds(1'790'000'000 + tickets * 100);
    tests::statement_log log(on.options);
    log.start();
    auto due =
        on.app.database().read_now([&](soci::session& sql) { return escalation_rules::due(sql, now - std::chrono::seconds(500), now); });
    auto statements = log.stop();
    CHECK(due.size() == 37); // of the last hour, each once
    auto checked = 0;
    for (const auto& each : statements) {
        if (each.find("SELECT incident_id FROM report WHERE") == std::string::npos) continue;
        auto plan = tests::plan_of(on.options, each);
        INFO(said(each, plan));
        CHECK(plan.read_whole.empty());
        auto is_by_time = [](const std::string& line) {
            return line.find("report_updated") != std::string::npos || line.find("report_received") != std::string::npos;
        };
        CHECK(std::any_of(plan.lines.begin(), plan.lines.end(), is_by_time));
        ++checked;
    }
    CHECK(checked == 2);
}

TEST_CASE("a table that is read whole is told, and a list that is sorted", "[plan]") {
    desk on;
    auto plan = tests::plan_of(on.options, "SELECT id FROM message WHERE body = 'x' LIMIT 5");
    CHECK(plan.read_whole == texts{"message"});
    CHECK_FALSE(plan.sorts);
    CHECK(tests::plan_of(on.options, "SELECT id FROM ticket WHERE is_active = 1 ORDER BY subject LIMIT 5").sorts);
    CHECK(tests::plan_of(on.options, "SELECT id FROM ticket WHERE reference = '26-0000-0001'").read_whole.empty());
}
