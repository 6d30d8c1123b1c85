// SPDX-License-Identifier: EUPL-1.2
#include "model/cti.hpp"
#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/user.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace relais;
using namespace relais::model;
using tests::monday;

namespace {

const cti::sender exchange{1, "standard"};
constexpr auto caller_number = "33639981234";

// A telephone system, with two colleagues on extensions 201 and 202.
struct switchboard {
    tests::temporary_database database;
    std::int64_t camille = 0, zoe = 0;
    sys_seconds now = monday;

    switchboard() {
        database->write_now([this](soci::session& sql) {
            camille = users::add(sql, {"camille", "Camille Martin", "agent", "conseillère", "", "x"}, monday);
            zoe = users::add(sql, {"zoe", "Zoé Petit", "agent", "conseillère", "", "x"}, monday);
            extensions::set(sql, camille, "201", {}, monday);
            extensions::set(sql, zoe, "202", {}, monday);
        });
    }
    cti_event event(const std::string& kind, const std::string& call_id = "a1") const {
        cti_event out;
        out.kind = kind, out.call_id = call_id, out.from = caller_number, out.to = "3400", out.direction = "in", out.queue = "permis";
        return out;
    }
    cti::taken send(const cti_event& what) {
        return database->write_now([&](soci::session& sql) { return cti::take(sql, what, "raw", exchange, now); });
    }
    cti::taken rings(const std::string& id = "a1", std::vector<std::string> users = {}) {
        auto what = event("newCall", id);
        what.users = std::move(users);
        return send(what);
    }
    cti::taken answers(const std::string& number, const std::string& id = "a1") {
        auto what = event("answer", id);
        what.answering_number = number;
        return send(what);
    }
    cti::taken ends(const std::string& cause, const std::string& id = "a1") {
        auto what = event("hangup", id);
        what.cause = cause;
        return send(what);
    }
    void pass(int s) { now += std::chrono::seconds(s); }
    std::vector<call_line> all() {
        return database->read_now([](soci::session& sql) { return calls::list(sql, {}, "", 200).lines; });
    }
    call only() {
        auto found = all();
        REQUIRE(found.size() == 1);
        return found.front().what;
    }
    std::int64_t count(const std::string& what) {
        return database->read_now([&](soci::session& sql) { return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + what); });
    }
};

} // namespace

TEST_CASE("a call rings, is answered and ends; each instant is kept", "[call]") {
    switchboard here;
    CHECK(here.rings("a1", {"Camille Martin"}).verdict == "opened");
    CHECK(here.only().state == "ringing");
    CHECK(here.only().rings_for == std::to_string(here.camille));
    here.pass(12);
    CHECK(here.answers("201").verdict == "answered");
    CHECK(here.only().state == "talking");
    here.pass(200);
    CHECK(here.ends("normalClearing").verdict == "ended");
    auto found = here.only();
    CHECK(found.phone == "+33639981234");
    CHECK(found.line == "3400");
    CHECK(found.queue == "permis");
    CHECK(found.outcome == "answered");
    CHECK(found.wait_s == 12);
    CHECK(found.talk_s() == 200);
    CHECK(found.agent_id == here.camille);
    CHECK(found.agent_name == "Camille Martin");
    CHECK(here.count("event WHERE action = 'call.answered' AND data LIKE '%\"agents\":[" + std::to_string(here.camille) + "]%'") == 1);
}

