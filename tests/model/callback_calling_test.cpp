// SPDX-License-Identifier: EUPL-1.2
#include "model/callback_calling.hpp"
#include "model/callback_rate.hpp"
#include "model/callback_retry.hpp"
#include "model/lease_clock.hpp"
#include "tests/support/callback_office.hpp"

#include <catch2/catch.hpp>

#include <atomic>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::callback_office;
using tests::caller;
using tests::monday;
using tests::refusal;
using tests::sample_wish;
using tests::tuesday_slot;

namespace {

// Leases go by this clock while it lives.
struct lease_clock {
    std::atomic<std::int64_t> now{seconds(monday)};
    lease_clock() {
        sql::set_lease_clock([this] { return now.load(); });
    }
    ~lease_clock() { sql::set_lease_clock({}); }
};

} // namespace

TEST_CASE("agents claim in the order of what is due, one each, and the same one again", "[callback]") {
    callback_office office;
    auto second = office.book(sample_wish(1, tuesday_slot + 30min)), first = office.book(sample_wish(2, tuesday_slot));
    auto anne = caller(1), paul = caller(2);
    CHECK_FALSE(office.claim(anne, tuesday_slot - 1s)); // not before its time
    CHECK(office.claim(anne, tuesday_slot + 31min)->id == first.id);
    CHECK(office.claim(anne, tuesday_slot + 31min)->id == first.id); // the button pressed twice
    CHECK(office.claim(paul, tuesday_slot + 31min)->id == second.id);
    CHECK_FALSE(office.claim(caller(3), tuesday_slot + 31min));
    office.rules.is_processing = false;
    CHECK(refusal([&] { office.claim(anne, tuesday_slot + 31min); }) == "conflict.callback_paused");
}

TEST_CASE("nobody is claimed in their night: the next one is", "[callback]") {
    callback_office office;
    auto reunion = sample_wish(1, monday + 26h); // 11:00 UTC is 15:00 there
    reunion.place = {"Indian/Reunion", "974"};
    office.book(reunion);
    auto paris = office.book([] {
        auto wish = sample_wish(2, monday + 29h + 30min);
        wish.place = {"Europe/Paris", "75"};
        return wish;
    }());
    CHECK(office.claim(caller(1), monday + 30h + 30min)->id == paris.id); // 15:30 UTC: 16:30 in Paris, 19:30 in Saint-Denis
    CHECK_FALSE(office.claim(caller(2), monday + 30h + 30min));
    CHECK(office.claim(caller(2), monday + 24h * 2 + 1h)); // the next day
}

TEST_CASE("those in their night do not hide the one who is awake, however many they are", "[callback]") {
    callback_office office;
    auto morning = monday + 15min; // 10:15 in Paris, 5:15 in Fort-de-France
    office.act([&](soci::session& sql) {
        for (int i = 0; i < 450; ++i)
            callbacks::want_for_missed_call(sql, tests::fictional_phone(i), monday - 10h + std::chrono::seconds(i % 7),
                                            "America/Martinique");
        callbacks::want_for_missed_call(sql, tests::fictional_phone(9000), monday, "Europe/Paris");
    });
    auto found = office.claim(caller(1), morning);
    REQUIRE(found);
    CHECK(found->phone == tests::fictional_phone(9000));
    CHECK_FALSE(office.claim(caller(2), morning));
    CHECK(office.claim(caller(2), morning + 5h)->phone == tests::fictional_phone(0)); // their morning: who waited longest
}

TEST_CASE("no answer: twice more on other half-days, then a message, never a fourth time", "[callback]") {
    callback_office office;
    auto wish = sample_wish(1, monday + 25h);
    wish.place = {"Europe/Paris", "75"}; // Tuesday 11:00
    auto made = office.book(wish);
    auto anne = caller(1);
    auto now = monday + 25h;
    std::vector<std::string> halves;
    for (int attempt = 1; attempt <= 3; ++attempt) {
        auto claimed = office.claim(anne, now);
        REQUIRE(claimed);
        auto after = office.finish(*claimed, attempt == 2 ? "busy" : "no_answer", anne, now + 1min);
        CHECK(after.attempts == attempt);
        CHECK(after.state == (attempt < 3 ? "scheduled" : "unreached"));
        CHECK_FALSE(office.claim(anne, now + 10min));
        halves.push_back(callback_retries::half_day("Europe/Paris", now));
        now = after.due_at;
    }
    CHECK(halves == std::vector<std::string>{"2026-11-24 morning", "2026-11-24 afternoon", "2026-11-25 morning"});
    CHECK_FALSE(office.claim(anne, now + 24h));
    CHECK(office.count("callback_attempt") == 3);
    CHECK(office.count("outbox WHERE kind = 'callback_missed' AND state = 'waiting'") == 1);
    CHECK(office.count("callback WHERE open_phone IS NULL AND ended_at IS NOT NULL") == 1);
    CHECK(refusal([&] { office.finish(office.get(made), "reached", anne, now); }) == "conflict.callback_state");
}

