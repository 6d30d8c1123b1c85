// SPDX-License-Identifier: EUPL-1.2
#include "model/callback.hpp"
#include "model/callback_calling.hpp"
#include "model/callback_change.hpp"
#include "model/callback_retry.hpp"
#include "model/callback_slot.hpp"
#include "model/callback_state.hpp"
#include "model/department.hpp"
#include "model/holidays.hpp"
#include "model/lease_clock.hpp"
#include "tests/support/callback_office.hpp"

#include <catch2/catch.hpp>
#include <date/tz.h>

#include <map>
#include <random>
#include <set>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using namespace date::literals;
using tests::callback_office;

namespace {

constexpr auto step = 10min;

// What time it is there, by the clock on the wall.
struct wall {
    date::local_days day;
    std::chrono::seconds clock;
    wall(const std::string& zone, sys_seconds at) {
        auto local = date::locate_zone(zone)->to_local(at);
        day = date::floor<date::days>(local);
        clock = local - day;
    }
    bool is_decent() const { return (clock >= 9h && clock < 12h + 30min) || (clock >= 13h + 30min && clock < 19h); }
};

struct attempt {
    std::int64_t callback_id = 0, number = 0;
    sys_seconds dialled_at;
    std::string outcome;
    auto fields() { return std::tie(callback_id, number, dialled_at, outcome); }
};

// A month of a small office: people book from every territory, agents claim, dial, answer, crash and forget.
class month {
public:
    month(sys_seconds from, sys_seconds to, std::uint64_t seed) : from_(from), to_(to), random_(seed) {
        sql::set_lease_clock([this] { return seconds(now_); });
    }
    ~month() { sql::set_lease_clock({}); }

    void run() {
        auto end = to_ + std::chrono::hours(24 * 21); // the last promises, and their three days
        for (now_ = from_; now_ < end; now_ += step) {
            if (nobody_works()) continue;
            if (now_ < to_ && chance(12)) book();
            if (now_ < to_ && chance(3)) ring();
            if (chance(2)) change_mind();
            for (std::int64_t agent = 1; agent <= 3; ++agent)
                if (chance(40)) work(tests::caller(agent));
            if (chance(30)) office_.act([this](soci::session& sql) { return callback_calling::tidy(sql, now_); });
        }
        while (office_.act([this](soci::session& sql) { return callback_calling::tidy(sql, now_); }) > 0) {
        }
    }

    void check() {
        auto all = office_.database->read_now(
            [](soci::session& sql) { return sql::all<callback>(sql, "SELECT " + callback_columns + " FROM callback ORDER BY id"); });
        std::map<std::int64_t, std::vector<attempt>> attempts;
        for (auto& each : office_.database->read_now([](soci::session& sql) {
                 return sql::all<attempt>(
                     sql, "SELECT callback_id, number, dialled_at, outcome FROM callback_attempt ORDER BY callback_id, number");
             }))
            attempts[each.callback_id].push_back(each);
        std::set<std::string> states, zones;
        for (const auto& each : all) {
            states.insert(each.state), zones.insert(each.zone);
            REQUIRE_FALSE(callback_states::is_open(each.state)); // every one reaches an end
            check_slot(each);
            check_attempts(each, attempts[each.id]);
        }
        CHECK(all.size() > 300);
        for (auto state : {"reached", "voicemail", "wrong_number", "unreached", "cancelled"}) CHECK(states.contains(state));
        CHECK(zones.size() > 12);
        CHECK(office_.count("(SELECT callback_id FROM callback_attempt GROUP BY callback_id HAVING COUNT(*) > 3) AS more") == 0);
        CHECK(office_.count("callback_attempt WHERE outcome = ''") == 0); // leases killed at random lose nothing
        CHECK(office_.count("callback_attempt WHERE outcome = 'lost'") > 0);
    }

private:
    bool chance(unsigned percent) { return random_() % 100 < percent; }
    template <class List> const auto& any(const List& list) { return list[random_() % list.size()]; }

    // Neither the centre's hours nor the extended ones: nothing can happen but that time passes.
    bool nobody_works() {
        auto hour = wall("Europe/Paris", now_).clock / 1h;
        return hour < 7 || hour > 22;
    }

    callback_place somewhere() {
        const auto& where = any(departments::all());
        auto zones = departments::zones(where.code);
        return {std::string(chance(50) ? any(std::vector<std::string_view>(zones.begin(), zones.end())) : zones.front()),
                std::string(where.code)};
    }

    void book() {
        auto wish = tests::sample_wish(++number_, {});
        // Half of them overseas, where hours are odd.
        do wish.place = somewhere();
        while (wish.place.zone == "Europe/Paris" && chance(60));
        wish.opens.reset();
        auto slots = callback_slots::grid(office_.rules, wish.place, now_, now_ + std::chrono::hours(24 * 30), now_);
        if (slots.empty()) return; // Clipperton on a bank holiday
        wish.slot_starts_at = any(slots).starts_at;
        try {
            office_.book(wish, now_);
        } catch (const callback_slot_full&) {
        }
    }

    // Somebody gives up, or chooses another slot.
    void change_mind() {
        auto coming = office_.database->read_now([this](soci::session& sql) {
            return sql::all<callback>(
                sql, "SELECT " + callback_columns + " FROM callback WHERE state = 'scheduled' AND slot_starts_at > :now", now_);
        });
        if (coming.empty()) return;
        auto what = any(coming);
        auto citizen = tests::citizen_actor();
        if (chance(40)) {
            office_.act([&](soci::session& sql) { callback_changes::cancel(sql, what, "citizen", citizen, now_); });
            return;
        }
        auto slots = callback_slots::grid(office_.rules, what.place(), now_, now_ + std::chrono::hours(24 * 30), now_);
        if (slots.empty()) return;
        try {
            auto slot = any(slots).starts_at;
            office_.act([&](soci::session& sql) { callback_changes::move(sql, what, slot, what.place(), office_.rules, citizen, now_); });
        } catch (const callback_slot_full&) {
        }
    }

