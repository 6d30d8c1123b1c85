// SPDX-License-Identifier: EUPL-1.2
// K12 to K17 by what tickets have, against the rows themselves.
#include "model/figure_scope.hpp"

#include "model/broadcast.hpp"
#include "model/figure.hpp"
#include "tests/support/share_office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::share_office;

namespace {

const time_span week = calendar_weeks::span_of({2026, 48});

// Two incidents: one found by a letter from the Ardennes, handed over and fixed; one by forms from the north.
struct regions : share_office {
    std::int64_t letters = 0, forms = 0;

    regions() {
        letters = write([&](soci::session& sql) { return incidents::open(sql, {}, {}, now); });
        forms = write([&](soci::session& sql) { return incidents::open(sql, {}, {}, now); });
        for (int i = 0; i < 8; ++i) one(letters, i == 0 || i % 3 == 0 ? "08" : "59", i == 0 ? "letter" : "web_form", "LOSS");
        for (int i = 0; i < 5; ++i) one(forms, "59", "web_form", "RENEWAL");
        now += 5h;
        write([&](soci::session& sql) {
            sql::change(sql, "UPDATE incident SET state = 'confirmed', is_listed = 1, proposed_at = :now, confirmed_at = :again", now, now);
        });
        now += 1h;
        for (int i = 0; i < 4; ++i) one(letters, "08", "web_form", "LOSS");
        now += 1min;
        write([&](soci::session& sql) {
            incidents::escalate(sql, by(letters), "person", nlohmann::json::object());
            incidents::accept(sql, by(letters));
            incidents::fix(sql, by(letters), now, "4.12");
        });
        auto id = write([&](soci::session& sql) { return broadcasts::start(sql, by(letters), "fix", "C'est corrigé."); });
        while (write([&](soci::session& sql) { return broadcasts::queue_next(sql, id, 10, now); })) {
        }
        write([&](soci::session& sql) {
            sql::change(sql, "UPDATE outbox SET sent_at = :now WHERE unique_key LIKE 'broadcast:%' AND ticket_id % 2 = 0", now);
        });
        now = week.to;
        write([&](soci::session& sql) {
            sql::change(sql, "UPDATE ticket SET team_id = CASE WHEN department = '08' THEN 1 ELSE 2 END, updated_at = :now", now);
            for (const char* centre : {"CERT Charleville", "CERT Lille"}) {
                auto dossier = sql::insert(sql, "INSERT INTO dossier (public_id, number, centre) VALUES (:public, :number, :centre)",
                                           centre, centre, centre);
                auto department = std::string(centre) == "CERT Lille" ? "59" : "08"; // some tickets of each have no dossier
                sql::change(sql, "UPDATE ticket SET dossier_id = :dossier WHERE department = :department AND id % 3 <> 0", dossier,
                            department);
            }
        });
        count_facts();
    }
    void one(std::int64_t incident, const char* department, const char* channel, const char* procedure) {
        now += 10min;
        auto id = ticket([&](contact& from) {
            from.department = department, from.channel = channel, from.procedure = procedure;
            from.requester.email = "p" + std::to_string(made) + "@example.test";
        });
        link(id, incident);
        callback(id, made % 3 == 0);
    }
    void callback(std::int64_t ticket, bool is_kept) {
        auto from = seconds(week.from) + 86'400 * 2, until = from + 3'600;
        auto reached = is_kept ? from + 60 : until + 60;
        write([&](soci::session& sql) {
            sql::change(
                sql,
                "INSERT INTO callback (public_id, ticket_id, origin, phone, state, slot_starts_at, slot_ends_at, due_at, expires_at, "
                "first_dialled_at, reached_at, created_at, updated_at) VALUES (:public, :ticket, 'web', '+33199001234', 'reached', "
                ":from, :until, :due, :expires, :dialled, :reached, :created, :updated)",
                "c" + std::to_string(ticket), ticket, from, until, from, until, from, reached, from, from);
        });
    }
    std::map<std::string, figure_measures> by(figures::dimension what, const figure_filter& whose = {}) {
        return read([&](soci::session& sql) { return figures::measure_by(sql, week, what, whose, now); });
    }
    using share_office::by;
    figure_measures whole(const figure_filter& whose = {}) {
        return read([&](soci::session& sql) { return figures::measure(sql, week, whose, now); });
    }
};

} // namespace

