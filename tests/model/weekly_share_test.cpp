// SPDX-License-Identifier: EUPL-1.2
#include "model/decision.hpp"
#include "model/error.hpp"
#include "model/share_link.hpp"
#include "model/small_cell.hpp"
#include "model/ticket_actions.hpp"
#include "model/weekly_share.hpp"
#include "tests/support/share_office.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <thread>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::next_monday;
using tests::share_office;

namespace {

constexpr auto week = 24h * 7;

} // namespace

TEST_CASE("an incident escalated on a Thursday, a legal case and a regression are in the share of their week", "[share]") {
    share_office office;
    auto ordinary = office.incident_with(6);
    auto legal = office.write([&](soci::session& sql) {
        auto id = incidents::open(sql, {"confirmed", "Permis monégasque", "legal_case_not_covered", "NATIONAL_SYSTEM", "", false},
                                  tests::resolver_actor(), office.now);
        incidents::describe(
            sql, office.by(id),
            {"Permis monégasque", "", "legal_case_not_covered", "normal", "R. 222-3 du code de la route", "Résidents de Monaco", "Papier"});
        return id;
    });
    for (int i = 0; i < 5; ++i) office.link(office.ticket(), legal);
    auto back = office.incident_with(5);
    office.write([&](soci::session& sql) {
        incidents::escalate(sql, office.by(back), "person", nlohmann::json::object());
        incidents::accept(sql, office.by(back));
        incidents::fix(sql, office.by(back), office.now, "4.12");
    });
    office.now = tests::monday + 24h * 3;
    office.write([&](soci::session& sql) {
        incidents::escalate(sql, office.by(ordinary), "person", nlohmann::json::object());
        incidents::regress(sql, office.by(back), {{"tickets", 3}});
    });
    office.now = next_monday;
    auto share = office.share("2026-W48");
    CHECK(share_office::has(share["sections"]["escalated"], ordinary));
    CHECK(share_office::has(share["sections"]["regressed"], back));
    CHECK(share_office::has(share["sections"]["legal"], legal));
    CHECK(share_office::has(share["sections"]["new"], legal));
    CHECK(share["sections"]["open"] == 3);
    const auto& told = share_office::incident_in(share, legal);
    CHECK(told["law"]["article"] == "R. 222-3 du code de la route");
    CHECK(told["asked"] == nlohmann::json::array({"rule"}));
    CHECK(told["counts"]["persons"] == 5);
    const auto& first = share_office::incident_in(share, ordinary);
    CHECK(first["state"] == "escalated");
    CHECK(first["counts"]["tickets"] == 6);
    REQUIRE(first["counts"]["departments"].size() == 1);
    CHECK(first["counts"]["departments"][0] == nlohmann::json({{"code", "974"}, {"persons", 6}, {"tickets", 6}}));
    REQUIRE(first["commitments"].size() == 3);
    CHECK(first["commitments"][0]["state"] == "missed"); // handed over on Thursday, not accepted by Friday evening
    CHECK(first["commitments"][1]["state"] == "waiting");
    CHECK(share["volumes"]["received"] == 16);
}

TEST_CASE("a decision answers what was asked before it, and a question only until the team has answered", "[share]") {
    share_office office;
    auto number = office.incident_with(6);
    auto asked = [&](const std::string& shared) { return share_office::incident_in(office.share(shared), number)["asked"]; };
    auto decide = [&](const std::string& on, const std::string& kind) {
        return office.write([&](soci::session& sql) {
            auto share = weekly_shares::get(sql, on).id;
            return decisions::decide(sql, share, {kind, "À voir", "", number}, tests::owner_actor(), office.now);
        });
    };
    auto regress = [&] {
        office.write([&](soci::session& sql) {
            incidents::fix(sql, office.by(number), office.now, "4.12");
            incidents::regress(sql, office.by(number), {{"tickets", 3}});
        });
    };
    office.write([&](soci::session& sql) {
        incidents::escalate(sql, office.by(number), "person", nlohmann::json::object());
        incidents::accept(sql, office.by(number));
    });
    regress();
    office.now = next_monday;
    CHECK(asked("2026-W48") == nlohmann::json::array({"priority"}));
    decide("2026-W48", "prioritise");
    office.now += week;
    CHECK(asked("2026-W49").empty());
    regress();
    office.now += week;
    CHECK(asked("2026-W50") == nlohmann::json::array({"priority"}));
    auto question = decide("2026-W50", "ask");
    office.now += week;
    CHECK(asked("2026-W51").empty());
    office.write(
        [&](soci::session& sql) { decisions::add_step(sql, question, "answer", "Oui", tests::resolver_actor(), office.now - 1h); });
    office.now += week;
    CHECK(share_office::has(asked("2026-W52"), "priority"));
}