TEST_CASE("a Friday is followed by a Monday, and the three days are days when people may be called", "[callback]") {
    auto rules = tests::sample_rules();
    using namespace date::literals;
    auto at = [](date::year_month_day day, std::chrono::minutes clock) { return sys_seconds(date::sys_days(day)) + clock; };
    callback_place martinique{"America/Martinique", "972"};
    auto friday = at(2026_y / 11 / 27, 13h + 5min); // 9:05 in Fort-de-France
    auto second = callback_retries::next(rules, martinique, {friday}, friday);
    CHECK(second == at(2026_y / 11 / 30, 13h)); // their afternoon begins when the centre has closed
    auto third = callback_retries::next(rules, martinique, {friday, *second}, *second);
    CHECK(third == at(2026_y / 12 / 1, 13h));
    CHECK_FALSE(callback_retries::next(rules, martinique, {friday, *second, *third}, *third)); // the fourth day is not one of the three
    CHECK(callback_retries::last_moment(rules, martinique, friday) == at(2026_y / 12 / 1, 16h));
    // Sunday's call of a missed call counts from Monday.
    CHECK(callback_retries::last_moment(rules, martinique, at(2026_y / 11 / 29, 12h)) == at(2026_y / 12 / 2, 16h));
    // 12:20 then 13:30: another half-day, and more than the gap; 12:50 would be the same one.
    callback_place paris{"Europe/Paris", ""};
    CHECK(callback_retries::next(rules, paris, {at(2026_y / 11 / 24, 11h + 20min)}, at(2026_y / 11 / 24, 11h + 21min)) ==
          at(2026_y / 11 / 24, 12h + 30min));
    rules.retry_gap_minutes = 120;
    CHECK(callback_retries::next(rules, paris, {at(2026_y / 11 / 24, 11h + 20min)}, at(2026_y / 11 / 24, 11h + 21min)) ==
          at(2026_y / 11 / 24, 13h + 20min));
}

TEST_CASE("a voicemail, a wrong number and a voice end it", "[callback]") {
    for (const std::string outcome : {"voicemail", "wrong_number", "reached"}) {
        callback_office office;
        office.book(sample_wish());
        auto claimed = office.claim(caller(1), tuesday_slot + 5min);
        auto after = office.finish(*claimed, outcome, caller(1), tuesday_slot + 9min);
        CHECK(after.state == outcome);
        CHECK((after.reached_at == (outcome == "reached" ? std::optional(tuesday_slot + 9min) : std::nullopt)));
        CHECK_FALSE(office.claim(caller(1), tuesday_slot + 24h));
        CHECK(office.count("outbox WHERE kind = 'callback_missed'") == (outcome == "reached" ? 0 : 1));
        CHECK(refusal([&] { office.finish(after, "asleep", caller(1), tuesday_slot); }) == "unknown");
    }
}

TEST_CASE("dialling counts an attempt once, and only at a decent hour", "[callback]") {
    callback_office office;
    office.book(sample_wish());
    auto anne = caller(1);
    auto claimed = office.claim(anne, tuesday_slot + 1min);
    auto dial = [&](sys_seconds now) {
        return office.act([&](soci::session& sql) { return callback_calling::dial(sql, claimed->public_id, office.rules, anne, now); });
    };
    CHECK(refusal([&] { dial(tuesday_slot + 3h + 31min); }) == "conflict.callback_hour"); // 12:31 in Fort-de-France
    CHECK(dial(tuesday_slot + 2min).state == "dialling");
    CHECK(dial(tuesday_slot + 3min).attempts == 1);
    auto after = office.finish(*claimed, "reached", anne, tuesday_slot + 12min);
    CHECK(after.attempts == 1);
    CHECK(after.reached_at == tuesday_slot + 2min); // when it rang, not when the talk ended
    auto attempts = office.database->read_now([&](soci::session& sql) { return callback_calling::attempts_of(sql, claimed->id); });
    REQUIRE(attempts.size() == 1);
    CHECK(attempts[0].outcome == "reached");
    CHECK(attempts[0].agent_name == "Camille Martin");
}

TEST_CASE("a lease that lapses brings the callback back at its place, and lets its late holder do nothing", "[callback]") {
    callback_office office;
    lease_clock clock;
    office.book(sample_wish(1)), office.book(sample_wish(2, tuesday_slot + 30min));
    auto anne = caller(1), paul = caller(2);
    clock.now = seconds(tuesday_slot);
    auto first = office.claim(anne, tuesday_slot);
    clock.now += 15 * 60 - 1;
    CHECK_FALSE(office.claim(paul, tuesday_slot)); // still hers
    clock.now += 1;
    auto taken = office.claim(paul, tuesday_slot + 31min); // before the one that is due later
    CHECK(taken->id == first->id);
    CHECK(taken->lease_token > first->lease_token);
    CHECK(taken->attempts == 0);
    CHECK(refusal([&] { office.finish(*first, "reached", anne, tuesday_slot + 32min); }) == "conflict.callback_lease");
    CHECK(office.finish(*taken, "reached", paul, tuesday_slot + 33min).state == "reached");
}

