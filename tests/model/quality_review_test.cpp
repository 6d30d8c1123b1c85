// SPDX-License-Identifier: EUPL-1.2
#include "model/quality_review.hpp"

#include "model/error.hpp"
#include "model/figure.hpp"
#include "model/review_grid.hpp"
#include "tests/support/share_office.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <set>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::share_office;

namespace {

const time_span w48 = calendar_weeks::span_of({2026, 48}), w49 = calendar_weeks::span_of({2026, 49});

// A centre whose answers are read again. tests::monday is the Monday of W48.
struct centre : share_office {
    actor sylvie{"staff", 31, "Sylvie Petit", {}}, omar{"staff", 32, "Omar Roux", {}};

    void set(std::int64_t id, const std::string& what) {
        write([&](soci::session& sql) { sql::change(sql, "UPDATE ticket SET " + what + ", updated_at = :now WHERE id = :id", now, id); });
    }
    std::int64_t closed(const std::string& channel, const std::string& department = "59", int team = 1) {
        auto id = ticket([&](contact& from) { from.channel = channel, from.department = department; });
        set(id, "first_reply_at = " + std::to_string(seconds(now)) + ", closed_at = " + std::to_string(seconds(now)) +
                    ", status = 'closed', is_active = 0, team_id = " + std::to_string(team));
        return id;
    }
    std::string reference(std::int64_t id) {
        return read([&](soci::session& sql) { return *sql::first<std::string>(sql, "SELECT reference FROM ticket WHERE id = :id", id); });
    }
    quality_review review(std::int64_t id, const quality_reviews::draft& what, const actor& who) {
        auto of = reference(id);
        return write([&](soci::session& sql) { return quality_reviews::add(sql, of, what, who, now); });
    }
    std::vector<quality_reviews::proposal> sample(const actor& who, calendar_week week = {2026, 48}) {
        return read([&](soci::session& sql) { return quality_reviews::sample(sql, week, who); });
    }
    std::optional<double> mark(const time_span& over, const figure_filter& whose = {}) {
        auto measured = read([&](soci::session& sql) { return figures::measure(sql, over, whose, now); });
        return figures::value(*figures::find("K19"), measured);
    }
};

quality_reviews::draft all(std::string_view grid, const std::string& answer) {
    quality_reviews::draft out;
    for (auto each : review_grids::get(grid).criteria) out.answers.emplace(each, answer);
    return out;
}

std::vector<std::string> faults_of(centre& office, std::int64_t id, const quality_reviews::draft& what) {
    try {
        office.review(id, what, office.sylvie);
    } catch (const invalid& refused) {
        std::vector<std::string> out;
        for (const auto& each : refused.faults) out.push_back(each.field + ":" + each.code);
        return out;
    }
    return {};
}

} // namespace

TEST_CASE("there are fourteen criteria in writing and fifteen on the telephone, each once", "[quality_review]") {
    for (const auto& [channel, count] : std::map<std::string, std::size_t>{
             {"web_form", 14}, {"email", 14}, {"letter", 14}, {"driving_school", 14}, {"phone", 15}, {"callback", 15}}) {
        INFO(channel);
        auto criteria = review_grids::of_channel(channel).criteria;
        CHECK(criteria.size() == count);
        CHECK(std::set(criteria.begin(), criteria.end()).size() == count);
    }
}

TEST_CASE("an answer is read again once by each reviewer, never before the end and never by who wrote it", "[quality_review]") {
    centre office;
    auto open = office.ticket(), id = office.closed("web_form");
    CHECK_THROWS_AS(office.review(open, all("reply", "yes"), office.sylvie), conflict);
    auto made = office.review(id, all("reply", "yes"), office.sylvie);
    CHECK(made.mark() == 20);
    CHECK_THROWS_AS(office.review(id, all("reply", "no"), office.sylvie), conflict);
    CHECK(office.review(id, all("reply", "no"), office.omar).mark() == 0);
    CHECK(office.count("quality_review") == 2);
    CHECK(office.count("event WHERE action = 'review.made'") == 2);
    auto own = office.closed("web_form");
    office.set(own, "assignee_id = 31");
    CHECK_THROWS_AS(office.review(own, all("reply", "yes"), office.sylvie), conflict);
    actor program{"token", 31, "robot", {}}; // another with the same number
    CHECK(office.review(own, all("reply", "yes"), program).is_by(program));
    CHECK_FALSE(made.is_by({"token", office.sylvie.id, "Sylvie", {}}));
    CHECK(made.is_by(office.sylvie));
    CHECK_THROWS_AS(office.write([&](soci::session& sql) {
        return quality_reviews::add(sql, "26-ZZZZ-ZZZZ", all("reply", "yes"), office.sylvie, office.now);
    }),
                    not_found);
}