TEST_CASE("callbacks, attachments and people told are known by team, department, centre, procedure and channel, and add up", "[figure]") {
    regions office;
    auto whole = office.whole();
    REQUIRE(whole["callbacks.promised"] == 17);
    REQUIRE(whole["incidents.attached"] == 4);
    REQUIRE(whole["told"] == 12);
    REQUIRE(whole["told.fast"] > 0);
    using enum figures::dimension;
    for (const auto& [what, column] : {std::pair{team, "t.team_id"},
                                       {department, "t.department"},
                                       {centre, "COALESCE((SELECT d.centre FROM dossier d WHERE d.id = t.dossier_id), '')"},
                                       {procedure, "t.procedure_code"},
                                       {channel, "t.channel"}}) {
        figure_measures added;
        for (auto& [key, measured] : office.by(what)) {
            INFO(column << " is " << key);
            auto where = " WHERE " + std::string(column) + " = '" + key + "'";
            CHECK(measured["callbacks.promised"] == office.count("callback c JOIN ticket t ON t.id = c.ticket_id" + where));
            CHECK(measured["callbacks.kept"] ==
                  office.count("callback c JOIN ticket t ON t.id = c.ticket_id" + where + " AND c.reached_at < c.slot_ends_at"));
            CHECK(measured["told"] == office.count("report r JOIN ticket t ON t.id = r.ticket_id" + where +
                                                   " AND r.incident_id = " + std::to_string(office.letters)));
            for (const auto& [name, value] : measured) added[name] += value;
        }
        for (const char* name : {"callbacks.promised", "callbacks.kept", "callbacks.called", "callbacks.reached", "incidents.attached",
                                 "incidents.attached_fast", "told", "told.fast"}) {
            INFO(name << " by " << column);
            CHECK(added[name] == whole[name]);
        }
    }
    auto ardennes = office.whole({{}, "08", "", ""});
    CHECK(ardennes["callbacks.promised"] == office.count("ticket WHERE department = '08'"));
    CHECK(ardennes["told"] == office.by(department)["08"]["told"]);
}

TEST_CASE("the backlog is told by the centre of each dossier", "[figure]") {
    regions office;
    office.now = week.to + 24h * 40;
    auto by = office.read([&](soci::session& sql) {
        return figures::measure_by(sql, {week.to, office.now}, figures::dimension::centre, {}, office.now);
    });
    std::int64_t old = 0;
    for (const char* each : {"CERT Charleville", "CERT Lille"}) {
        auto expected = office.count("ticket t JOIN dossier d ON d.id = t.dossier_id WHERE d.centre = '" + std::string(each) + "'");
        REQUIRE(expected > 0);
        CHECK(by[each]["backlog.old"] == expected);
        old += expected;
    }
    CHECK(by[""]["backlog.old"] == office.count("ticket") - old);
    CHECK(by[""]["backlog.old"] > 0);
    CHECK(by["CERT Charleville"]["backlog.oldest_days"] >= 40);
}

TEST_CASE("an incident is found where its first ticket came from, and a hand-over is told by procedure alone", "[figure]") {
    regions office;
    using enum figures::dimension;
    CHECK(office.by(channel)["letter"]["incidents.lead_p50"] > 0);
    CHECK(office.by(department)["08"]["incidents.lead_p50"] > office.by(department)["59"]["incidents.lead_p50"]);
    CHECK(office.whole({{}, "", "RENEWAL", ""})["incidents.lead_p50"] == office.by(procedure)["RENEWAL"]["incidents.lead_p50"]);
    CHECK(office.by(procedure)["LOSS"]["escalations.accepted"] == 1);
    CHECK(office.whole({{}, "", "LOSS", ""})["escalations.accepted_kept"] == 1);
    CHECK(office.whole({{}, "", "RENEWAL", ""})["escalations.accepted"] == 0);
    for (auto& [key, measured] : office.by(department)) CHECK_FALSE(measured.contains("escalations.accepted"));
    CHECK_FALSE(office.whole({{}, "08", "", ""}).contains("escalations.accepted"));
    CHECK_FALSE(office.whole({{}, "08", "", ""}).contains("shares"));
}

TEST_CASE("each figure says by what it may be told", "[figure]") {
    using enum figures::dimension;
    struct expected {
        const char* id;
        bool by_team, by_department, by_centre, by_procedure, by_channel;
    };
    for (const auto& each : {expected{"K1", true, false, false, false, true},
                             {"K3.p90", true, false, false, false, true},
                             {"K5", true, true, true, true, true},
                             {"K12", true, true, true, true, true},
                             {"K13", true, true, true, true, true},
                             {"K14", true, true, true, true, true},
                             {"K15", false, false, false, true, false},
                             {"K15.date", false, false, false, true, false},
                             {"K16", false, false, false, false, false},
                             {"K17", true, true, true, true, true},
                             {"K20", true, true, true, true, true}}) {
        INFO(each.id);
        const auto& of = *figures::find(each.id);
        CHECK(figures::is_told_by(of, team) == each.by_team);
        CHECK(figures::is_told_by(of, department) == each.by_department);
        CHECK(figures::is_told_by(of, centre) == each.by_centre);
        CHECK(figures::is_told_by(of, procedure) == each.by_procedure);
        CHECK(figures::is_told_by(of, channel) == each.by_channel);
    }
}
