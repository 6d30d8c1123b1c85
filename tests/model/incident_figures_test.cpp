// SPDX-License-Identifier: EUPL-1.2
#include "model/incident_corrections.hpp"
#include "model/incident_figures.hpp"
#include "model/migrations.hpp"
#include "model/sql.hpp"
#include "tests/support/incident_office.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::incident_office;

namespace {

// One incident that is handed over again and again.
struct promises : incident_office {
    std::int64_t number = incident_with(1);

    void escalate() {
        write([&](soci::session& sql) { incidents::escalate(sql, by(number), "person", nlohmann::json::object()); });
    }
    void regress() {
        write([&](soci::session& sql) { incidents::regress(sql, by(number), nlohmann::json::object()); });
    }
    void work_around() {
        write([&](soci::session& sql) { incidents::set_workaround(sql, by(number), {"", "Réessayez", "Réessayez", true}); });
    }
    void accept() {
        write([&](soci::session& sql) { incidents::accept(sql, by(number)); });
    }
    void date() {
        write([&](soci::session& sql) { incidents::schedule(sql, by(number), now + 24h, "4.12"); });
    }
    void fix() {
        write([&](soci::session& sql) { incidents::fix(sql, by(number), now, "4.12"); });
    }
    void reopen() {
        write([&](soci::session& sql) { incidents::reopen(sql, by(number), "Encore"); });
    }
    incident_figures::figures figures() {
        return read([&](soci::session& sql) { return incident_figures::compute(sql, tests::monday - 24h, now + 1s); });
    }
    incident_figures::hand_over last(sys_seconds until) {
        return read([&](soci::session& sql) { return incident_figures::last_hand_overs(sql, until).at(number); });
    }
    // Two hand-overs: the first had a workaround on Tuesday and a date on Wednesday, the second none for two weeks.
    sys_seconds twice() {
        escalate();
        now = tests::monday + 24h;
        accept(), work_around();
        now = tests::monday + 48h;
        date();
        now = tests::monday + 72h;
        fix();
        now = tests::monday + 14 * 24h;
        regress();
        return now;
    }
};

} // namespace

TEST_CASE("an incident handed over again is judged by what came of each hand-over, not by the other's", "[escalation][figure]") {
    promises office;
    auto again = office.twice();
    CHECK((office.figures().workaround.of == 1 && office.figures().workaround.kept == 1));
    CHECK((office.figures().dated.of == 1 && office.figures().dated.kept == 1));
    CHECK(office.last(again).workaround_at == tests::monday + 24h);
    CHECK(office.last(again).dated_at == tests::monday + 48h);
    CHECK_FALSE(office.last(again + 1s).workaround_at);
    office.now = again + 9 * 24h; // more than five working days
    CHECK((office.figures().workaround.of == 2 && office.figures().workaround.kept == 1));
    office.accept(), office.work_around(), office.date();
    CHECK((office.figures().workaround.of == 2 && office.figures().workaround.kept == 1)); // too late
    CHECK((office.figures().dated.of == 2 && office.figures().dated.kept == 2));
    auto given = office.now;
    office.now += 24h;
    office.work_around(), office.date(); // said again: the first counts
    CHECK(office.last(office.now).at == again);
    CHECK(office.last(office.now).workaround_at == given);
    CHECK(office.last(office.now).dated_at == given);
    CHECK(office.last(again).workaround_at == tests::monday + 24h);
}

TEST_CASE("hand-overs are judged as they were known at the end of a period, whatever came of them later", "[escalation][figure]") {
    for (auto is_returned : {false, true}) {
        promises office;
        office.escalate();
        auto early = tests::monday + 24h, late = tests::monday + 9 * 24h; // more than five working days, fewer than ten
        auto at = [&](sys_seconds until) {
            return office.read([&](soci::session& sql) { return incident_figures::compute(sql, tests::monday - 24h, until); });
        };
        office.now = tests::monday + 20h;
        if (is_returned)
            office.write([&](soci::session& sql) { incidents::send_back(sql, office.by(office.number), "Rien de tel"); });
        else
            office.accept();
        office.now = late + 24h;
        if (!is_returned) office.work_around(), office.date();
        CHECK((at(tests::monday + 1h).accepted.of == 0 && at(tests::monday + 1h).returned == 0)); // nothing was due, nor done
        CHECK((at(early).accepted.of == 1 && at(early).accepted.kept == 1));
        CHECK(at(early).returned == (is_returned ? 1 : 0));
        CHECK(at(early).workaround.of == 0);
        CHECK(at(late).workaround.of == (is_returned ? 0 : 1));
        CHECK(at(late).workaround.kept == 0);
        CHECK(at(late).dated.of == 0); // given the day after
        CHECK(at(late + 25h).dated.kept == (is_returned ? 0 : 1));
    }
}

