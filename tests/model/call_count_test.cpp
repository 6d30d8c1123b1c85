// SPDX-License-Identifier: EUPL-1.2
#include "model/call_count.hpp"

#include "model/call.hpp"
#include "model/call_report.hpp"
#include "model/cti.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::monday;

namespace {

constexpr auto day = 24h;

call sample(sys_seconds at, const std::string& outcome, int wait_s, int talk_s = 0, std::optional<std::int64_t> team = {}) {
    call out;
    out.outcome = outcome, out.state = "ended", out.team_id = team, out.wait_s = wait_s;
    out.started_at_us = seconds(at) * 1'000'000;
    auto until = out.started_at_us + wait_s * 1'000'000LL;
    if (outcome == "answered") out.answered_at_us = until;
    out.ended_at_us = until + talk_s * 1'000'000LL;
    return out;
}

// A centre with a log of its calls. `add` tells of a call at that time; `late` of one that is long past.
struct centre {
    tests::temporary_database database;

    call add(const call& what) { return late(what, what.started_at()); }
    call late(const call& what, sys_seconds now) {
        return database->write_now([&](soci::session& sql) { return calls::add(sql, what, {}, now); });
    }
    int advance(sys_seconds now) {
        int visits = 1;
        while (database->write_now([now](soci::session& sql) { return call_counts::advance(sql, now); })) ++visits;
        return visits;
    }
    std::int64_t forget(sys_seconds now, int days = 365) {
        return database->write_now([=](soci::session& sql) { return call_counts::forget_calls(sql, days, now); });
    }
    std::int64_t count(const std::string& what) {
        return database->read_now([&](soci::session& sql) { return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + what); });
    }
    call_figures figures(sys_seconds from, sys_seconds to) {
        return database->read_now([=](soci::session& sql) { return call_stats::between(sql, from, to); });
    }
    std::int64_t offered(sys_seconds from, sys_seconds to) { return figures(from, to).whole.offered; }
};

// Everything that a figure tells, to compare.
std::string text_of(const std::vector<call_figure>& all) {
    std::string out;
    for (const auto& each : all) {
        out += each.key + " " + each.label;
        for (auto number : {each.offered, each.answered, each.fast, each.lost, each.brief, each.talk_s})
            out += " " + std::to_string(number);
        for (const auto& [wait, count] : each.waits) out += " " + std::to_string(wait) + "x" + std::to_string(count);
        out += "\n";
    }
    return out;
}

std::string text_of(const call_figures& of) {
    return text_of(std::vector{of.whole}) + text_of(of.by_day) + text_of(of.by_hour) + text_of(of.by_team);
}

} // namespace

TEST_CASE("what is written down of the calls says the same as the calls", "[call]") {
    centre here;
    std::mt19937 random{5};
    auto pick = [&random](unsigned below) { return static_cast<int>(random() % below); };
    constexpr auto outcomes = std::to_array<const char*>({"answered", "answered", "answered", "missed", "abandoned", "busy", "voicemail"});
    constexpr auto span = 20 * day;
    for (int i = 0; i < 300; ++i) {
        auto at = monday + std::chrono::seconds(pick(static_cast<unsigned>(span / 1s)));
        auto team = pick(3) == 0 ? std::optional<std::int64_t>() : std::optional<std::int64_t>(1 + pick(2));
        here.add(sample(at, outcomes[static_cast<std::size_t>(pick(outcomes.size()))], pick(900), pick(600), team));
    }
    auto from_calls = text_of(here.figures(monday - day, monday + span));
    auto volumes = [&] {
        return here.database->read_now([&](soci::session& sql) {
            std::string out;
            for (const auto& each : call_stats::half_hours(sql, monday, monday + span))
                out += std::to_string(seconds(each.starts_at)) + " " + std::to_string(each.offered) + " " + std::to_string(each.answered) +
                       " " + std::to_string(each.talk_s) + "\n";
            return out;
        });
    };
    auto volumes_of_calls = volumes();
    CHECK(here.advance(monday + span / 2) == 2); // a week a visit, up to two days ago: the rest comes from the calls
    CHECK(text_of(here.figures(monday - day, monday + span)) == from_calls);
    here.advance(monday + span + 3 * day);
    CHECK(here.count("call_count") > 100);
    CHECK(text_of(here.figures(monday - day, monday + span)) == from_calls);
    CHECK(volumes() == volumes_of_calls);
    here.advance(monday + span + 3 * day);
    CHECK(text_of(here.figures(monday - day, monday + span)) == from_calls);
    here.database->write_now([](soci::session& sql) { call_counts::begin_again(sql); });
    CHECK(here.count("call_count") == 0);
    CHECK(text_of(here.figures(monday - day, monday + span)) == from_calls);
    here.advance(monday + span + 3 * day);
    CHECK(text_of(here.figures(monday - day, monday + span)) == from_calls);
}