TEST_CASE("the same person who comes back with an old claim is refused too", "[callback]") {
    callback_office office;
    lease_clock clock;
    office.book(sample_wish(1));
    auto anne = caller(1);
    clock.now = seconds(tuesday_slot);
    auto first = office.claim(anne, tuesday_slot);
    clock.now += 16 * 60;
    auto second = office.claim(anne, tuesday_slot + 16min);
    CHECK(refusal([&] { office.finish(*first, "no_answer", anne, tuesday_slot + 17min); }) == "conflict.callback_lease");
    auto without_number = anne;
    without_number.token.reset();
    CHECK(office
              .act([&](soci::session& sql) {
                  return callback_calling::finish(sql, second->public_id, "reached", office.rules, without_number, tuesday_slot + 18min);
              })
              .state == "reached");
}

TEST_CASE("an attempt that nobody closed counts, and the third is the last", "[callback]") {
    callback_office office;
    lease_clock clock;
    auto wish = sample_wish(1, monday + 24h);
    wish.place = {"Europe/Paris", ""};
    office.book(wish);
    auto now = monday + 24h;
    for (int attempt = 1; attempt <= 3; ++attempt) {
        clock.now = seconds(now);
        auto claimed = office.claim(caller(attempt), now);
        REQUIRE(claimed);
        office.act([&](soci::session& sql) { callback_calling::dial(sql, claimed->public_id, office.rules, caller(attempt), now); });
        now += 61min;
        clock.now = seconds(now);
        CHECK(office.act([&](soci::session& sql) { return callback_calling::tidy(sql, now); }) == 1);
        if (attempt == 2) now += 2h;
    }
    CHECK(office.count("callback WHERE state = 'unreached' AND attempts = 3") == 1);
    CHECK(office.count("callback_attempt WHERE outcome = 'lost'") == 3);
    CHECK(office.count("outbox WHERE kind = 'callback_missed'") == 1);
}

TEST_CASE("what nobody called in three days ends, and the citizen is told", "[callback]") {
    callback_office office;
    auto made = office.book(sample_wish());
    auto tidy = [&](sys_seconds now) { return office.act([&](soci::session& sql) { return callback_calling::tidy(sql, now); }); };
    CHECK(made.expires_at == tuesday_slot + 24h * 2 + 3h); // Thursday 17:00 in Paris
    CHECK(tidy(made.expires_at - 1s) == 0);
    CHECK(tidy(made.expires_at) == 1);
    CHECK(office.get(made).state == "expired");
    CHECK(office.count("outbox WHERE kind = 'callback_missed'") == 1);
    CHECK_FALSE(office.claim(caller(1), made.expires_at + 24h));
}

TEST_CASE("an agent may give a callback back", "[callback]") {
    callback_office office;
    office.book(sample_wish());
    auto claimed = office.claim(caller(1), tuesday_slot);
    auto release = [&](const callback_caller& by) {
        return refusal(
            [&] { office.act([&](soci::session& sql) { callback_calling::release(sql, claimed->public_id, by, tuesday_slot); }); });
    };
    CHECK(release(caller(2)) == "conflict.callback_lease");
    CHECK(release(caller(1)).empty());
    CHECK(office.claim(caller(2), tuesday_slot)->id == claimed->id);
}

TEST_CASE("K12 counts who was reached within the promised slot", "[callback]") {
    callback_office office;
    for (int i = 1; i <= 4; ++i) office.book(sample_wish(i, tuesday_slot + (i - 1) * 30min));
    auto call = [&](sys_seconds at, const std::string& outcome) { office.finish(*office.claim(caller(1), at), outcome, caller(1), at); };
    call(tuesday_slot + 10min, "reached");
    call(tuesday_slot + 60min + 5min, "reached"); // the second, five minutes after its slot
    call(tuesday_slot + 60min + 20min, "no_answer");
    office.book(sample_wish(9, tuesday_slot + 24h)); // not yet promised to be done
    auto rate = office.database->read_now(
        [&](soci::session& sql) { return callback_rates::between(sql, monday, monday + 48h, tuesday_slot + 3h); });
    CHECK(rate.promised == 4);
    CHECK(rate.reached_in_slot == 1);
    CHECK(rate.called_in_slot == 2);
    CHECK(rate.reached == 2);
    CHECK(rate.kept_percent() == 25);
    CHECK_FALSE(callback_rate{}.kept_percent());
    auto weeks = office.database->read_now([&](soci::session& sql) { return callback_rates::weekly(sql, 3, tuesday_slot + 3h); });
    REQUIRE(weeks.size() == 3);
    CHECK(weeks[2].name == "2026-W48");
    CHECK(weeks[2].rate.promised == 4);
    CHECK(weeks[1].rate.promised == 0);
    CHECK_FALSE(office.database->read_now(callback_rates::published));
    office.act([&](soci::session& sql) { callback_rates::publish(sql, tuesday_slot + 3h); });
    CHECK(office.database->read_now(callback_rates::published)->reached_in_slot == 1);
}
