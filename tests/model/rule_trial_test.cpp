// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/rule_office.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <random>
#include <set>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::monday;
using tests::rule_office;

namespace {

constexpr int tickets_a_week = 200;
constexpr auto tick = 30min;

// What rules did to a ticket the last time, and how often to all of them.
struct outcome {
    std::map<std::string, std::string> last; // by reference: when, and what
    std::int64_t times = 0;
    bool operator==(const outcome&) const = default;
};

class dice {
public:
    explicit dice(unsigned seed) : random_(seed) {}
    int under(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
    bool percent(int chance) { return under(100) < chance; }
    template <class List> auto one_of(const List& all) { return *(std::begin(all) + under(static_cast<int>(std::size(all)))); }

private:
    std::mt19937 random_;
};

constexpr const char* procedures_seen[] = {"LOSS", "RENEWAL", "EXCHANGE_NON_EU"};
constexpr const char* departments_seen[] = {"08", "69", "974"};
constexpr const char* categories_seen[] = {"", "PHO-01", "DRT-01"};
constexpr const char* channels_seen[] = {"web_form", "letter"};
constexpr const char* said[] = {"Ma photo est refusée", "Où en est mon dossier ?", "C’est urgent : je travaille avec ce permis"};

// A week of the centre: people write, agents answer, assign, put on hold, close, reopen. The same week for the same seed, whatever rules
// do.
void live_week(rule_office& office, unsigned seed, int acts_at_once = 1) {
    dice roll(seed);
    std::vector<std::string> references;
    auto act = [&](const std::string& reference) {
        auto what = roll.under(9);
        auto says = std::string(roll.one_of(said));
        auto category = roll.one_of(categories_seen);
        auto is_given_back = roll.percent(30);
        try {
            office.act(reference, [&](soci::session& sql, auto by) {
                if (what < 2) by.who = tests::citizen_actor(), tickets::write_back(sql, by, says, "");
                if (what == 2) tickets::reply(sql, by, "Bonjour", true);
                if (what == 3) tickets::reply(sql, by, "Bonjour", false);
                if (what == 4) tickets::assign(sql, by, is_given_back ? std::nullopt : std::optional(office.anne));
                if (what == 5 && *category != 0) tickets::categorise(sql, by, category);
                if (what == 6) tickets::note(sql, by, "Vu");
                if (what == 7) tickets::close(sql, by, "no_dossier_needed", "");
                if (what == 8) tickets::reopen(sql, by, "");
            });
        } catch (const conflict&) { // closed already, or not closed
        }
    };
    for (auto end = office.now + 24h * 5; office.now < end; office.now += tick) {
        auto known = static_cast<int>(references.size());
        if (known < tickets_a_week && roll.percent(60)) {
            auto from = tests::sample_contact(known + 1);
            from.procedure = roll.one_of(procedures_seen), from.department = roll.one_of(departments_seen);
            from.category = roll.one_of(categories_seen), from.channel = roll.one_of(channels_seen), from.body = roll.one_of(said);
            references.push_back(office.open(from));
        }
        // After the job has seen what was before.
        std::set<int> chosen;
        for (int i = roll.under(4); i > 0 && known > 0; --i) chosen.insert(roll.under(known));
        for (auto each : chosen)
            for (int i = 0; i < acts_at_once; ++i) act(references[static_cast<std::size_t>(each)]);
        office.run();
    }
    office.now -= tick;
}

rule_text some_rule(unsigned seed, const rule_office& office) {
    dice roll(seed);
    constexpr const char* events[] = {"opened", "written_back", "status_changed", "waited", "waited"};
    rule_text out;
    out.title = "Règle " + std::to_string(seed), out.event = roll.one_of(events), out.after_hours = 1 + roll.under(20);
    if (roll.percent(30)) out.when.procedures = {roll.one_of(procedures_seen), roll.one_of(procedures_seen)};
    if (roll.percent(20)) out.when.departments = {roll.one_of(departments_seen)};
    if (roll.percent(20)) out.when.channels = {roll.one_of(channels_seen)};
    if (roll.percent(40)) out.when.statuses = {std::string(roll.one_of(rules::statuses)), std::string(roll.one_of(rules::statuses))};
    if (roll.percent(10)) out.when.waiting_reasons = {"citizen"};
    if (roll.percent(20)) out.when.is_urgent = true;
    if (roll.percent(20)) out.when.is_unassigned = true;
    if (roll.percent(20)) out.when.words = {roll.percent(50) ? "photo" : "urgent"};
    if (roll.percent(10)) out.when.teams = {"north"};
    if (roll.percent(40)) out.then.team = roll.percent(50) ? "north" : "south";
    if (roll.percent(30)) out.then.category = roll.percent(50) ? "PHO-01" : "DRT-01";
    if (roll.percent(30)) out.then.assignee = office.anne;
    if (roll.percent(40)) out.then.hold = roll.percent(50) ? "centre" : "external_owner", out.then.hold_detail = "Préfecture";
    if (roll.percent(30)) out.then.note = "Règle";
    if (out.then.is_nothing()) out.then.alerts = true;
    return out;
}

std::string line(sys_seconds at, rule_actions does) {
    if (!does.note.empty()) does.note = "1";
    return std::to_string(seconds(at)) + " " + rules::to_json(does).dump();
}

outcome trial(rule_office& office, const rule_text& what) {
    auto found = office.database->read_now([&](soci::session& sql) {
        return rule_trials::run(sql, rules::check(sql, what), 0, office.centre, office.now, {.shown = 10'000});
    });
    outcome out;
    out.times = found.times;
    for (const auto& each : found.touched) out.last[each.reference] = line(each.at, each.does);
    return out;
}

outcome done(rule_office& office, std::int64_t id) {
    auto all = office.database->read_now([&](soci::session& sql) { return rule_firings::of(sql, id, 100'000); });
    outcome out;
    for (const auto& each : all) {
        CHECK(each.state == "done");
        out.last.emplace(each.reference, line(each.happened_at, rules::from_json(nlohmann::json::parse(each.effect)).then));
    }
    out.times = static_cast<std::int64_t>(all.size());
    return out;
}

} // namespace

TEST_CASE("a rule's dry run equals what it then does, over random weeks and random rules", "[rule][trial]") {
    constexpr unsigned week = 7, rules_tried = 7;
    rule_office before;
    live_week(before, week);
    int acted = 0;
    for (unsigned seed = 1; seed <= rules_tried; ++seed) {
        auto what = some_rule(seed, before);
        INFO(rules::to_json(what).dump());
        auto expected = trial(before, what);
        rule_office office;
        auto id = office.add(what);
        live_week(office, week);
        auto found = done(office, id);
        CHECK(expected.times == found.times);
        CHECK(expected.last == found.last);
        acted += found.times > 0 ? 1 : 0;
    }
    CHECK(before.count("rule_firing") == 0); // trying changes nothing
    CHECK(before.count("event WHERE actor_kind = 'rule'") == 0);
    CHECK(acted >= static_cast<int>(rules_tried) / 2); // and the comparison compares something
}

TEST_CASE("a rule's dry run equals what it then does when several things happened before the rules looked", "[rule][trial]") {
    constexpr unsigned week = 9, rules_tried = 3;
    constexpr int acts_at_once = 3;
    rule_office before, office;
    live_week(before, week, acts_at_once);
    std::map<std::int64_t, rule_text> all; // what changes a ticket comes after all three: these only alert, so that one week is all theirs
    for (unsigned seed = 1; seed <= rules_tried; ++seed) {
        auto what = some_rule(seed, before);
        what.then = {}, what.then.alerts = true;
        all.emplace(office.add(what), what);
    }
    live_week(office, week, acts_at_once);
    int acted = 0;
    for (const auto& [id, what] : all) {
        INFO(rules::to_json(what).dump());
        auto expected = trial(before, what);
        auto found = done(office, id);
        CHECK(expected.times == found.times);
        CHECK(expected.last == found.last);
        acted += found.times > 0 ? 1 : 0;
    }
    CHECK(acted >= static_cast<int>(rules_tried) / 2);
}

TEST_CASE("a trial that has too much to look at tells of the newest tickets", "[rule][trial]") {
    rule_office office;
    office.now += 1s;
    for (int i = 1; i <= 4; ++i) office.open(i);
    office.pass(1min);
    auto look = [&](std::size_t occasions) {
        return office.database->read_now([&](soci::session& sql) {
            return rule_trials::run(sql, tests::noting(), 0, office.centre, office.now, {.shown = 20, .occasions = occasions});
        });
    };
    CHECK(look(1'000).is_whole);
    CHECK(look(1'000).tickets == 4);
    auto some = look(2);
    CHECK_FALSE(some.is_whole);
    std::set<std::int64_t> seen;
    for (const auto& each : some.touched) seen.insert(each.ticket_id);
    CHECK(seen == std::set<std::int64_t>{3, 4});
}

TEST_CASE("a rule that is tried acts in its place among those that are on", "[rule][trial]") {
    rule_office office;
    rule_text first, second;
    first.title = "Nord", first.event = "opened", first.then.team = "north";
    second.title = "Si nord", second.event = "opened", second.when.teams = {"north"}, second.then.note = "Au nord";
    office.add(first);
    auto id = office.add(second);
    office.write([&](soci::session& sql) { rules::set_on(sql, id, false, office.author, office.now); });
    office.now += 1s;
    office.open(1);
    office.pass(1min);
    auto run = [&](const rule_text& what, std::int64_t of) {
        return office.database->read_now([&](soci::session& sql) { return rule_trials::run(sql, what, of, office.centre, office.now); });
    };
    CHECK(run(second, id).tickets == 1);
    CHECK(run(second, 0).tickets == 1);
    second.when.teams = {"south"};
    CHECK(run(second, id).tickets == 0);
    CHECK_THROWS_AS(run(second, 99), not_found);
}

TEST_CASE("what happened before Relais looked can be tried too, with the status of then", "[rule][trial]") {
    rule_office office;
    office.job.stop();
    office.write([](soci::session& sql) { sql::change(sql, "DELETE FROM setting WHERE name LIKE 'rules.%'"); });
    auto reference = office.open(1);
    office.now += 1h;
    office.act(reference, [](soci::session& sql, const auto& act) { tickets::close(sql, act, "no_dossier_needed", ""); });
    office.now += 24h;
    rule_job job(*office.database, office.centre, "node-9");
    office.run(job);
    job.stop();
    rule_text what = tests::noting();
    what.when.statuses = {"new"};
    auto found = office.database->read_now([&](soci::session& sql) { return rule_trials::run(sql, what, 0, office.centre, office.now); });
    CHECK(found.tickets == 1);
    what.event = "status_changed", what.when.statuses = {"closed"};
    found = office.database->read_now([&](soci::session& sql) { return rule_trials::run(sql, what, 0, office.centre, office.now); });
    CHECK(found.tickets == 1);
    REQUIRE(found.touched.size() == 1);
    CHECK(found.touched.front().reference == reference);
    CHECK(office.count("rule_firing") == 0);
}