TEST_CASE("a grid is whole, and its mark counts what applied", "[quality_review]") {
    centre office;
    auto id = office.closed("web_form");
    auto what = all("reply", "yes");
    what.answers.erase("greeting"), what.answers["correct"] = "perhaps", what.answers["picked_up"] = "yes";
    CHECK(faults_of(office, id, what) == std::vector<std::string>{"greeting:missing", "correct:unknown", "picked_up:unknown"});
    CHECK(faults_of(office, id, all("reply", "none")) == std::vector<std::string>{"greeting:missing"});
    what = all("reply", "yes");
    what.remark = std::string(2001, 'x');
    CHECK(faults_of(office, id, what).size() == 1);
    CHECK(office.count("quality_review") == 0);
    what = all("reply", "yes"), what.answers["documents"] = "none", what.answers["spelling"] = "no", what.remark = "Relire l’orthographe.";
    auto made = office.review(id, what, office.sylvie);
    CHECK(made.met == 12);
    CHECK(made.asked == 13);
    CHECK(made.mark() == Approx(20.0 * 12 / 13));
    auto again = office.read([&](soci::session& sql) { return quality_reviews::of_ticket(sql, id); });
    REQUIRE(again.size() == 1);
    CHECK(again[0].fields() == made.fields());
    CHECK(office.review(office.closed("phone"), all("call", "yes"), office.sylvie).asked == 15);
}

TEST_CASE("the sample of a week is one draw for all, of what was closed in it and answered", "[quality_review]") {
    centre office;
    std::set<std::int64_t> good;
    for (int i = 0; i < 40; ++i) good.insert(office.closed(i % 2 ? "web_form" : "phone"));
    auto silent = office.closed("web_form"); // closed without an answer
    office.set(silent, "first_reply_at = NULL");
    auto merged = office.closed("web_form");
    office.set(merged, "status = 'merged'");
    office.ticket(); // open
    office.now = w49.from + 1h;
    office.closed("web_form"); // another week's
    office.count_facts();
    auto drawn = office.sample(office.sylvie);
    REQUIRE(drawn.size() == 20);
    auto calls = std::count_if(drawn.begin(), drawn.end(), [](const auto& each) { return each.channel == "phone"; });
    CHECK(calls == 10);
    for (const auto& each : drawn) CHECK(good.contains(each.ticket_id));
    auto again = office.sample(office.omar);
    REQUIRE(again.size() == 20);
    for (std::size_t i = 0; i < 20; ++i) CHECK(again[i].ticket_id == drawn[i].ticket_id);
    // Not simply the first or the last ones.
    std::vector<std::int64_t> ids;
    for (const auto& each : drawn) ids.push_back(each.ticket_id);
    CHECK_FALSE(std::is_sorted(ids.begin(), ids.end()));
    office.review(drawn[0].ticket_id, all(review_grids::of_channel(drawn[0].channel).code, "yes"), office.sylvie);
    CHECK(office.sample(office.sylvie)[0].is_reviewed);
    CHECK_FALSE(office.sample(office.omar)[0].is_reviewed);
    // Their own answers are others' to read.
    office.set(drawn[1].ticket_id, "assignee_id = 32");
    office.count_facts();
    for (const auto& each : office.sample(office.omar)) CHECK(each.ticket_id != drawn[1].ticket_id);
    CHECK(office.sample(office.sylvie)[1].ticket_id == drawn[1].ticket_id);
    CHECK(office.sample(office.sylvie, {2026, 47}).empty());
}

