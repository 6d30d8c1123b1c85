// SPDX-License-Identifier: EUPL-1.2
// The figures that a demonstration leaves whole or empty, in a week in which each is a part: against numbers worked out by hand, SQL of
// this file alone, and the body of the share.
#include "model/figure.hpp"
#include "tests/support/measured_centre.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::midnight;

namespace {

const time_span week{midnight(11, 23), midnight(11, 30)}; // 2026-W48
const time_span week_before{midnight(11, 16), midnight(11, 23)}, week_after{midnight(11, 30), midnight(12, 7)};
constexpr auto days_14 = 24h * 14, days_30 = 24h * 30;
constexpr std::int64_t day_s = 86'400;
const std::string access_complaint = "ACC-04";

// November 2026, Wednesday 11 a holiday.
struct november : tests::measured_centre {
    november() { calls(), letters(), complaints(), closures(), repeats(), callbacks(), leads(), attachments(), fixes(); }

    void calls() {
        for (int wait : {5, 10, 20, 30, 40}) call(week.from + 10h, "answered", wait);
        call(week.from, "answered", 50), call(week.to - 1s, "answered", 60); // a minute is fast
        for (int wait : {61, 120, 300, 600, 900}) call(week.from + 34h, "answered", wait);
        for (int i = 0; i < 6; ++i) call(week.from + 58h, i % 2 ? "abandoned" : "missed", 11);
        for (int i = 0; i < 5; ++i) call(week.from + 58h, "abandoned", 10); // not lost
        call(week.from - 1s, "answered", 5), call(week.to, "abandoned", 11);
    }
    void letters() {
        auto early = midnight(11, 3) + 10h; // the 10th working day is the 18th, the 15th is Wednesday the 25th
        answered(1, "letter", "", early, midnight(11, 19) - 1s);
        answered(1, "letter", "", early, midnight(11, 26)); // a second too late
        answered(4, "letter", "", early);
        auto late = midnight(11, 10) + 10h; // the 10th working day is Wednesday the 25th, the 15th is 2 December
        answered(6, "letter", "", late, midnight(11, 26) - 1s);
        answered(5, "letter", "", late, midnight(11, 26));
        answered(1, "letter", "", late, week.to - 1s);
        answered(5, "letter", "", late, week.to);
        answered(5, "letter", "", late);
    }
    void complaints() {
        auto early = midnight(11, 17) + 10h;
        answered(1, "web_form", access_complaint, early, early + 24h);
        answered(6, "web_form", access_complaint, early, early + 24h * 7);
        answered(5, "web_form", access_complaint, early, early + 24h * 7 + 1s);
        auto late = midnight(11, 23) + 10h;
        answered(1, "web_form", access_complaint, late, week.to - 1s);
        answered(5, "web_form", access_complaint, late, week.to);
        answered(5, "web_form", access_complaint, late);
    }
    // The fourteen days of a closure end in the week.
    void closures() {
        closed(1, week.from - days_14 - 1s);
        closed(6, week.from - days_14);
        closed(1, week.to - days_14 - 1s);
        closed(5, week.to - days_14);
        auto middle = midnight(11, 10) + 10h;
        auto about_it = [this](std::int64_t, std::int64_t dossier, sys_seconds when) {
            at(when, [=, this] { one("web_form", "", dossier); });
        };
        closed(3, middle, [=](auto ticket, auto dossier) { about_it(ticket, dossier, middle + days_14); });
        closed(1, middle, [=](auto ticket, auto dossier) { about_it(ticket, dossier, middle + days_14 + 1s); }); // too late to matter
        closed(2, middle, [=, this](auto ticket, auto) {
            at(middle - 1h, [=, this] { act(ticket, [](auto& sql, auto& on) { tickets::write_back(sql, on, "Et alors ?", ""); }); });
        });
    }
    void repeats() {
        auto again = midnight(11, 24) + 10h;
        twice(4, again - days_30, "CIV-01", again, "CIV-01");
        twice(1, again - days_30 - 1s, "CIV-01", again, "CIV-01");
        twice(1, again - 1h, "CIV-01", again, "CIV-02");
        twice(1, week.from - 24h, "CIV-01", week.from, "CIV-01");
        twice(1, week.from - 1h, "CIV-01", week.to - 1s, "CIV-01");
        twice(1, week.from - 1h, "CIV-01", week.to, "CIV-01");
    }
    void callbacks() {
        promised(midnight(11, 20) + 11h, 1, 1, 0);
        promised(midnight(11, 24) + 11h, 2, 1, 1), promised(midnight(11, 25) + 11h, 2, 1, 1);
        promised(midnight(11, 26) + 11h, 1, 2, 1), promised(midnight(11, 27) + 11h, 1, 1, 2);
        promised(midnight(11, 30) + 11h, 1, 0, 1);
    }
    void leads() {
        found(week.from - 1s, 1h), found(week.from, 2h), found(week.from + 60h, 24h * 5), found(week.to - 1s, 24h * 3);
        found(week.to, 24h * 10);
    }
    std::int64_t known_since(sys_seconds when) {
        now = when;
        return incident();
    }
    void attachments() {
        auto number = known_since(midnight(11, 17));
        attached(4, number, midnight(11, 19)), attached(1, number, week.from - 1s);
        attached(1, number, week.from, 24h), attached(5, number, week.from + 34h), attached(1, number, week.to - 1s);
        attached(5, number, week.from + 58h, 24h + 1s);
        attached(1, number, week.to);
    }
    // People are told in time until the end of the second working day: a fix is of the week in which that day is.
    void fixes() {
        auto told_of = [this](int people) {
            auto number = known_since(midnight(11, 16));
            attached(people, number, midnight(11, 17));
            return number;
        };
        fixed(told_of(5), midnight(11, 18) + 10h, 5, midnight(11, 18) + 11h); // until Friday
        fixed(told_of(5), midnight(11, 19) + 10h, 5, midnight(11, 19) + 11h); // until Monday the 23rd
        auto half = told_of(11);
        fixed(half, midnight(11, 24) + 10h, 6, midnight(11, 27) - 1s, 5, midnight(11, 27)); // until Thursday
        attached(1, half, week.to + 10h);                                                   // after the fix
        fixed(told_of(10), midnight(11, 27) + 10h, 5, midnight(11, 28));                    // until Tuesday 1 December
    }
    std::int64_t asked(const std::string& select) {
        return read([&](soci::session& sql) { return *sql::first<std::int64_t>(sql, select); });
    }
    void check(const time_span& over, const char* id, std::int64_t part, std::int64_t whole) {
        INFO(id << " from " << seconds(over.from));
        const auto& of = *figures::find(id);
        auto measured = read([&](soci::session& sql) { return figures::measure(sql, over, {}, now); });
        CHECK(figures::part(of, measured) == part);
        CHECK(figures::whole(of, measured) == whole);
    }
};

std::string text(sys_seconds at) { return std::to_string(seconds(at)); }
std::string in_week(const std::string& column, std::chrono::seconds earlier = 0s) {
    return "(" + column + " >= " + text(week.from - earlier) + " AND " + column + " < " + text(week.to - earlier) + ")";
}

// A figure of the week: by hand, and in SQL. whole 0: the part is the value.
struct expected {
    const char* id;
    std::int64_t part, whole;
    std::string part_sql, whole_sql = {};
};

std::vector<expected> calls_expected() {
    std::string calls = "FROM phone_call WHERE direction = 'in' AND " + in_week("started_at_us / 1000000");
    auto some = [&](const std::string& which) { return "SELECT COUNT(*) " + calls + which; };
    auto wait = [&](int rank) {
        return "SELECT wait_s " + calls + " AND outcome = 'answered' ORDER BY wait_s LIMIT 1 OFFSET " + std::to_string(rank - 1);
    };
    return {{"K1", 12, 23, some(" AND outcome = 'answered'"), some("")},
            {"K2", 6, 23, some(" AND outcome <> 'answered' AND wait_s > 10"), some("")},
            {"K3", 7, 12, some(" AND outcome = 'answered' AND wait_s <= 60"), some(" AND outcome = 'answered'")},
            {"K3.p50", 50, 0, wait(6)},
            {"K3.p90", 600, 0, wait(11)}};
}

std::vector<expected> tickets_expected() {
    auto some = [](const std::string& which) { return "SELECT COUNT(*) FROM ticket t WHERE " + which; };
    auto early = "t.received_at < " + text(midnight(11, 10));
    auto letter = "t.channel = 'letter' AND ((" + in_week("t.first_reply_at") + " AND NOT (" + early + ")) OR (" + early +
                  " AND COALESCE(t.first_reply_at, 9999999999) >= " + text(midnight(11, 26)) + "))";
    auto fast = letter + " AND t.first_reply_at < " + text(midnight(11, 26)), in_time = letter + " AND NOT (" + early + ")";
    auto over = "t.received_at + 604800";
    auto kept = "t.category = 'ACC-04' AND t.first_reply_at <= " + std::string(over) + " AND " + in_week("t.first_reply_at");
    auto complaint =
        "t.category = 'ACC-04' AND ((" + kept + ") OR (COALESCE(t.first_reply_at, 9999999999) > " + over + " AND " + in_week(over) + "))";
    auto closed = in_week("t.closed_at", days_14);
    auto alone = closed + " AND NOT EXISTS (SELECT 1 FROM ticket o WHERE o.dossier_id = t.dossier_id AND o.id <> t.id AND o.received_at <= "
                          "t.closed_at + 1209600) AND (SELECT COUNT(*) FROM message m WHERE m.ticket_id = t.id AND m.kind = 'citizen') = 1";
    auto received = in_week("t.received_at");
    auto repeat = received +
                  " AND EXISTS (SELECT 1 FROM ticket o WHERE o.dossier_id = t.dossier_id AND o.category = t.category AND o.category <> '' "
                  "AND o.id < t.id AND t.received_at - o.received_at <= 2592000)";
    return {{"K6", 6, 17, some(fast), some(letter)},
            {"K6.late", 12, 17, some(in_time), some(letter)},
            {"K8", 8, 13, some(alone), some(closed)},
            {"K9", 6, 55, some(repeat), some(received)},
            {"K18", 7, 12, some(kept), some(complaint)}};
}

std::vector<expected> others_expected() {
    std::string promised = "FROM callback WHERE " + in_week("slot_starts_at");
    auto lead = [](int rank) {
        return "SELECT incident.proposed_at - (SELECT MIN(received_at) FROM report WHERE incident_id = incident.id) FROM incident WHERE " +
               in_week("incident.proposed_at") + " ORDER BY 1 LIMIT 1 OFFSET " + std::to_string(rank - 1);
    };
    std::string known =
        "SELECT COUNT(*) FROM report r JOIN incident i ON i.id = r.incident_id WHERE i.confirmed_at > 0 AND " + in_week("r.received_at");
    auto monday = midnight(11, 19) + 10h, thursday = midnight(11, 24) + 10h; // the fixes whose days end in the week, by their last day
    auto people = "SELECT COUNT(*) FROM (SELECT DISTINCT r.incident_id, r.person_key FROM report r JOIN incident i ON i.id = r.incident_id "
                  "LEFT JOIN outbox o ON o.ticket_id = r.ticket_id AND o.kind = 'incident_news' WHERE i.fixed_at IN (" +
                  text(monday) + ", " + text(thursday) + ") AND r.received_at < i.fixed_at";
    auto in_time = " AND o.sent_at < CASE i.fixed_at WHEN " + text(monday) + " THEN " + text(midnight(11, 24)) + " ELSE " +
                   text(midnight(11, 27)) + " END";
    return {{"K12", 6, 16, "SELECT COUNT(*) " + promised + " AND reached_at >= slot_starts_at AND reached_at < slot_ends_at",
             "SELECT COUNT(*) " + promised},
            {"K13", 3 * day_s, 0, lead(2)},
            {"K13.p90", 5 * day_s, 0, lead(3)},
            {"K14", 7, 12, known + " AND r.decided_at <= r.received_at + 86400", known},
            {"K17", 11, 16, people + in_time + ") told", people + ") concerned"}};
}

} // namespace