TEST_CASE("a figure of all incidents does not give away those of few persons, which are not told", "[share]") {
    share_office office;
    auto many = office.incident_with(20), few = office.incident_with(5);
    office.now = next_monday;
    office.share("2026-W48");
    auto write_to = [&](std::int64_t number, int tickets) {
        for (int i = 0; i < tickets; ++i) office.link(office.ticket(), number);
    };
    write_to(many, 20), write_to(few, 3);
    office.now += week;
    auto held = office.share("2026-W49");
    CHECK(share_office::incident_in(held, many)["counts"]["stretches"].back()["tickets"] == 20);
    CHECK(share_office::incident_in(held, few)["counts"]["is_held"] == true);
    CHECK(share_office::figure_in(held, "K14")["is_hidden"] == true);
    // The few are told with those of the next week, from which this week's would follow.
    write_to(many, 20), write_to(few, 5);
    office.now += week;
    CHECK(share_office::figure_in(office.share("2026-W50"), "K14")["is_hidden"] == true);
    write_to(many, 20), write_to(few, 5);
    office.now += week;
    auto told = office.share("2026-W51");
    CHECK(share_office::figure_in(told, "K14")["is_hidden"] == false);
    CHECK(share_office::figure_in(told, "K14")["whole"] == 25);
}

TEST_CASE("a share is the same bytes for ever; what changes afterwards is a correction in the next", "[share]") {
    share_office office;
    std::vector<std::int64_t> tickets;
    for (int i = 0; i < 8; ++i) tickets.push_back(office.ticket());
    office.now = next_monday;
    auto first = office.share("2026-W48");
    CHECK(first["volumes"]["received"] == 8);
    auto frozen = office.read([](soci::session& sql) { return weekly_shares::get(sql, "2026-W48"); });
    CHECK_THROWS_AS(office.share("2026-W48"), conflict);
    // A late import, received in the week that is frozen.
    auto import = [&](sys_seconds at) {
        office.now = tests::monday + 1h;
        office.ticket();
        office.now = at;
        office.write([&](soci::session& sql) {
            sql::change(sql, "UPDATE ticket SET updated_at = :now WHERE id = (SELECT MAX(id) FROM ticket)", office.now);
        });
    };
    import(next_monday + week);
    auto held = office.share("2026-W49");
    for (const auto& each : held["corrections"]) CHECK(each["id"] != "received"); // one person more would be that person
    for (int i = 0; i < 4; ++i) import(next_monday + 2 * week);
    auto second = office.share("2026-W50");
    auto again = office.read([](soci::session& sql) { return weekly_shares::get(sql, "2026-W48"); });
    CHECK(again.body == frozen.body);
    CHECK(again.sha256 == frozen.sha256);
    CHECK(frozen.sha256.size() == 64);
    nlohmann::json correction;
    for (const auto& each : second["corrections"])
        if (each["id"] == "received") correction = each;
    CHECK(correction["week"] == "2026-W48");
    CHECK(correction["was"]["value"] == 8);
    CHECK(correction["is"]["value"] == 13);
    // Told once.
    office.now += week;
    auto third = office.share("2026-W51");
    for (const auto& each : third["corrections"]) CHECK_FALSE((each["id"] == "received" && each["week"] == "2026-W48"));
}

