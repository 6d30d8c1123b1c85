// SPDX-License-Identifier: EUPL-1.2
#include "model/broadcast.hpp"
#include "model/call.hpp"
#include "model/call_report.hpp"
#include "model/dossier_store.hpp"
#include "model/figure.hpp"
#include "model/figure_sum.hpp"
#include "model/ticket_actions.hpp"
#include "tests/support/share_office.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::share_office;

namespace {

// An office where answers are written, tickets closed, reopened, rated and moved.
struct desk : share_office {
    std::int64_t count_measure(const std::string& name, const time_span& over, const figure_filter& whose = {}) {
        return measured(over, whose)[name];
    }
    figure_measures measured(const time_span& over, const figure_filter& whose = {}) {
        return read([&](soci::session& sql) { return figures::measure(sql, over, whose, now); });
    }
    tickets::action on(std::int64_t id) {
        auto reference =
            read([&](soci::session& sql) { return *sql::first<std::string>(sql, "SELECT reference FROM ticket WHERE id = :id", id); });
        return {reference, 0, tests::agent_actor(), now};
    }
    void set(std::int64_t id, const std::string& what) {
        write([&](soci::session& sql) { sql::change(sql, "UPDATE ticket SET " + what + ", updated_at = :now WHERE id = :id", now, id); });
    }
    std::vector<figure_fact> facts() {
        return read([](soci::session& sql) {
            return sql::all<figure_fact>(sql, std::string("SELECT ") + figure_fact::columns + " FROM figure_fact ORDER BY ticket_id");
        });
    }
    void rebuild() {
        write([](soci::session& sql) { sql::change(sql, "DELETE FROM figure_fact"); });
        std::optional<std::int64_t> at = 0;
        while (at) at = write([&](soci::session& sql) { return figure_facts::rebuild_next(sql, *at, now, 50); });
    }
};

const time_span november_week = calendar_weeks::span_of({2026, 48});

} // namespace

TEST_CASE("facts followed while things change are those made again from the rows", "[figure]") {
    desk desk;
    std::mt19937 random(3);
    std::vector<std::int64_t> dossiers;
    for (int i = 0; i < 6; ++i)
        desk.write([&](soci::session& sql) {
            auto news = tests::some_dossier("D-" + std::to_string(i), "Durand", "Luc", "1980-05-04");
            model::dossiers::store(sql, std::span(&news, 1), desk.now);
        });
    dossiers = desk.read([](soci::session& sql) { return sql::all<std::int64_t>(sql, "SELECT id FROM dossier ORDER BY id"); });
    REQUIRE(dossiers.size() == 6);
    const char* channels[] = {"web_form", "letter", "phone", "driving_school"};
    const char* categories[] = {"NAI-01", "GEN-02", "ACC-04"};
    std::vector<std::int64_t> tickets;
    auto at = [](sys_seconds when) { return std::to_string(seconds(when)); };
    for (int i = 0; i < 260; ++i) {
        desk.now += std::chrono::minutes(random() % 600);
        if (tickets.size() < 90) {
            auto id = desk.ticket([&](contact& from) { from.channel = channels[random() % 4], from.category = categories[random() % 3]; });
            tickets.push_back(id);
            desk.set(id, "dossier_id = " + std::to_string(dossiers[random() % 6]) + ", category = '" + categories[random() % 3] + "'");
        }
        auto id = tickets[random() % tickets.size()];
        switch (random() % 7) {
        case 0:
            desk.set(id, "first_reply_at = COALESCE(first_reply_at, " + at(desk.now) + ")");
            break;
        case 1:
            desk.set(id, "closed_at = " + at(desk.now) + ", status = 'closed', is_active = 0");
            break;
        case 2:
            desk.set(id, "closed_at = NULL, status = 'open', is_active = 1");
            break;
        case 3:
            desk.set(id, "dossier_id = " + std::to_string(dossiers[random() % 6]));
            break;
        case 4:
            desk.set(id, "satisfaction = 9, satisfied_at = " + at(desk.now));
            break;
        case 5:
            desk.set(id, "team_id = 2, status = 'merged'");
            break;
        default:
            break;
        }
        if (random() % 4 == 0) desk.count_facts();
    }
    desk.count_facts();
    auto followed = desk.facts();
    REQUIRE(followed.size() == tickets.size());
    desk.rebuild();
    auto again = desk.facts();
    REQUIRE(again.size() == followed.size());
    for (std::size_t i = 0; i < again.size(); ++i) {
        INFO("ticket " << again[i].ticket_id);
        CHECK(again[i].fields() == followed[i].fields());
    }
}