TEST_CASE("calls, letters, complaints, callbacks and incidents of which a part was in time: figure, share, SQL and arithmetic agree",
          "[figure][share]") {
    november office;
    office.live(week.to + 8h);
    auto share = office.share("2026-W48");
    auto all = calls_expected();
    for (const auto& some : {tickets_expected(), others_expected()}) all.insert(all.end(), some.begin(), some.end());
    for (const auto& each : all) {
        INFO(each.id);
        CHECK(office.asked(each.part_sql) == each.part);
        if (each.whole > 0) CHECK(office.asked(each.whole_sql) == each.whole);
        office.check(week, each.id, each.part, each.whole);
        const auto& told = tests::share_office::figure_in(share, each.id);
        CHECK(told["is_hidden"] == false);
        CHECK(told["part"] == each.part);
        CHECK(told["whole"] == (each.whole > 0 ? nlohmann::json(each.whole) : nlohmann::json()));
        auto part = static_cast<double>(each.part);
        auto value = each.whole > 0 ? 100 * part / static_cast<double>(each.whole) : part;
        CHECK(told["value"] == std::round(value * 100) / 100);
    }
    for (const auto& [id, is_met] : {std::pair{"K1", false}, {"K2", false}, {"K9", true}, {"K13", true}, {"K18", false}})
        CHECK(tests::share_office::figure_in(share, id)["is_met"] == is_met);
}

TEST_CASE("what is a second outside a week is counted in the one beside it", "[figure]") {
    november office;
    office.live(week_after.to + 8h);
    office.count_facts();
    struct numbers {
        const char* id;
        std::int64_t part, whole;
    };
    for (const auto& each : {numbers{"K1", 1, 1},
                             {"K2", 0, 1},
                             {"K3", 1, 1},
                             {"K6", 1, 1},
                             {"K6.late", 1, 1},
                             {"K8", 1, 1},
                             {"K12", 1, 2},
                             {"K13.p90", 3600, 0},
                             {"K14", 36, 36},
                             {"K17", 5, 5},
                             {"K18", 1, 1}})
        office.check(week_before, each.id, each.part, each.whole);
    for (const auto& each : {numbers{"K1", 0, 1},
                             {"K2", 1, 1},
                             {"K3", 0, 0},
                             {"K6", 0, 10},
                             {"K6.late", 5, 10},
                             {"K8", 5, 5},
                             {"K12", 1, 2},
                             {"K13", 10 * day_s, 0},
                             {"K14", 2, 2},
                             {"K17", 5, 10},
                             {"K18", 5, 10}})
        office.check(week_after, each.id, each.part, each.whole);
}
