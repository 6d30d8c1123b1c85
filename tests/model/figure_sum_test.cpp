// SPDX-License-Identifier: EUPL-1.2
#include "model/figure_sum.hpp"

#include "model/figure.hpp"
#include "tests/support/share_office.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::share_office;

namespace {

using sum_row = std::tuple<std::int64_t, std::string, std::int64_t>;

// Months of tickets around the change of hour, answered, closed, rated, merged and opened again at random.
struct months : share_office {
    void set(std::int64_t id, const std::string& what) {
        write([&](soci::session& sql) { sql::change(sql, "UPDATE ticket SET " + what + ", updated_at = :now WHERE id = :id", now, id); });
    }
    void live(int changes) {
        constexpr const char* channels[] = {"web_form", "letter", "phone", "driving_school"};
        auto at = [this] { return std::to_string(seconds(now)); };
        for (int i = 0; i < changes; ++i) {
            now += std::chrono::minutes(random() % 1'500);
            if (i % 2 == 0) ids.push_back(ticket([&](contact& from) { from.channel = channels[random() % 4]; }));
            auto id = ids[random() % ids.size()];
            const std::string whats[] = {"first_reply_at = COALESCE(first_reply_at, " + at() + ")",
                                         "closed_at = " + at() + ", status = 'closed', is_active = 0",
                                         "closed_at = NULL, status = 'open', is_active = 1",
                                         "satisfaction = 9, satisfied_at = " + at(),
                                         "category = 'ACC-04'",
                                         "status = 'merged'"};
            set(id, whats[random() % 6]);
            if (random() % 3 == 0) count_facts();
        }
        now += 24h * 35; // so that some are old
        count_facts();
    }
    // What the sums should be, from the facts.
    std::vector<sum_row> sums() {
        return read([](soci::session& sql) {
            return sql::all<sum_row>(sql, "SELECT day_at, name, counted FROM figure_sum WHERE counted <> 0 ORDER BY day_at, name");
        });
    }
    void rebuild() {
        for (std::optional<std::int64_t> at = 0; at;)
            at = write([&](soci::session& sql) { return figure_facts::rebuild_next(sql, *at, now, 20); });
        for (std::optional<std::int64_t> day = 0; day;)
            day = write([&](soci::session& sql) { return figure_sums::rebuild_next(sql, *day); });
    }
    // Every measure of tickets in a period is the same from the sums and from the facts.
    void check(const time_span& over) {
        auto summed = read([&](soci::session& sql) { return figures::measure_settled(sql, over, now); });
        auto counted = read([&](soci::session& sql) { return figures::course(sql, over, {}, now).whole; });
        for (const auto& [name, value] : counted) {
            INFO(name << " from " << seconds(over.from));
            CHECK(summed[name] == value);
        }
        CHECK(summed.count("backlog.oldest_days") == counted.count("backlog.oldest_days"));
    }

    std::mt19937 random{5};
    std::vector<std::int64_t> ids;
};

} // namespace

TEST_CASE("the sums of days are what the facts say, followed as things change and made again", "[figure]") {
    months office;
    office.now = calendar_weeks::span_of({2026, 38}).from + 9h;
    office.live(200);
    auto whole = time_span{calendar_weeks::span_of({2026, 36}).from, calendar_weeks::span_of({2026, 52}).to};
    for (const auto* unit : {"day", "week", "month"})
        for (const auto& each : figures::periods(whole, unit, 200))
            if (each.span.to <= office.now) office.check(each.span);
    auto followed = office.sums();
    REQUIRE(followed.size() > 100);
    auto old = office.read([&](soci::session& sql) { return figure_sums::old_at(sql, calendar_weeks::span_of({2026, 50}).to); });
    CHECK(old > 0);
    office.rebuild();
    CHECK(office.sums() == followed);
}

TEST_CASE("sums that were spoilt or left behind are right again after a rebuild", "[figure]") {
    months office;
    office.live(40);
    auto right = office.sums();
    office.write([](soci::session& sql) {
        sql::change(sql, "UPDATE figure_sum SET counted = counted + 7");
        sql::change(sql, "INSERT INTO figure_sum (name, day_at, counted) VALUES ('received', 1700002800, 3)");
        sql::change(sql, "DELETE FROM figure_fact WHERE ticket_id = 3");
    });
    CHECK(office.sums() != right);
    office.rebuild();
    CHECK(office.sums() == right);
}

TEST_CASE("a period that cuts a day is counted from the facts, and whole days from their sums", "[figure]") {
    auto monday = calendar_weeks::span_of({2026, 43}); // the week in which the hour changes
    CHECK(figure_sums::are_days(monday));
    CHECK(monday.to - monday.from == 169h);
    CHECK_FALSE(figure_sums::are_days({monday.from + 1h, monday.to}));
    CHECK_FALSE(figure_sums::are_days({monday.from, monday.from + 24h * 7})); // an hour short
    months office;
    office.now = monday.from + 1h;
    office.ticket();
    office.now = monday.to - 30min;
    office.ticket();
    office.now = monday.to;
    office.ticket();
    office.count_facts();
    auto received = [&](const time_span& over) {
        return office.read([&](soci::session& sql) { return figures::measure_settled(sql, over, office.now); })["received"];
    };
    CHECK(received(monday) == 2);
    CHECK(received({monday.from + 2h, monday.to}) == 1);
}