TEST_CASE("a rebuild killed midway, beside the job, leaves every figure whole", "[figure]") {
    desk desk;
    for (int i = 0; i < 40; ++i) desk.set(desk.ticket(), "closed_at = " + std::to_string(seconds(desk.now)) + ", status = 'closed'");
    desk.count_facts();
    auto whole = desk.measured(november_week);
    REQUIRE(whole["closed"] == 40);
    // A ticket that is gone, and a fact that was spoilt.
    desk.write([](soci::session& sql) {
        sql::change(sql, "UPDATE figure_fact SET ticket_id = 5000 WHERE ticket_id = 40");
        sql::change(sql, "UPDATE figure_fact SET closed_at = NULL WHERE ticket_id = 3");
    });
    desk.now += 1min;
    auto job = desk.job("server");
    auto facts_of_the_week = [&] { return desk.count_measure("closed", {november_week.from, november_week.to - 1min}); }; // not the sums
    std::optional<std::int64_t> at = 0;
    for (int page = 0; page < 2; ++page) { // and killed: nothing follows
        at = desk.write([&](soci::session& sql) { return figure_facts::rebuild_next(sql, *at, desk.now, 10); });
        desk.run(job);
        CHECK(facts_of_the_week() == whole["closed"]);
    }
    REQUIRE(at == 20);
    auto other = desk.ticket();
    while (at) {
        at = desk.write([&](soci::session& sql) { return figure_facts::rebuild_next(sql, *at, desk.now, 10); });
        desk.run(job);
    }
    CHECK(desk.count("figure_fact") == 41);
    CHECK(desk.count("figure_fact WHERE ticket_id = " + std::to_string(other)) == 1);
    CHECK(desk.count("figure_fact WHERE ticket_id = 5000") == 0);
    for (std::optional<std::int64_t> day = 0; day;)
        day = desk.write([&](soci::session& sql) { return figure_sums::rebuild_next(sql, *day); });
    CHECK(desk.measured(november_week)["closed"] == 40);
}

TEST_CASE("the first reply is judged by working days, and a missing one on the day its time is over", "[figure]") {
    desk desk; // Monday, 10:00
    auto quick = desk.ticket(), slow = desk.ticket(), never = desk.ticket();
    desk.now += 24h * 2; // Wednesday
    desk.set(quick, "first_reply_at = " + std::to_string(seconds(desk.now)));
    desk.now += 24h; // Thursday: the third working day
    desk.set(slow, "first_reply_at = " + std::to_string(seconds(desk.now)));
    desk.count_facts();
    CHECK(desk.count_measure("replied", november_week) == 2);
    CHECK(desk.count_measure("replied.fast", november_week) == 1);
    CHECK(desk.count_measure("replied.in_time", november_week) == 2);
    desk.now = november_week.to + 24h; // Tuesday: Monday was the fifth working day
    desk.count_facts();
    auto next = calendar_weeks::span_of({2026, 49});
    CHECK(desk.count_measure("replied", november_week) == 2);
    CHECK(desk.count_measure("replied", next) == 1);
    CHECK(desk.count_measure("replied.in_time", next) == 0);
    desk.set(never, "first_reply_at = " + std::to_string(seconds(desk.now))); // too late to change what was judged
    desk.count_facts();
    CHECK(desk.count_measure("replied.in_time", next) == 0);
}

TEST_CASE("K17 counts people, not mailboxes: who wrote before the fix, and who was told within two working days", "[figure]") {
    desk desk;
    auto number = desk.incident();
    auto write = [&](const std::string& email) {
        auto id = desk.ticket([&](contact& from) { from.requester.email = email, from.requester.name = "De " + email; });
        desk.link(id, number);
    };
    for (const char* each : {"a@example.test", "b@example.test", "c@example.test", "a@example.test"}) write(each);
    desk.now += 24h;
    desk.write([&](soci::session& sql) {
        incidents::escalate(sql, desk.by(number), "person", nlohmann::json::object());
        incidents::accept(sql, desk.by(number));
        incidents::fix(sql, desk.by(number), desk.now, "4.12");
    });
    auto fixed = desk.now;
    desk.now += 1h;
    write("d@example.test");                               // after the fix: of the next episode
    CHECK(desk.count_measure("told", november_week) == 0); // its time is not over
    auto id = desk.write([&](soci::session& sql) { return broadcasts::start(sql, desk.by(number), "fix", "C'est corrigé."); });
    while (desk.write([&](soci::session& sql) { return broadcasts::queue_next(sql, id, 10, desk.now); })) {
    }
    desk.write([&](soci::session& sql) {
        sql::change(sql, "UPDATE outbox SET sent_at = :now WHERE unique_key LIKE 'broadcast:%' AND recipient <> 'c@example.test'",
                    desk.now);
    });
    desk.now = fixed + 24h * 5;
    CHECK(desk.count_measure("told", november_week) == 3);
    CHECK(desk.count_measure("told.fast", november_week) == 2);
    // It comes back. A second fix, of Saturday, is judged when its two working days end: in the next week, and in no other.
    desk.now = november_week.to - 48h;
    desk.write([&](soci::session& sql) {
        incidents::regress(sql, desk.by(number), nlohmann::json::object());
        incidents::accept(sql, desk.by(number));
        incidents::fix(sql, desk.by(number), desk.now, "4.13");
    });
    auto next = calendar_weeks::span_of({2026, 49}), after = calendar_weeks::span_of({2026, 50});
    desk.now = after.to;
    CHECK(desk.count_measure("told", november_week) == 3);
    CHECK(desk.count_measure("told.fast", november_week) == 2);
    CHECK(desk.count_measure("told", next) == 4);      // with the one who wrote after the first fix
    CHECK(desk.count_measure("told.fast", next) == 0); // the mails of the first fix said nothing of the second
    CHECK(desk.count_measure("told", after) == 0);
}

