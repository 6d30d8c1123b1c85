// SPDX-License-Identifier: EUPL-1.2
#include "model/decision.hpp"
#include "model/share_audit.hpp"
#include "model/sql.hpp"
#include "tests/support/share_office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using tests::share_office;

TEST_CASE("whoever changes or takes away what was shared or decided is seen", "[share]") {
    share_office office;
    auto number = office.incident_with(6);
    office.now = tests::monday + std::chrono::hours(24 * 7);
    office.share("2026-W48");
    auto decision = office.write([&](soci::session& sql) {
        auto share = weekly_shares::get(sql, "2026-W48").id;
        auto id = decisions::decide(sql, share, {"accept", "D’accord", "2026-12-31", number}, tests::owner_actor(), office.now);
        decisions::add_step(sql, id, "comment", "Vite", tests::owner_actor(), office.now);
        return decisions::decide(sql, share, {"prioritise", "Avant Noël", "", number, id}, tests::owner_actor(), office.now);
    });
    auto seen = [&] { return office.read(share_audits::differences); };
    auto change = [&](const std::string& text) { office.write([&](soci::session& sql) { sql::change(sql, text); }); };
    REQUIRE(decision == 2);
    CHECK(seen().empty());
    change("UPDATE decision SET text = 'Jamais' WHERE id = 1");
    CHECK(seen() == std::vector<std::string>{"decision 1 was changed"});
    change("UPDATE decision SET text = 'D’accord', due = '2027-12-31' WHERE id = 1");
    CHECK(seen() == std::vector<std::string>{"decision 1 was changed"});
    change("UPDATE decision SET due = '2026-12-31' WHERE id = 1");
    CHECK(seen().empty());
    change("DELETE FROM decision WHERE id = 2");
    change("DELETE FROM decision_step");
    CHECK(seen() == std::vector<std::string>{"decision 2 was taken away", "step 1 of decision 1 was taken away"});
    change("UPDATE weekly_share SET body = REPLACE(body, '\"tickets\":6', '\"tickets\":7')");
    CHECK(seen().size() == 3);
}

namespace {

// A decision and the one that amends it, a comment, an answer and two acknowledgements, each of its own hour.
struct audited : share_office {
    std::int64_t number = incident_with(6), other = incident_with(1), comment = 0;
    audited() {
        now = tests::monday + std::chrono::hours(24 * 7);
        share("2026-W48");
        auto later = [this] { return now += std::chrono::hours(1); };
        write([&](soci::session& sql) {
            auto share = weekly_shares::get(sql, "2026-W48").id;
            weekly_shares::acknowledge(sql, share, tests::owner_actor(), later());
            weekly_shares::acknowledge(sql, share, {"link", 1, "moa@example.test", ""}, later());
            auto id = decisions::decide(sql, share, {"ask", "Combien ?", "2026-12-31", number}, tests::owner_actor(), later());
            decisions::add_step(sql, id, "comment", "Vite", tests::owner_actor(), later());
            decisions::add_step(sql, id, "answer", "Six", tests::resolver_actor(), later());
            decisions::decide(sql, share, {"prioritise", "Avant Noël", "", number, id}, tests::owner_actor(), later());
        });
    }
    std::vector<std::string> seen() { return read(share_audits::differences); }
    std::string text(const std::string& query) {
        return read([&](soci::session& sql) { return sql::first<std::string>(sql, query).value_or("NULL"); });
    }
    void change(const std::string& what) {
        write([&](soci::session& sql) { REQUIRE(sql::change(sql, what) > 0); });
    }
    // As events were written before they said the share and the number of the step.
    void forget_numbers() {
        auto all = read([](soci::session& sql) {
            using row = std::tuple<std::int64_t, std::string>;
            return sql::all<row>(sql, "SELECT id, data FROM event WHERE action LIKE 'incident.deci%' ORDER BY id");
        });
        for (const auto& [id, data] : all) {
            auto old = nlohmann::json::parse(data);
            old.erase("share"), old.erase("step");
            write([id = id, text = old.dump()](soci::session& sql) {
                sql::change(sql, "UPDATE event SET data = :data WHERE id = :id", text, id);
            });
        }
    }
};

struct changed_by_hand {
    const char *table, *column, *value;
    std::int64_t id;
    std::string told;
};

// Changes one column, looks, and puts it back.
void check_seen(audited& office, const changed_by_hand& each) {
    INFO(each.table << "." << each.column);
    auto where = " WHERE id = " + std::to_string(each.id);
    auto set = "UPDATE " + std::string(each.table) + " SET " + each.column + " = ";
    auto before = office.text("SELECT CAST(" + std::string(each.column) + " AS CHAR) FROM " + each.table + where);
    office.change(set + each.value + where);
    auto seen = office.seen();
    CHECK(tests::share_office::has(seen, each.told));
    office.change(set + (before == "NULL" ? before : "'" + before + "'") + where);
    CHECK(office.seen().empty());
}

const std::string acknowledgements = "the list of acknowledgements of share 1 was changed";
const std::vector<changed_by_hand> by_hand = {
    {"decision", "kind", "'reject'", 1, "decision 1 was changed"},
    {"decision", "due", "''", 1, "decision 1 was changed"},
    {"decision", "text", "''", 1, "decision 1 was changed"},
    {"decision", "incident_id", "2", 1, "decision 1 was changed"},
    {"decision", "amends_id", "NULL", 2, "decision 2 was changed"},
    {"decision", "actor_kind", "'link'", 1, "decision 1 was changed"},
    {"decision", "actor_id", "12", 1, "decision 1 was changed"},
    {"decision", "actor_name", "'Paul Renard'", 1, "decision 1 was changed"},
    {"decision", "decided_at", "decided_at - 1", 1, "decision 1 was changed"},
    {"decision_step", "kind", "'answer'", 1, "step 1 of decision 1 was changed"},
    {"decision_step", "text", "'Lentement'", 1, "step 1 of decision 1 was changed"},
    {"decision_step", "decision_id", "2", 2, "step 2 of decision 1 was changed"},
    {"decision_step", "actor_name", "'Hélène Blanc'", 2, "step 2 of decision 1 was changed"},
    {"decision_step", "made_at", "made_at + 60", 2, "step 2 of decision 1 was changed"},
    {"share_receipt", "actor_name", "'adjointe@example.test'", 2, acknowledgements},
    {"share_receipt", "made_at", "made_at - 86400", 1, acknowledgements},
    {"share_receipt", "share_id", "2", 1, acknowledgements},
};

} // namespace

TEST_CASE("who decided, said or acknowledged what, of what and when cannot be changed unseen", "[share][decision]") {
    audited office;
    REQUIRE(office.number == 1);
    CHECK(office.seen().empty());
    for (const auto& each : by_hand) check_seen(office, each);
    check_seen(office, {"decision", "share_id", "2", 1, "decision 1 was changed"});
    office.change("DELETE FROM share_receipt WHERE id = 2");
    CHECK(office.seen() == std::vector<std::string>{acknowledgements});
}

TEST_CASE("what old events do not say is not compared, and the rest is", "[share][decision]") {
    audited office;
    office.forget_numbers();
    CHECK(office.seen().empty());
    for (auto each : by_hand) {
        if (std::string(each.table) == "decision_step") each.told = "what was said of decision 1 was changed";
        check_seen(office, each);
    }
    office.change("UPDATE decision SET share_id = 2 WHERE id = 1");
    CHECK(office.seen().empty());
}