TEST_CASE("a share is due on Monday at its hour in Paris, and missed weeks are made one after the other", "[share]") {
    share_office office;
    auto job = office.job("one");
    auto count = [&] { return office.count("weekly_share"); };
    office.now = next_monday - 1s;
    office.write([&](soci::session& sql) { weekly_shares::make(sql, {2026, 47}, "test", office.now); });
    office.run(job);
    CHECK(count() == 1);
    office.now = next_monday;
    office.run(job);
    CHECK(count() == 2);
    CHECK(office.id_of("2026-W48") > 0);
    office.run(job);
    CHECK(count() == 2);
    office.now += 4 * week; // nobody was there for a month
    office.run(job);
    CHECK(count() == 6);
    CHECK(office.id_of("2026-W52") > 0);
    office.now -= 3 * week; // a clock that jumps back makes nothing twice
    office.run(job);
    CHECK(count() == 6);
    CHECK_THROWS_AS(office.write([&](soci::session& sql) { weekly_shares::make(sql, {2026, 53}, "test", office.now); }), invalid);
}

TEST_CASE("a share is due at the hour of the configuration, of the clock of Paris", "[share]") {
    share_office office;
    office.ticket();
    auto is_due = [&](int hour, sys_seconds now) {
        auto due = office.read([&](soci::session& sql) { return weekly_shares::due(sql, hour, now); });
        CHECK((!due || calendar_weeks::text(*due) == "2026-W48"));
        return due.has_value();
    };
    for (auto hour : {0, 6, 14, 23}) {
        auto at = next_monday + std::chrono::hours(hour - 8);
        INFO(hour);
        CHECK_FALSE(is_due(hour, at - 1s));
        CHECK(is_due(hour, at));
    }
}