TEST_CASE("whatever the order of its events, the call is the same", "[call]") {
    std::vector<int> order = {0, 1, 2};
    do {
        switchboard here;
        for (int each : order) {
            if (each == 0) here.rings();
            if (each == 1) here.answers("202");
            if (each == 2) here.ends("normalClearing");
        }
        auto found = here.only();
        INFO(order[0] << order[1] << order[2]);
        CHECK(found.outcome == "answered");
        CHECK(found.state == "ended");
        CHECK(found.agent_name == "Zoé Petit");
        CHECK(found.phone == "+33639981234");
        CHECK(found.cause == "normalClearing");
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("the same event twice has one effect, and is shown as received before", "[call]") {
    switchboard here;
    here.rings(), here.answers("201"), here.ends("normalClearing");
    auto events = here.count("event");
    CHECK(here.rings().verdict == "duplicate");
    here.pass(60);
    CHECK(here.answers("201").verdict == "duplicate");
    CHECK(here.ends("normalClearing").verdict == "duplicate");
    CHECK(here.only().talk_s() == 0);
    CHECK(here.count("event") == events);
    CHECK(here.count("cti_event WHERE verdict = 'duplicate'") == 3);
}

TEST_CASE("a second answer by somebody else is a transfer, by the same telephone it is not", "[call]") {
    switchboard here;
    here.rings();
    here.answers("201");
    here.pass(30);
    auto again = here.event("answer");
    again.answering_number = "201", again.users = {"camille"};
    CHECK(here.send(again).verdict == "answered");
    CHECK(here.only().transfers == 0);
    CHECK(here.answers("202").verdict == "transferred");
    auto found = here.only();
    CHECK(found.transfers == 1);
    CHECK(found.agent_id == here.zoe);
    CHECK(found.wait_s == 0); // the first answer ended the wait
    CHECK(here.count("event WHERE action = 'call.transferred'") == 1);
}

TEST_CASE("the cause of the hangup says how a call that nobody answered ended", "[call]") {
    struct row {
        std::string cause, outcome;
        bool is_lost;
    };
    for (const auto& each : {row{"cancel", "abandoned", true}, row{"normalClearing", "abandoned", true}, row{"noAnswer", "missed", true},
                             row{"busy", "busy", true}, row{"congestion", "busy", true}, row{"notFound", "missed", true},
                             row{"forwarded", "forwarded", false}}) {
        switchboard here;
        here.rings();
        here.pass(45);
        here.ends(each.cause);
        INFO(each.cause);
        CHECK(here.only().outcome == each.outcome);
        CHECK(here.only().is_lost() == each.is_lost);
        CHECK(here.only().wait_s == 45);
    }
}

TEST_CASE("three calls that nobody answers make one callback, and getting through drops it", "[call]") {
    switchboard here;
    auto open = [&] { return here.count("callback WHERE open_phone = '+33639981234'"); };
    for (const auto* id : {"a1", "a2", "a3"}) {
        here.rings(id);
        here.pass(30);
        here.ends("cancel", id);
        CHECK(open() == 1);
    }
    CHECK(here.count("callback WHERE rings = 3") == 1);
    here.rings("a4");
    here.answers("201", "a4");
    CHECK(open() == 0);
    // A hangup that comes before its answer makes a callback for a moment only.
    here.ends("normalClearing", "a5");
    CHECK(open() == 1);
    here.answers("201", "a5");
    CHECK(open() == 0);
    // Nobody can call a withheld number back, nor one that we refuse.
    auto withheld = here.event("newCall", "a6");
    withheld.from = "anonymous";
    here.send(withheld);
    withheld.kind = "hangup", withheld.cause = "cancel";
    here.send(withheld);
    CHECK(here.count("callback WHERE open_phone IS NOT NULL") == 0);
}

TEST_CASE("withheld numbers and extensions are calls too, without a number to call back", "[call]") {
    for (const auto& from : {"anonymous", "", "unknown", "101"}) {
        switchboard here;
        auto what = here.event("newCall");
        what.from = from;
        here.send(what);
        CHECK(here.only().phone.empty());
        CHECK(here.only().phone_given == from);
    }
    using call_states::phone_of;
    CHECK(phone_of("33639981234").first == "+33639981234");
    CHECK(phone_of("+33639981234").first == "+33639981234");
    CHECK(phone_of("0033639981234").first == "+33639981234");
    CHECK(phone_of("0639981234").first == "+33639981234");
    CHECK(phone_of("262692123456").first == "+262692123456");
    CHECK(phone_of(std::string(3000, '3')).second.size() == 40);
}

TEST_CASE("a refused number is told so before it rings, until the refusal ends", "[call]") {
    switchboard here;
    auto change = [&](const auto& what) { here.database->write_now(what); };
    change([&](soci::session& sql) { blocked_numbers::add(sql, "06 39 98 12 34", "menaces répétées", 30, tests::agent_actor(), monday); });
    auto refused = here.rings();
    CHECK(refused.rejects);
    CHECK(refused.verdict == "blocked");
    CHECK(here.rings().rejects); // sent again
    here.ends("cancel");
    CHECK(here.only().outcome == "rejected");
    CHECK_FALSE(here.only().is_lost());
    here.now += std::chrono::hours(24 * 31);
    CHECK_FALSE(here.rings("later").rejects);
    change([&](soci::session& sql) { blocked_numbers::add(sql, "0639981234", "menaces", 1, tests::agent_actor(), here.now); });
    CHECK(here.rings("again").rejects);
    change([&](soci::session& sql) { blocked_numbers::remove(sql, "+33639981234", tests::agent_actor(), here.now); });
    CHECK_FALSE(here.rings("at last").rejects);
    CHECK_THROWS_AS(change([&](soci::session& sql) { blocked_numbers::add(sql, "abc", "", 1, {}, monday); }), invalid);
}

TEST_CASE("a hangup that never came is supposed after a while; a late one or a late answer is believed", "[call]") {
    switchboard here;
    auto close = [&] {
        return here.database->write_now([&](soci::session& sql) { return calls::close_stale(sql, 1800, 7200, here.now); });
    };
    here.rings();
    here.pass(1700);
    CHECK(close() == 0);
    here.pass(200);
    CHECK(close() == 1);
    CHECK(here.only().outcome == "missed");
    CHECK(here.only().ended_by == "timeout");
    here.answers("201"); // it rang for very long
    CHECK(here.only().state == "talking");
    here.pass(7300);
    CHECK(close() == 1);
    CHECK(here.only().outcome == "answered");
    here.pass(100);
    here.ends("normalClearing");
    CHECK(here.only().ended_by == "hangup");
    CHECK(here.only().talk_s() == 7400);
    CHECK(close() == 0);
}

TEST_CASE("outgoing calls are the agent's who dials, and the number is the one called", "[call]") {
    switchboard here;
    auto what = here.event("newCall");
    what.direction = "out", what.from = "201", what.to = caller_number, what.users = {"camille"};
    here.send(what);
    CHECK(here.only().phone == "+33639981234");
    CHECK(here.only().agent_id == here.camille);
    what.kind = "hangup", what.cause = "noAnswer";
    here.send(what);
    CHECK(here.only().outcome == "missed");
    CHECK_FALSE(here.only().is_lost()); // nobody wanted us
}

TEST_CASE("two telephone systems may use the same name for different calls", "[call]") {
    switchboard here;
    here.rings();
    auto other = here.database->write_now([&](soci::session& sql) {
        return cti::take(sql, here.event("newCall"), "raw", {2, "autre"}, here.now);
    });
    CHECK(other.verdict == "opened");
    CHECK(here.all().size() == 2);
}

TEST_CASE("who answers is known by extension, then login, then number, then name", "[call]") {
    switchboard here;
    auto who = [&](const std::string& number, std::vector<std::string> names) {
        return here.database->read_now([&](soci::session& sql) { return cti::who_answers(sql, number, names); });
    };
    CHECK(who("201", {}).user_id == here.camille);
    CHECK(who("zoe", {}).user_id == here.zoe);
    CHECK(who(std::to_string(here.zoe), {}).user_id == here.zoe);
    CHECK(who("999", {"Zoé Petit"}).user_id == here.zoe);
    CHECK(who("", {"camille"}).user_id == here.camille);
    CHECK(who("999", {"Inconnu"}).user_id == std::nullopt);
    CHECK(who("999", {}).name == "999");
    auto set = [&](std::int64_t user, const std::string& numbers) {
        here.database->write_now([&](soci::session& sql) { extensions::set(sql, user, numbers, {}, monday); });
    };
    CHECK_THROWS_AS(set(here.zoe, "201"), invalid); // somebody's
    set(here.zoe, "203, 204");
    CHECK(who("202", {}).user_id == std::nullopt);
    CHECK(who("204", {}).user_id == here.zoe);
    CHECK_THROWS_AS(set(here.zoe, "a b c d e f"), invalid);
    CHECK_THROWS_AS(set(here.zoe, "<b>"), invalid);
}

TEST_CASE("a call straight to an extension rings for whoever has it", "[call]") {
    switchboard here;
    auto what = here.event("newCall");
    what.to = "202";
    here.send(what);
    CHECK(here.only().rings_for == std::to_string(here.zoe));
}

TEST_CASE("the log goes on without end, newest first, and is searched by the end of a number", "[call]") {
    switchboard here;
    for (int i = 0; i < 120; ++i) {
        auto what = here.event("newCall", "n" + std::to_string(i));
        what.from = "3363998" + std::to_string(1000 + i * 7);
        here.send(what);
        if (i % 3 == 0) here.pass(1); // several in one second
    }
    auto list = [&](const call_filter& filter, const std::string& after, int limit) {
        return here.database->read_now([&](soci::session& sql) { return calls::list(sql, filter, after, limit); });
    };
    std::vector<std::int64_t> seen;
    std::string after;
    do {
        auto page = list({}, after, 50);
        for (const auto& each : page.lines) seen.push_back(each.what.id);
        after = page.next;
    } while (!after.empty());
    CHECK(seen.size() == 120);
    CHECK(std::is_sorted(seen.rbegin(), seen.rend()));
    call_filter ending;
    ending.phone_ending = "81 0 07";
    auto found = list(ending, "", 50);
    REQUIRE(found.lines.size() == 1);
    CHECK(found.lines[0].what.phone == "+33639981007");
    ending.phone_ending = "7";
    CHECK_THROWS_AS(list(ending, "", 50), invalid);
    CHECK_THROWS_AS(list({}, "yesterday", 50), invalid);
    call_filter later;
    later.from = here.now;
    CHECK(list(later, "", 50).lines.size() < 4);
}

TEST_CASE("events that were not understood are kept with the reason, and forgotten after a week", "[call]") {
    switchboard here;
    here.database->write_now(
        [&](soci::session& sql) { cti::note_unread(sql, "event_unknown", "dtmf", "{\"event\":\"dtmf\"}", exchange, here.now); });
    here.rings();
    auto look = [&](bool only_unread) {
        return here.database->read_now([&](soci::session& sql) { return cti::recent(sql, only_unread); });
    };
    CHECK(look(false).size() == 2);
    REQUIRE(look(true).size() == 1);
    CHECK(look(true)[0].verdict == "event_unknown");
    auto purge = [&] { return here.database->write_now([&](soci::session& sql) { return cti::purge(sql, 7, here.now); }); };
    CHECK(purge() == 0);
    here.now += std::chrono::hours(24 * 8);
    CHECK(purge() == 2);
    CHECK(here.only().state == "ringing"); // the call itself stays
}