TEST_CASE("nothing is counted before there is a call, and what is two days old only", "[call]") {
    centre here;
    CHECK(here.advance(monday) == 1);
    here.add(sample(monday, "answered", 5));
    here.advance(monday + 2 * day);
    CHECK(here.count("call_count") == 0);
    here.advance(monday + 2 * day + 30min);
    CHECK(here.count("call_count") == 1);
}

TEST_CASE("a call that changes after it was counted is counted again", "[call]") {
    centre here;
    auto first = here.add(sample(monday, "answered", 5, 60));
    here.add(sample(monday + 3h, "missed", 90));
    auto now = monday + 4 * day;
    here.advance(now);
    auto look = [&] { return here.figures(monday, monday + day).whole; };
    REQUIRE(look().answered == 1);

    here.late(sample(monday + 10min, "abandoned", 30), now);     // written down four days after
    here.late(sample(monday - 2 * day, "answered", 5, 20), now); // and before all that was counted
    CHECK(look().offered == 2);                                  // within the minute:
    here.advance(now + 1min);
    CHECK(look().offered == 3);
    CHECK(here.offered(monday - 3 * day, monday) == 1);
    CHECK(here.count("call_count_again") == 0);

    // An agent says that it was a machine.
    here.database->write_now([&](soci::session& sql) {
        call_report report;
        report.outcome = "voicemail";
        call_reports::write(sql, first.public_id, report, tests::agent_actor(), now);
    });
    here.advance(now + 2min);
    CHECK(look().answered == 0);
    CHECK(look().offered == 3);
}

TEST_CASE("a hangup that comes days late changes the figure of its day", "[call]") {
    centre here;
    const cti::sender exchange{1, "standard"};
    cti_event ring{"newCall", "a1", "33639981234", "3400", "in", {}, "permis", "", ""};
    auto send = [&](const cti_event& what, sys_seconds at) {
        here.database->write_now([&](soci::session& sql) { cti::take(sql, what, "raw", exchange, at); });
    };
    send(ring, monday);
    here.advance(monday + 3 * day);
    CHECK(here.offered(monday, monday + day) == 0); // it rings still: no outcome
    auto end = ring;
    end.kind = "hangup", end.cause = "cancel";
    send(end, monday + 3 * day);
    here.advance(monday + 3 * day);
    CHECK(here.offered(monday, monday + day) == 1);
}

TEST_CASE("calls are forgotten after a year, their figures are not; a ticket keeps its own", "[call]") {
    centre here;
    auto of_ticket = here.add(sample(monday, "answered", 5, 60));
    here.database->write_now([&](soci::session& sql) {
        auto opened = tickets::open(sql, tests::sample_contact(1), tests::citizen_actor(), monday);
        calls::join_ticket(sql, of_ticket, opened.reference);
    });
    here.add(sample(monday + 1h, "missed", 90));
    here.add(sample(monday + 2h, "answered", 70, 60));
    here.add(sample(monday + 40 * day, "answered", 5, 60));
    auto now = monday + 366 * day;
    CHECK(here.forget(now) == 0); // nothing is written down yet: nothing goes
    here.advance(now);
    auto before = text_of(here.figures(monday - day, monday + 50 * day));
    CHECK(here.forget(monday + 365 * day) == 0); // not a minute before
    CHECK(here.forget(now) == 2);
    CHECK(here.forget(now) == 0);
    CHECK(here.count("phone_call") == 2);
    CHECK(here.count("phone_call WHERE ticket_id IS NOT NULL") == 1);
    CHECK(text_of(here.figures(monday - day, monday + 50 * day)) == before);

    here.database->write_now([](soci::session& sql) { call_counts::begin_again(sql); });
    here.advance(now);
    CHECK(text_of(here.figures(monday - day, monday + 50 * day)) == before);

    // One that is told a year late counts no day anew from the little that is left of it.
    here.late(sample(monday + 1h, "answered", 1), now);
    here.advance(now);
    CHECK(text_of(here.figures(monday - day, monday + 50 * day)) == before);
}

TEST_CASE("a change is counted before its call is forgotten", "[call]") {
    centre here;
    here.add(sample(monday, "missed", 90));
    auto now = monday + 10 * day;
    here.advance(now);
    here.late(sample(monday + 5min, "answered", 5), now);
    CHECK(here.forget(now, 7) == 0);
    here.advance(now);
    CHECK(here.forget(now, 7) == 2);
    CHECK(here.offered(monday, monday + day) == 2);
}
