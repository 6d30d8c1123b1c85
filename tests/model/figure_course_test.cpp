// SPDX-License-Identifier: EUPL-1.2
// The figures of tickets against the same questions put to the rows themselves, in other words: no fact, no measure.
#include "model/dossier_store.hpp"
#include "model/figure.hpp"
#include "tests/support/share_office.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::share_office;

namespace {

const time_span two_weeks = {calendar_weeks::span_of({2026, 48}).from, calendar_weeks::span_of({2026, 49}).to};

std::string text(sys_seconds at) { return std::to_string(seconds(at)); }

// Two weeks of a centre: everything that the figures count, at random.
struct busy_office : share_office {
    busy_office() {
        write([](soci::session& sql) { sql::change(sql, "CREATE TABLE working_day (day_at BIGINT NOT NULL PRIMARY KEY)"); });
        write([](soci::session& sql) {
            constexpr auto day_s = 86'400;
            auto monday = seconds(two_weeks.from);
            constexpr std::int64_t armistice = -12, christmas = 32; // days from that Monday
            for (std::int64_t day = -35; day < 39; ++day)
                if (((day % 7) + 7) % 7 < 5 && day != armistice && day != christmas)
                    sql::change(sql, "INSERT INTO working_day (day_at) VALUES (:day)", monday + day * day_s);
        });
        for (int i = 0; i < 12; ++i)
            write([&](soci::session& sql) {
                auto news = tests::some_dossier("D-" + std::to_string(i), "Durand", "Luc", "1980-05-04");
                dossiers::store(sql, std::span(&news, 1), now);
            });
    }
    void set(std::int64_t id, const std::string& what) {
        write([&](soci::session& sql) { sql::change(sql, "UPDATE ticket SET " + what + ", updated_at = :now WHERE id = :id", now, id); });
    }
    void live() {
        constexpr const char* channels[] = {"web_form", "letter", "phone", "driving_school"};
        constexpr const char* categories[] = {"CIV-01", "GEN-02", "ACC-04"};
        incident = write([&](soci::session& sql) { return incidents::open(sql, {}, {}, now); });
        for (int i = 0; i < 160; ++i) one_ticket(channels[draw(4)], categories[draw(3)]);
        now = two_weeks.to + 24h * 3;
        count_facts();
    }
    void one_ticket(const char* channel, const char* category) {
        now = two_weeks.from - 24h * 32 + std::chrono::seconds(draw(46 * 86'400));
        auto received = now;
        auto id = ticket([&](contact& from) {
            from.channel = channel, from.department = draw(2) ? "59" : "08", from.procedure = draw(2) ? "RENEWAL" : "LOSS";
            from.answer_before = draw(3) ? "2026-11-25" : "2026-12-03";
            from.requester.email = "p" + std::to_string(draw(60)) + "@example.test";
        });
        if (draw(5)) link(id, incident);
        set(id, "dossier_id = " + (draw(4) ? std::to_string(1 + draw(12)) : std::string("NULL")) + ", category = '" + category +
                    "', team_id = " + std::to_string(1 + draw(2)) +
                    ", assignee_id = " + (draw(3) ? std::to_string(21 + draw(2)) : std::string("NULL")));
        auto later = [&](int days) { return received + std::chrono::seconds(draw(days * 86'400)); };
        if (draw(4))
            write([&, sent = received + std::chrono::seconds(draw(2) ? draw(60) : draw(10 * 86'400))](soci::session& sql) {
                sql::change(sql, "UPDATE outbox SET sent_at = :sent WHERE ticket_id = :id AND kind = 'acknowledgement'", sent, id);
            });
        if (draw(3)) {
            auto at = later(9);
            set(id, "first_reply_at = " + text(at));
            message(id, "reply", "'" + std::to_string(21 + draw(2)) + "'", at);
        }
        if (draw(3)) set(id, "status = 'closed', is_active = 0, closed_at = " + text(later(12)));
        if (draw(4) == 0) message(id, "citizen", "NULL", later(20));
        if (draw(12) == 0) set(id, "status = 'merged', is_active = 0");
    }
    void message(std::int64_t ticket, const std::string& kind, const std::string& author, sys_seconds at) {
        write([&](soci::session& sql) {
            sql::change(sql,
                        "INSERT INTO message (ticket_id, kind, author_id, channel, body, created_at) VALUES (:ticket, :kind, " + author +
                            ", 'web_form', 'x', :at)",
                        ticket, kind, at);
        });
    }
    int draw(int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); }

    std::int64_t incident = 0; // nobody's person is known but by a report
    std::mt19937 random{11};
};

// The end of the n-th working day after the one on which t came in; winter time.
std::string deadline(int n) {
    return "(SELECT day_at + 86399 FROM working_day WHERE day_at > t.received_at + 3600 - (t.received_at + 3600) % 86400 - 3600 ORDER BY "
           "day_at "
           "LIMIT 1 OFFSET " +
           std::to_string(n - 1) + ")";
}

// "column lies in the two weeks".
std::string within(const std::string& column) {
    return "(" + column + " >= " + text(two_weeks.from) + " AND " + column + " < " + text(two_weeks.to) + ")";
}

// t is judged in the period: answered in time in it, or its time was over in it while it was open.
std::string judged(const std::string& last) {
    return "((t.first_reply_at <= " + last + " AND " + within("t.first_reply_at") +
           ") OR ((t.first_reply_at IS NULL OR t.first_reply_at > " + last + ") AND (t.closed_at IS NULL OR t.closed_at > " + last +
           ") AND " + within(last) + "))";
}

const std::string acknowledged = "EXISTS (SELECT 1 FROM outbox WHERE ticket_id = t.id AND kind = 'acknowledgement' AND medium = 'mail'";
const std::string written = "t.status <> 'merged' AND t.channel NOT IN ('phone', 'callback', 'letter') AND ";
const std::string letter = "t.status <> 'merged' AND t.channel = 'letter' AND ";
const std::string access_end = "t.received_at + 604800";
const std::string any_other = "SELECT 1 FROM ticket o WHERE o.id <> t.id AND ";
const std::string another = any_other + "o.status <> 'merged' AND ";

// Every measure of K4 to K9, K18 and K20, as a condition on tickets t.
std::map<std::string, std::string> conditions(sys_seconds now) {
    auto received = within("t.received_at");
    auto closed = "t.status <> 'merged' AND " + within("t.closed_at");
    auto settled = "t.status <> 'merged' AND " + within("t.closed_at + 1209600") + " AND t.closed_at + 1209600 <= " + text(now);
    auto silent =
        " AND NOT EXISTS (" + any_other +
        "o.dossier_id = t.dossier_id AND o.received_at > t.received_at AND o.received_at <= t.closed_at + 1209600) AND NOT EXISTS (" +
        any_other +
        "EXISTS (SELECT 1 FROM report a JOIN report b ON b.person_key = a.person_key WHERE a.ticket_id = t.id AND b.ticket_id = o.id) AND "
        "o.received_at > t.received_at AND o.received_at <= t.closed_at + 1209600) AND NOT EXISTS "
        "(SELECT 1 FROM message m WHERE m.ticket_id = t.id AND m.kind = 'citizen' AND m.created_at > t.received_at AND m.created_at <= "
        "t.closed_at + 1209600)";
    auto access = "t.status <> 'merged' AND t.category = 'ACC-04' AND " + judged(access_end);
    return {
        {"received", received},
        {"received.repeat",
         received + " AND t.status <> 'merged' AND t.category <> '' AND EXISTS (" + another +
             "o.dossier_id = t.dossier_id AND o.category = t.category AND o.received_at < t.received_at AND o.received_at >= "
             "t.received_at - 2592000)"},
        {"acknowledged", received + " AND " + acknowledged + ")"},
        {"acknowledged.fast", received + " AND " + acknowledged + " AND sent_at <= t.received_at + 60)"},
        {"acknowledged.late", received + " AND " + acknowledged + " AND (sent_at > t.received_at + 604800 OR (sent_at IS NULL AND " +
                                  text(now) + " > t.received_at + 604800)))"},
        {"replied", written + judged(deadline(5))},
        {"replied.fast", written + judged(deadline(5)) + " AND t.first_reply_at <= " + deadline(2)},
        {"replied.in_time", written + judged(deadline(5)) + " AND t.first_reply_at <= " + deadline(5)},
        {"letters", letter + judged(deadline(15))},
        {"letters.fast", letter + judged(deadline(15)) + " AND t.first_reply_at <= " + deadline(10)},
        {"letters.in_time", letter + judged(deadline(15)) + " AND t.first_reply_at <= " + deadline(15)},
        {"closed", closed},
        {"closed.announced", closed + " AND t.answer_before <> ''"},
        {"closed.kept",
         closed + " AND t.closed_at < CASE t.answer_before WHEN '2026-11-25' THEN 1795647600 WHEN '2026-12-03' THEN 1796338800 END"},
        {"settled", settled},
        {"settled.first_contact", settled + silent},
        {"access", access},
        {"access.kept", access + " AND t.first_reply_at <= " + access_end},
        {"backlog.old", "t.status <> 'merged' AND t.received_at < " + text(two_weeks.to - 24h * 30) +
                            " AND (t.closed_at IS NULL OR t.closed_at >= " + text(two_weeks.to) + ")"},
    };
}

const std::string first_answerer =
    "(SELECT m.author_id FROM message m WHERE m.id = (SELECT MIN(n.id) FROM message n WHERE n.ticket_id = t.id AND "
    "n.kind = 'reply' AND n.author_id IS NOT NULL))";

struct narrowing {
    figure_filter whose;
    std::string condition;
};
const std::vector<narrowing> narrowings = {
    {{}, "1 = 1"},
    {{1, "", "", ""}, "t.team_id = 1"},
    {{{}, "59", "", ""}, "t.department = '59'"},
    {{{}, "", "LOSS", ""}, "t.procedure_code = 'LOSS'"},
    {{{}, "", "", "letter"}, "t.channel = 'letter'"},
    {{2, "08", "RENEWAL", "web_form"}, "t.team_id = 2 AND t.department = '08' AND t.procedure_code = 'RENEWAL' AND t.channel = 'web_form'"},
    {{{}, "", "", "", 21}, "(t.assignee_id = 21 OR (t.assignee_id IS NULL AND " + first_answerer + " = 21))"},
    {{{}, "59", "", "", 22}, "t.department = '59' AND (t.assignee_id = 22 OR (t.assignee_id IS NULL AND " + first_answerer + " = 22))"},
};

} // namespace

TEST_CASE("K4 to K9, K18 and K20 are what the rows themselves say, whole, by team, department, procedure, channel and colleague",
          "[figure]") {
    busy_office office;
    office.live();
    for (const auto& [whose, condition] : narrowings) {
        auto course = office.read([&, who = whose](soci::session& sql) { return figures::course(sql, two_weeks, who, office.now); });
        for (const auto& [name, asked] : conditions(office.now)) {
            INFO(name << " where " << condition);
            CHECK(course.whole[name] == office.count("ticket t WHERE " + asked + " AND " + condition));
        }
    }
    // The measures were not all nothing.
    auto whole = office.read([&](soci::session& sql) { return figures::course(sql, two_weeks, {}, office.now).whole; });
    for (const auto& [name, asked] : conditions(office.now)) {
        INFO(name);
        CHECK(whole[name] > 0);
    }
}

TEST_CASE("every measure of tickets is known by team, department, procedure and channel, what is open for long too", "[figure]") {
    busy_office office;
    office.live();
    using enum figures::dimension;
    for (const auto& [by, column] :
         {std::pair{team, "t.team_id"}, {department, "t.department"}, {procedure, "t.procedure_code"}, {channel, "t.channel"}}) {
        auto found = office.read([&, by = by](soci::session& sql) { return figures::measure_by(sql, two_weeks, by, {}, office.now); });
        CHECK(found.size() >= 2);
        for (auto& [key, measured] : found)
            for (const auto& [name, asked] : conditions(office.now)) {
                INFO(name << " where " << column << " is " << key);
                CHECK(measured[name] == office.count("ticket t WHERE " + asked + " AND " + column + " = '" + key + "'"));
            }
    }
}

TEST_CASE("the hours of a period add up to it, and agree with the page of all the figures", "[figure]") {
    busy_office office;
    office.live();
    auto course = office.read([&](soci::session& sql) { return figures::course(sql, two_weeks, {}, office.now); });
    auto measured = office.read([&](soci::session& sql) { return figures::measure(sql, two_weeks, {}, office.now); });
    figure_measures added;
    for (const auto& [hour, counted] : course.by_hour) {
        CHECK(seconds(hour) % 3600 == 0);
        CHECK(two_weeks.holds(hour));
        for (const auto& [name, value] : counted) added[name] += value;
    }
    for (const auto& [name, value] : added) {
        INFO(name);
        CHECK(course.whole[name] == value);
    }
    for (const auto& [name, value] : course.whole) {
        INFO(name);
        CHECK(measured[name] == value);
    }
}

TEST_CASE("a ticket counts for whom it was given to, then for who answered first, and follows when it is given to another", "[figure]") {
    busy_office office;
    auto id = office.ticket();
    auto agent_of = [&] {
        office.count_facts();
        return office.read([id](soci::session& sql) {
            return *sql::first<std::int64_t>(sql, "SELECT agent_id FROM figure_fact WHERE ticket_id = :id", id);
        });
    };
    CHECK(agent_of() == 0);
    office.now += 1h;
    office.message(id, "reply", "22", office.now);
    office.message(id, "reply", "23", office.now);
    office.set(id, "first_reply_at = " + text(office.now));
    CHECK(agent_of() == 22);
    office.now += 1h;
    office.set(id, "assignee_id = 21");
    CHECK(agent_of() == 21);
    office.now += 1h;
    office.set(id, "assignee_id = NULL");
    CHECK(agent_of() == 22);
}