TEST_CASE("K8: a person who writes again has no other dossier, nor the same requester, but is the same person", "[figure]") {
    desk desk;
    auto number = desk.incident();
    auto write = [&](const std::string& email) {
        auto id = desk.ticket([&](contact& from) { from.requester.email = email, from.requester.name = "De " + email; });
        desk.link(id, number);
        return id;
    };
    for (const char* each : {"a@example.test", "b@example.test"})
        desk.set(write(each), "status = 'closed', is_active = 0, closed_at = " + std::to_string(seconds(desk.now)));
    auto closed = desk.now;
    auto settled = time_span{closed, closed + 24h * 15};
    desk.now = closed + 24h * 2;
    auto second = write("a@example.test");
    desk.now = closed + 24h * 14;
    desk.count_facts();
    CHECK(desk.count_measure("settled", settled) == 2);
    CHECK(desk.count_measure("settled.first_contact", settled) == 1);
    // What is received later than it was written: a letter of that fortnight, read after it.
    desk.now += 24h * 3;
    auto late = write("b@example.test");
    desk.set(late, "received_at = " + std::to_string(seconds(closed + 24h * 13)));
    desk.write([&](soci::session& sql) {
        sql::change(sql, "UPDATE report SET received_at = :at WHERE ticket_id = :id", closed + 24h * 13, late);
    });
    desk.count_facts();
    CHECK(desk.count_measure("settled.first_contact", settled) == 0);
    desk.now += 1h;
    desk.set(second, "status = 'merged'"); // it was written all the same
    desk.count_facts();
    CHECK(desk.count_measure("settled.first_contact", settled) == 0);
}

TEST_CASE("K8: a person who calls about it again had no answer at the first contact, whether their words were written down or not",
          "[figure]") {
    desk desk;
    auto close = [&](std::int64_t id) {
        desk.set(id, "status = 'closed', is_active = 0, closed_at = " + std::to_string(seconds(desk.now)));
        return id;
    };
    auto call = [&](std::int64_t id, const char* direction, sys_seconds at, const char* outcome, const std::string& answered) {
        model::call what;
        what.direction = direction, what.state = "ended", what.outcome = outcome, what.started_at_us = seconds(at) * 1'000'000;
        desk.write([&](soci::session& sql) {
            auto reference = tickets::get(sql, id).reference;
            auto added = calls::add(sql, what, tests::agent_actor(), at);
            call_reports::link(sql, added, reference, answered, tests::agent_actor(), desk.now);
        });
    };
    auto first = desk.now;
    desk.now += 1h;
    auto asked = desk.ticket(), missed = desk.ticket(), called = desk.ticket(), opened = desk.ticket(), late = desk.ticket();
    call(opened, "in", first, "answered", "Noté."); // the call that brought it
    desk.now += 1h;
    for (auto each : {asked, missed, called, opened, late}) close(each);
    auto closed = desk.now;
    auto settled = time_span{closed, closed + 24h * 15};
    desk.now = closed + 24h * 14;
    desk.count_facts();
    REQUIRE(desk.count_measure("settled", settled) == 5);
    REQUIRE(desk.count_measure("settled.first_contact", settled) == 5);
    desk.now += 1h;
    call(asked, "in", closed + 24h, "answered", "Nous regardons.");
    call(missed, "in", closed + 24h * 2, "abandoned", "A raccroché");
    call(called, "out", closed + 24h, "answered", "Voici où nous en sommes.");
    call(late, "in", closed + 24h * 14 + 1s, "answered", "C’est une autre question.");
    desk.count_facts();
    CHECK(desk.count_measure("settled.first_contact", settled) == 3);
    auto followed = desk.facts();
    desk.rebuild();
    auto again = desk.facts();
    for (std::size_t i = 0; i < again.size(); ++i) CHECK(again[i].fields() == followed[i].fields());
}