TEST_CASE("the weeks in which the hour changes have 167 and 169 hours, and 2026 has 53 weeks", "[share]") {
    share_office office;
    office.now = at_seconds(1'830'000'000); // the end of 2027
    CHECK(office.share("2026-W13")["hours"] == 167);
    CHECK(office.share("2026-W43")["hours"] == 169);
    CHECK(office.share("2026-W44")["hours"] == 168);
    auto last = office.share("2026-W53");
    CHECK(last["hours"] == 168);
    CHECK(last["until_at"] == office.share("2027-W01")["from_at"]);
}

TEST_CASE("a node whose lease went to another meanwhile writes, sends and counts nothing", "[share]") {
    share_office office;
    for (int i = 0; i < 5; ++i) office.ticket();
    office.count_facts();
    office.now = next_monday;
    auto job = office.job("slow");
    // Another node takes the lease while the facts of the figures are followed: afterwards the job writes.
    office.write([](soci::session& sql) {
        sql::change(sql, "CREATE TRIGGER taken_over AFTER UPDATE ON setting FOR EACH ROW BEGIN UPDATE lease SET token = token + 1, owner "
                         "= 'quick', expires_at = 0; END");
    });
    while (office.count("weekly_share") == 0) {
        auto is_refused = false;
        try {
            if (job.step(office.now)) continue; // a page of facts
        } catch (const conflict&) {
            is_refused = true;
        }
        CHECK(is_refused);
        break;
    }
    CHECK(office.count("weekly_share") == 0);
    // The share is there, and its mail is to leave.
    office.write([&](soci::session& sql) { weekly_shares::make(sql, {2026, 48}, "quick", office.now); });
    CHECK_THROWS_AS(office.run(job), conflict);
    CHECK(office.count("share_link") == 0);
    office.write([](soci::session& sql) { sql::change(sql, "DROP TRIGGER taken_over"); });
    // Taken over before the facts are followed: when the job has just asked what time it is.
    office.ticket();
    auto asked = 0;
    sql::set_lease_clock([&] {
        if (++asked == 2) office.write([](soci::session& sql) { sql::change(sql, "UPDATE lease SET token = token + 1"); });
        return seconds(office.now);
    });
    CHECK_THROWS_AS(job.step(office.now), conflict);
    office.use_clock();
    office.run(job);
    CHECK(office.count("share_link") == 1);
}

TEST_CASE("two nodes at the same moment make one share", "[share]") {
    share_office office;
    for (int i = 0; i < 5; ++i) office.ticket();
    office.now = next_monday;
    std::vector<std::thread> nodes;
    for (int i = 0; i < 4; ++i)
        nodes.emplace_back([&office, i] {
            auto job = office.job("node " + std::to_string(i));
            for (int step = 0; step < 20; ++step) try {
                    job.step(office.now);
                } catch (const conflict&) {
                } catch (const busy&) {
                }
        });
    for (auto& each : nodes) each.join();
    auto job = office.job("after");
    office.now += 1min;
    office.run(job);
    CHECK(office.count("weekly_share") == 1);
    CHECK(office.count("share_link") == 1);
    CHECK(office.count("outbox WHERE kind = 'weekly_share'") == 1);
}

TEST_CASE("from one share to the next no count tells of one to four persons", "[share]") {
    share_office office;
    std::mt19937 random(5);
    office.now = tests::monday;
    auto number = office.incident();
    std::vector<std::int64_t> tickets;
    nlohmann::json before;
    auto monday = *calendar_weeks::parse("2026-W48");
    auto held = 0, repeated = 0;
    for (int i = 0; i < 16; ++i) {
        auto wrote = random() % 11;
        for (std::size_t each = 0; each < wrote; ++each) {
            auto who = "personne" + std::to_string(random() % 60) + "@example.test";
            tickets.push_back(
                office.ticket([&](contact& from) { from.requester.email = who, from.department = random() % 2 ? "59" : "08"; }));
            office.link(tickets.back(), number);
        }
        for (auto each = random() % 5; each > 0 && !tickets.empty(); --each) office.write_again(tickets[random() % tickets.size()]);
        office.now = calendar_weeks::span_of(monday).to + 8h;
        auto share = office.share(calendar_weeks::text(monday));
        monday = calendar_weeks::next(monday);
        const auto& counts = share_office::incident_in(share, number)["counts"];
        auto published = [](const nlohmann::json& value) { return value.is_null() ? 0 : value.get<std::int64_t>(); };
        auto beyond_tickets = [&](const nlohmann::json& of) { return published(of["contacts"]) - published(of["tickets"]); };
        for (const auto& each : counts["stretches"]) CHECK_FALSE((each["persons"] > 0 && each["persons"] < 5));
        for (const auto& each : counts["departments"]) CHECK(each["persons"] >= 5);
        if (before.is_object()) {
            auto step = published(counts["persons"]) - published(before["persons"]);
            CHECK((step == 0 || step >= 5));
            auto received = published(counts["tickets"]) - published(before["tickets"]);
            for (auto said :
                 {published(counts["contacts"]) - published(before["contacts"]), beyond_tickets(counts) - beyond_tickets(before)}) {
                CHECK_FALSE(small_cells::is_small(std::abs(said)));
                repeated += said > 0 && said != received;
            }
            if (received > 0) {
                CHECK(counts["stretches"].back()["tickets"] == received); // the difference is the stretch, of five persons at least
                CHECK(counts["stretches"].back()["persons"] == step);     // those who wrote again are not told
                std::int64_t placed = 0;
                for (const auto& each : counts["departments"]) placed += each["persons"].get<std::int64_t>();
                CHECK_FALSE(small_cells::is_small(step - placed));
            }
            if (counts["is_held"] == true) {
                ++held;
                CHECK(received == 0);
            }
        }
        before = counts;
    }
    CHECK(held > 0);
    CHECK(repeated > 0);
    CHECK(before["persons"] > 20);
}

TEST_CASE("an incident that comes back after months is told from where it was left", "[share]") {
    share_office office;
    office.now = tests::monday;
    auto number = office.incident_with(6), other = office.incident_with(6);
    auto act = [&](auto what, auto... more) { office.write([&](soci::session& sql) { what(sql, office.by(number), more...); }); };
    auto monday = *calendar_weeks::parse("2026-W48");
    auto next = [&] {
        office.now = calendar_weeks::span_of(monday).to + 8h;
        auto share = office.share(calendar_weeks::text(monday));
        monday = calendar_weeks::next(monday);
        return share;
    };
    auto first = share_office::incident_in(next(), number);
    CHECK(first["counts"]["persons"] == 6);
    act(incidents::dismiss);
    for (int i = 0; i < 3; ++i) office.link(office.ticket(), number); // too few to be told beside the six
    for (int i = 0; i < 15; ++i) next();
    act(incidents::reopen, "Elle revient");
    auto back = share_office::incident_in(next(), number);
    CHECK(back["counts"]["persons"] == 6);
    CHECK(back["counts"]["is_held"] == true);
    for (int i = 0; i < 2; ++i) office.link(office.ticket(), number);
    CHECK(share_office::incident_in(next(), number)["counts"]["persons"] == 11);
    CHECK(share_office::incident_in(next(), other)["counts"]["persons"] == 6);
}

TEST_CASE("shares are written in the order of their weeks, from one in which somebody had written", "[share]") {
    share_office office;
    office.ticket();
    auto following = [&] { return office.read([](soci::session& sql) { return weekly_shares::following(sql); }); };
    auto has = [&](const char* name) {
        return office.read([&](soci::session& sql) { return weekly_shares::has_tickets(sql, *calendar_weeks::parse(name)); });
    };
    CHECK_FALSE(following());
    CHECK_FALSE(has("2026-W47"));
    CHECK(has("2026-W48"));
    office.now = next_monday + 4 * week;
    for (const char* each : {"2026-W48", "2026-W49", "2026-W51"}) office.share(each);
    CHECK(calendar_weeks::text(*following()) == "2026-W50");
}

TEST_CASE("each recipient has a link of their own, which ends with its time or when it is revoked", "[share]") {
    share_office office;
    for (int i = 0; i < 5; ++i) office.ticket();
    office.now = next_monday;
    auto add = [&](const std::string& login, const std::string& email, const char* disabled_at) {
        return office.write([&](soci::session& sql) {
            return sql::insert(sql,
                               "INSERT INTO user_account (login, name, email, role, password_hash, created_at, password_changed_at, "
                               "disabled_at) VALUES (:login, 'Adjointe', :email, 'owner', '', 1, 1, " +
                                   std::string(disabled_at) + ")",
                               login, email);
        });
    };
    auto leaving = add("adjointe", "adjointe@example.test", "NULL");
    auto job = office.job("one", {"moa@example.test"});
    office.run(job);
    auto find = [&](const std::string& hash) {
        return office.read([&](soci::session& sql) { return share_links::find(sql, hash, office.now); });
    };
    auto one = find("hash-2026-W48-moa@example.test"), other = find("hash-2026-W48-adjointe@example.test");
    REQUIRE(one);
    REQUIRE(other);
    auto disable = [&](std::int64_t id, const char* at) {
        office.write([&](soci::session& sql) {
            sql::change(sql, std::string("UPDATE user_account SET disabled_at = ") + at + " WHERE id = :id", id);
        });
    };
    disable(leaving, "2"); // she left
    CHECK_FALSE(find("hash-2026-W48-adjointe@example.test"));
    CHECK(find("hash-2026-W48-moa@example.test"));
    // Whoever has a good account of that address keeps the link, whatever was there before; so does a mailbox of the configuration.
    auto another = add("adjointe2", "adjointe@Example.test", "NULL");
    CHECK(find("hash-2026-W48-adjointe@example.test"));
    disable(another, "2");
    CHECK_FALSE(find("hash-2026-W48-adjointe@example.test"));
    add("ancien", "moa@example.test", "2");
    CHECK(find("hash-2026-W48-moa@example.test"));
    disable(leaving, "NULL");
    CHECK(one->recipient == "moa@example.test");
    CHECK_FALSE(find("hash-2026-W48-inconnue@example.test"));
    office.write([&](soci::session& sql) { share_links::revoke(sql, one->share_id, one->id, tests::owner_actor(), office.now); });
    CHECK_FALSE(find("hash-2026-W48-moa@example.test"));
    office.now += 24h * share_links::default_days;
    CHECK_FALSE(find("hash-2026-W48-adjointe@example.test"));
}

TEST_CASE("the same mailbox, however it is typed, receives one mail with one link", "[share]") {
    share_office office;
    for (int i = 0; i < 5; ++i) office.ticket();
    for (const char* email : {"moa@Example.TEST", "Moa@example.test", "autre@example.test"})
        office.write([&](soci::session& sql) {
            sql::insert(sql,
                        "INSERT INTO user_account (login, name, email, role, password_hash, created_at, password_changed_at) VALUES "
                        "(:login, 'Adjointe', :email, 'owner', '', 1, 1)",
                        email, email);
        });
    office.now = next_monday;
    auto job = office.job("one", {"moa@example.test"});
    office.run(job);
    CHECK(office.count("share_link") == 2);
    CHECK(office.count("outbox WHERE kind = 'weekly_share'") == 2);
    CHECK(office.count("share_link WHERE recipient = 'moa@example.test' AND is_configured = 1") == 1);
}

TEST_CASE("a share that a command wrote is sent on its Monday, and a week that it left out is made", "[share]") {
    share_office office;
    office.now = next_monday;
    auto job = office.job("one");
    office.write([&](soci::session& sql) { weekly_shares::make(sql, {2026, 45}, "test", office.now - 2 * week); });
    office.now = next_monday - 5h; // Monday, three in the morning
    office.write([&](soci::session& sql) { weekly_shares::make(sql, {2026, 48}, "command", office.now); });
    office.run(job);
    CHECK(office.count("weekly_share") == 4); // weeks 46 and 47, between the two
    CHECK(office.id_of("2026-W46") > 0);
    auto sent = [&](const std::string& name) { return office.count("share_link WHERE share_id = " + std::to_string(office.id_of(name))); };
    CHECK(sent("2026-W47") == 1);
    CHECK(sent("2026-W48") == 0); // before its hour
    office.now = next_monday;
    office.run(job);
    CHECK(sent("2026-W48") == 1);
    CHECK(sent("2026-W45") == 0); // too old to arrive by surprise
    office.run(job);
    CHECK(office.count("outbox WHERE kind = 'weekly_share'") == 3);
}

TEST_CASE("a node whose clock runs ahead writes no week that has not ended for the others", "[share]") {
    share_office office;
    for (int i = 0; i < 5; ++i) office.ticket();
    office.now = next_monday;
    auto job = office.job("one");
    for (int i = 0; i < 3; ++i) job.step(office.now + 3 * week); // the process jumps; the database's clock does not
    CHECK(office.count("weekly_share") == 1);
    CHECK(office.count("weekly_share WHERE made_at <= " + std::to_string(seconds(office.now))) == 1);
    CHECK(office.id_of("2026-W48") > 0);
    auto agreed = [&](sys_seconds clock) { return office.read([&](soci::session& sql) { return weekly_shares::agreed_now(sql, clock); }); };
    CHECK(agreed(office.now + 3 * week) == office.now);
    CHECK(agreed(office.now - 1h) == office.now - 1h);
}

TEST_CASE("a share tells of no name, number, address, illness or offence that somebody wrote", "[share]") {
    share_office office;
    auto number = office.incident();
    for (int i = 0; i < 6; ++i)
        office.link(office.ticket([&](contact& from) { from.requester.name = i == 0 ? "Zoé Quintavalle" : "Luc Durand"; }), number);
    auto words = "Mme Quintavalle (zoe\u202fQUINTAVALLE, NEPH 130759200123, zoe.q@example.test, 06 12 34 56 78) est épileptique et fut "
                 "condamnée ; la photo est refusée";
    office.write([&](soci::session& sql) {
        incidents::describe(sql, office.by(number), {words, words, "legal_case_not_covered", "normal", words, words, words});
    });
    office.now = next_monday;
    office.share("2026-W48");
    decisions::draft what{"ask", words, "2026-12-20"};
    what.incident_id = number;
    office.write([&](soci::session& sql) { decisions::decide(sql, office.id_of("2026-W48"), what, tests::owner_actor(), office.now); });
    office.now += week;
    auto second = office.share("2026-W49").dump();
    for (const char* each : {"uintavalle", "UINTAVALLE", "130759200123", "zoe.q@", "06 12 34", "pileptique", "condamn"}) {
        INFO(each);
        CHECK(second.find(each) == std::string::npos);
    }
    CHECK(second.find("la photo est refusée") != std::string::npos);
    CHECK(second.find("[nom]") != std::string::npos);
}