TEST_CASE("K19 is what the reviews say: by day, team, department, procedure and channel, rebuilt, and in the share", "[quality_review]") {
    centre office;
    std::mt19937 random(19);
    for (int i = 0; i < 60; ++i) {
        office.now = w48.from + std::chrono::seconds(random() % (13 * 86'400));
        auto channel = random() % 3 ? "web_form" : "phone";
        auto id = office.closed(channel, random() % 2 ? "59" : "08", 1 + static_cast<int>(random() % 2));
        auto what = all(review_grids::of_channel(channel).code, "yes");
        for (auto& [criterion, answer] : what.answers) answer = random() % 4 ? "yes" : random() % 2 ? "no" : "none";
        office.review(id, what, office.sylvie);
    }
    office.now = w49.to + 1h;
    office.count_facts();
    // The letters of the answers themselves, counted by the database.
    auto expected = [&](const time_span& over, const std::string& condition) {
        std::vector<std::string> kept = office.read([&](soci::session& sql) {
            return sql::all<std::string>(sql,
                                         "SELECT r.answers FROM quality_review r, ticket t WHERE t.id = r.ticket_id AND r.reviewed_at "
                                         "BETWEEN :from AND :last AND " +
                                             condition,
                                         over.from, over.to - 1s);
        });
        double yes = 0, no = 0;
        for (const auto& text : kept) {
            auto answers = nlohmann::json::parse(text);
            for (const auto& [criterion, answer] : answers.items()) yes += answer == "yes", no += answer == "no";
        }
        REQUIRE(yes + no > 0);
        return 20 * yes / (yes + no);
    };
    const std::pair<figure_filter, const char*> narrowings[] = {
        {{}, "1 = 1"},
        {{1, "", "", ""}, "t.team_id = 1"},
        {{{}, "08", "", ""}, "t.department = '08'"},
        {{{}, "", "REGISTRATION", ""}, "t.procedure_code = 'REGISTRATION'"},
        {{{}, "", "", "phone"}, "t.channel = 'phone'"},
    };
    auto check = [&] {
        for (const auto& [whose, condition] : narrowings)
            for (const auto& week : {w48, w49}) {
                INFO(condition);
                CHECK(*office.mark(week, whose) == Approx(expected(week, condition)));
            }
    };
    check();
    auto by =
        office.read([&](soci::session& sql) { return figures::measure_by(sql, w48, figures::dimension::department, {}, office.now); });
    for (const auto* department : {"59", "08"})
        CHECK(*figures::value(*figures::find("K19"), by[department]) ==
              Approx(expected(w48, std::string("t.department = '") + department + "'")));
    std::int64_t by_day = 0, week = 0;
    for (const auto& day : figures::periods(w48, "day", 7))
        by_day += office.read([&](soci::session& sql) { return figures::measure(sql, day.span, {}, office.now); })["reviews"];
    week = office.read([&](soci::session& sql) { return figures::measure(sql, w48, {}, office.now); })["reviews"];
    CHECK(by_day == week);
    office.write([](soci::session& sql) { sql::change(sql, "DELETE FROM figure_fact"); });
    CHECK_FALSE(office.mark(w48));
    std::optional<std::int64_t> at = 0;
    while (at) at = office.write([&](soci::session& sql) { return figure_facts::rebuild_next(sql, *at, office.now, 7); });
    check();
    auto told = share_office::figure_in(office.share("2026-W48"), "K19");
    CHECK(told["value"].get<double>() == Approx(expected(w48, "1 = 1")).margin(0.005));
    CHECK(told["is_met"] == (told["value"].get<double>() >= 14));
}

TEST_CASE("K19 has no value without a review, is not told of fewer than five, and is an alert under twelve", "[quality_review]") {
    centre office;
    const auto& of = *figures::find("K19");
    CHECK_FALSE(office.mark(w48));
    for (int i = 0; i < 4; ++i) office.review(office.closed("web_form"), all("reply", "yes"), office.sylvie);
    office.now = w48.to + 9h;
    office.count_facts();
    CHECK(office.mark(w48) == 20);
    auto told = share_office::figure_in(office.share("2026-W48"), "K19");
    CHECK(told["is_hidden"] == true);
    CHECK(told["value"].is_null());
    for (int i = 0; i < 5; ++i) office.review(office.closed("web_form"), all("reply", i < 3 ? "yes" : "no"), office.omar);
    office.now = w49.to + 9h;
    auto next = share_office::figure_in(office.share("2026-W49"), "K19");
    CHECK(next["value"] == 12);
    CHECK(next["is_met"] == false);
    CHECK_FALSE(figures::is_alert(of, 12));
    CHECK(figures::is_alert(of, 11.9));
    CHECK_FALSE(figures::is_alert(of, {}));
    CHECK_FALSE(figures::is_alert(*figures::find("K5"), 1));
}