TEST_CASE("K1 to K3 by team are of the whole period, however long", "[figure]") {
    desk desk;
    constexpr auto first = tests::monday - 24h * 500;
    for (auto team : {1, 2})
        for (auto at : {first, tests::monday}) {
            call what;
            what.direction = "in", what.state = "ended", what.outcome = "answered", what.team_id = team;
            what.started_at_us = seconds(at) * 1'000'000, what.answered_at_us = what.started_at_us + 5'000'000, what.wait_s = 5;
            desk.write([&](soci::session& sql) { calls::add(sql, what, {}, at); });
        }
    auto over = time_span{first - 24h, tests::monday + 24h};
    auto by_team = desk.read([&](soci::session& sql) { return figures::measure_by(sql, over, figures::dimension::team, {}, desk.now); });
    CHECK(desk.count_measure("calls.offered", over) == 4);
    for (const char* team : {"1", "2"}) {
        CHECK(by_team[team]["calls.offered"] == 2);
        CHECK(by_team[team]["calls.answered"] == 2);
        CHECK(by_team[team]["calls.wait_p90"] == 5);
    }
}

TEST_CASE("what is written after a clock was put back is counted", "[figure]") {
    desk desk;
    desk.ticket();
    desk.count_facts();
    desk.now += 24h; // a jump, with something written
    desk.ticket();
    desk.count_facts();
    desk.now -= 24h - 5min;
    desk.ticket();
    desk.count_facts();
    desk.now += 1h;
    desk.ticket();
    desk.count_facts();
    CHECK(desk.facts().size() == 4);
}

TEST_CASE("figures agree with counts written another way, whole and by department", "[figure]") {
    desk desk;
    for (int i = 0; i < 30; ++i) {
        auto id = desk.ticket(
            [&](contact& from) { from.department = i % 3 ? "59" : "08", from.answer_before = i % 2 ? "2026-11-24" : "2026-11-30"; });
        desk.now += 20min;
        if (i % 5 == 0) continue;
        auto closed = tests::monday + 24h * (i % 6);
        desk.set(id, "closed_at = " + std::to_string(seconds(closed)) + ", status = 'closed', is_active = 0, satisfaction = " +
                         std::to_string(i % 11) + ", satisfied_at = " + std::to_string(seconds(closed + 1h)));
    }
    desk.now = november_week.to;
    desk.count_facts();
    auto counted = [&](const std::string& what) { return desk.count("ticket WHERE " + what); };
    auto measured = desk.measured(november_week);
    CHECK(measured["received"] == 30);
    CHECK(measured["closed"] == counted("status = 'closed'"));
    CHECK(measured["closed.kept"] ==
          counted("status = 'closed' AND ((answer_before = '2026-11-30') OR (answer_before = '2026-11-24' AND closed_at < " +
                  std::to_string(seconds(calendars::instant("Europe/Paris", date::local_days(date::year{2026} / 11 / 25)))) + "))"));
    CHECK(measured["rated"] == counted("satisfaction IS NOT NULL"));
    CHECK(measured["rated.high"] == counted("satisfaction >= 8"));
    auto north = desk.measured(november_week, {{}, "59", "", ""}), ardennes = desk.measured(november_week, {{}, "08", "", ""});
    CHECK(north["received"] == counted("department = '59'"));
    CHECK(north["closed"] + ardennes["closed"] == measured["closed"]);
    CHECK_FALSE(north.contains("shares")); // known for the whole alone
    std::int64_t by_day = 0;
    for (const auto& each : figures::periods(november_week, "day", 31)) by_day += desk.count_measure("closed", each.span);
    CHECK(by_day == measured["closed"]);
    desk.now += 24h * 40;
    desk.count_facts();
    auto later = desk.measured({november_week.from, november_week.to + 24h * 40});
    CHECK(later["backlog.old"] == counted("status <> 'closed'"));
    CHECK(later["backlog.oldest_days"] == (desk.now - tests::monday) / 24h);
}

TEST_CASE("a ratio without anything to count has no value, and targets are judged on the right side", "[figure]") {
    const auto* lost = figures::find("K2");
    REQUIRE(lost);
    CHECK_FALSE(figures::value(*lost, {}));
    CHECK(figures::value(*lost, {{"calls.lost", 10}, {"calls.offered", 100}}) == 10.0);
    CHECK(figures::is_met(*lost, 9.9) == true);
    CHECK(figures::is_met(*lost, 10.0) == false);
    CHECK(figures::is_met(*figures::find("K1"), 85.0) == true);
    CHECK(figures::is_met(*figures::find("K1"), 84.9) == false);
    CHECK(figures::is_met(*figures::find("K9"), 15.0) == true);
    CHECK_FALSE(figures::is_met(*figures::find("K20"), 3.0));
    std::vector<std::string> seen;
    for (int i = 1; i <= 20; ++i) CHECK(figures::find("K" + std::to_string(i)));
}