    void ring() {
        auto phone =
            std::string(any(std::vector<std::string>{"+3363998", "+59669612", "+26269212"})) + std::to_string(1000 + random_() % 20);
        office_.act([&](soci::session& sql) {
            return chance(30) ? callbacks::drop_for_answered_call(sql, phone, now_)
                              : callbacks::want_for_missed_call(sql, phone, now_).has_value();
        });
    }

    // One agent, ten minutes: some crash after claiming, some while it rings.
    void work(callback_caller agent) {
        auto held = office_.claim(agent, now_);
        if (!held || chance(10)) return;
        agent.token = held->lease_token;
        try {
            office_.act([&](soci::session& sql) { callback_calling::dial(sql, held->public_id, office_.rules, agent, now_); });
            if (chance(10)) return;
            static const std::vector<std::string> outcomes = {"reached", "no_answer", "no_answer",   "no_answer",
                                                              "busy",    "voicemail", "wrong_number"};
            office_.finish(*held, any(outcomes), agent, now_ + 2min);
        } catch (const conflict&) { // claimed at 12:25, dialled at 12:35: not a decent hour any more
        }
    }

    void check_slot(const callback& each) {
        if (!each.slot_starts_at) return;
        INFO(each.zone << " " << date::format("%F %T", *each.slot_starts_at));
        for (auto at : {*each.slot_starts_at, *each.slot_ends_at - 1s}) {
            wall there(each.zone, at), here("Europe/Paris", at);
            REQUIRE(there.is_decent());
            REQUIRE(date::weekday(there.day) != date::Sunday);
            REQUIRE_FALSE(holidays::is_holiday(date::year_month_day(there.day), each.department));
            REQUIRE_FALSE(holidays::is_holiday(date::year_month_day(here.day)));
            REQUIRE(date::weekday(here.day).iso_encoding() < 6);
            REQUIRE(here.clock >= 7h + 45min);
            REQUIRE(here.clock < 22h);
        }
        REQUIRE(*each.slot_ends_at - *each.slot_starts_at == 30min);
    }

    void check_attempts(const callback& each, const std::vector<attempt>& made) {
        REQUIRE(made.size() == static_cast<std::size_t>(each.attempts));
        REQUIRE(made.size() <= 3);
        std::set<std::string> used;
        for (std::size_t i = 0; i < made.size(); ++i) {
            wall there(each.zone, made[i].dialled_at);
            auto department =
                each.department.empty() ? calendar_books::department_of_zone(office_.rules.book(), each.zone) : each.department;
            REQUIRE(there.is_decent());
            REQUIRE(date::weekday(there.day) != date::Sunday);
            REQUIRE_FALSE(holidays::is_holiday(date::year_month_day(there.day), department));
            if (each.slot_starts_at) REQUIRE(made[i].dialled_at >= *each.slot_starts_at); // never before the promise
            if (i > 0) REQUIRE(made[i].dialled_at - made[i - 1].dialled_at >= 15min);
            if (made[i].outcome != "lost") REQUIRE(used.insert(callback_retries::half_day(each.zone, made[i].dialled_at)).second);
        }
        if (made.empty()) return;
        REQUIRE(made.back().dialled_at <
                callback_retries::last_moment(office_.rules, {each.zone, each.department}, made.front().dialled_at));
    }

    sys_seconds from_, to_, now_{};
    std::mt19937_64 random_;
    callback_office office_;
    int number_ = 0;
};

} // namespace

TEST_CASE("a simulated month in which the hour goes forward: every promise ends, nobody is woken, leases killed lose nothing",
          "[callback][month]") {
    month spring(sys_seconds(date::sys_days(2026_y / 3 / 16)), sys_seconds(date::sys_days(2026_y / 4 / 16)), 3); // Easter, 29 March
    spring.run();
    spring.check();
}

TEST_CASE("a simulated month in which the hour goes back", "[callback][month]") {
    month autumn(sys_seconds(date::sys_days(2026_y / 10 / 12)), sys_seconds(date::sys_days(2026_y / 11 / 14)),
                 5); // All Saints, 11 November
    autumn.run();
    autumn.check();
}

TEST_CASE("over a year, no slot of any territory comes twice, at an hour that does not exist, or in the night", "[callback][month]") {
    auto rules = tests::sample_rules();
    for (const auto& where : departments::all())
        for (auto zone : departments::zones(where.code)) {
            if (zone == "Europe/Paris" && where.code != "75" && where.code != "67") continue; // the same as their neighbours
            callback_place place{std::string(zone), std::string(where.code)};
            std::set<sys_seconds> seen;
            std::set<std::string> walls;
            for (sys_seconds now = date::sys_days(2026_y / 1 / 1); now < date::sys_days(2027_y / 1 / 1);
                 now += std::chrono::hours(24 * 5)) {
                auto slots = callback_slots::grid(rules, place, now, now + std::chrono::hours(24 * 5), now);
                for (const auto& slot : slots) {
                    if (slot.starts_at < now + 2h || !seen.insert(slot.starts_at).second) FAIL("a slot too soon, or twice");
                    wall there(place.zone, slot.starts_at);
                    REQUIRE(there.is_decent());
                    REQUIRE(walls.insert(date::format("%F %T", there.day + there.clock)).second); // one hour on the wall, one slot
                    REQUIRE(date::locate_zone(place.zone)->get_info(there.day + there.clock).result != date::local_info::nonexistent);
                }
            }
            CHECK(seen.size() > 100);
        }
}