TEST_CASE("an incident dismissed or merged while it waits for the resolution team owes nothing more, until that is undone",
          "[escalation][figure]") {
    for (const std::string what : {"dismissed", "merged"}) {
        INFO(what);
        promises office;
        auto other = office.incident();
        office.escalate();
        office.now += 1h;
        office.write([&](soci::session& sql) {
            if (what == "merged") return incidents::merge(sql, office.by(office.number), other);
            incidents::dismiss(sql, office.by(office.number));
        });
        auto early = office.now;
        office.now = tests::monday + 20 * 24h;
        auto known = office.figures();
        CHECK((known.accepted.of == 1 && known.accepted.kept == 1 && known.returned == 0));
        CHECK((known.workaround.of == 0 && known.dated.of == 0));
        CHECK(office.last(office.now).answered_at == early);
        office.write(
            [&](soci::session& sql) { incidents::undo(sql, office.by(office.number), office.event(office.number, "incident." + what)); });
        CHECK(office.get(office.number).state == "escalated");
        CHECK((office.figures().accepted.of == 1 && office.figures().accepted.kept == 0)); // too late by now
        office.accept();
        CHECK(office.last(office.now).answered_at == office.now);
    }
}

TEST_CASE("what is accepted is the last hand-over, and no earlier one", "[escalation][figure]") {
    promises office;
    office.escalate();
    office.write([&](soci::session& sql) { // as it was kept when a dismissal left it unanswered
        sql::change(sql, "UPDATE incident SET state = 'confirmed' WHERE id = :id", office.number);
    });
    office.now += 24h;
    office.escalate(), office.accept();
    CHECK(office.count("escalation WHERE outcome = ''") == 1);
    CHECK(office.count("escalation WHERE outcome = 'accepted' AND id = (SELECT MAX(id) FROM escalation)") == 1);
}

TEST_CASE("a workaround given before the hand-over is given with it, in the same episode only", "[escalation][figure]") {
    promises office;
    office.work_around();
    office.now = tests::monday + 24h;
    office.escalate();
    CHECK((office.figures().workaround.of == 1 && office.figures().workaround.kept == 1));
    CHECK(office.last(office.now + 1s).workaround_at == office.now);
    office.fix(), office.reopen();
    office.now += 24h;
    office.escalate();
    CHECK(office.figures().workaround.of == 1);
    office.fix(), office.reopen();
    office.now += 24h;
    office.work_around(); // of the third episode, which is not handed over: nobody's promise yet
    CHECK_FALSE(office.last(office.now + 1s).workaround_at);
    office.escalate();
    CHECK((office.figures().workaround.of == 2 && office.figures().workaround.kept == 2));
}

TEST_CASE("hand-overs made before each had its own are filled from what their incident has", "[escalation][figure]") {
    promises office;
    auto again = office.twice();
    office.now += 1h;
    office.accept(), office.date();
    auto fill = [&] {
        office.write([](soci::session& sql) {
            sql::change(sql, "UPDATE incident_episode SET workaround_at = NULL");
            sql::change(sql, "UPDATE escalation SET workaround_at = NULL, dated_at = NULL");
            auto all = migrations();
            auto found = std::find_if(all.begin(), all.end(), [](const auto& each) { return each.version == 203; });
            auto text = std::string(found->text);
            for (auto at = text.find("\nUPDATE "); at != std::string::npos; at = text.find("\nUPDATE ", at + 1))
                sql::change(sql, text.substr(at, text.find(";\n", at) - at));
        });
    };
    fill();
    CHECK(office.last(again).workaround_at == tests::monday + 24h);
    CHECK_FALSE(office.last(again).dated_at); // the journal alone knows it
    CHECK_FALSE(office.last(again + 1s).workaround_at);
    CHECK(office.last(again + 1s).dated_at == again + 1h);
    CHECK(office.count("incident_episode WHERE workaround_at IS NOT NULL AND number = 1") == 1);
    CHECK(office.count("incident_episode WHERE workaround_at IS NOT NULL") == 1);
    office.number = office.incident_with(1); // another, that had one before its only hand-over
    office.work_around();
    office.now += 24h;
    office.escalate();
    fill();
    CHECK(office.last(office.now + 1s).workaround_at == office.now);
}
