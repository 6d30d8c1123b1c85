// SPDX-License-Identifier: EUPL-1.2
#include "model/error.hpp"
#include "model/incident_corrections.hpp"
#include "model/incident_grouper.hpp"
#include "model/lease.hpp"
#include "model/reviewed_link.hpp"
#include "model/ticket_actions.hpp"
#include "tests/support/incident_office.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <random>
#include <thread>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::incident_office;

namespace {

// Words that say one bug in different ways, among others that do not.
constexpr const char* photo_words[] = {
    "Le site refuse mon code photo de 22 caractères et affiche code photo inconnu, la photo est neuve",
    "mon code photo de 22 caractères est refusé, le site affiche code photo inconnu, pourtant photo neuve",
    "code photo inconnu affiché par le site, mon code photo de 22 caractères est neuf et refusé",
    "le site affiche code photo inconnu et refuse mon code photo neuf de 22 caractères",
};
constexpr const char* other_words[] = {
    "Quels papiers faut-il pour refaire un permis rose tout abîmé ?",
    "Ma carte grise n'arrive pas, qui contacter pour le véhicule",
    "Je voudrais savoir où en est ma demande déposée en avril",
    "Le rendez-vous chez le médecin agréé est-il remboursé par la mutuelle",
    "Comment changer l'adresse postale de mon dossier avant l'envoi du titre",
    "Le centre d'examen de ma ville est fermé pour travaux, où passer le code",
};

struct grouping_office : incident_office {
    incident_grouper leader{*database, {.engine = {}, .terms = {}, .owner = "one"}};

    std::int64_t say(const std::string& words, const std::string& code = "") {
        return ticket([&](contact& from) { from.subject = "Problème", from.body = words, from.portal.error_code = code; });
    }
    void background() {
        for (const auto* words : other_words) say(words);
    }
    int run() { return leader.step(now); }
    std::optional<std::int64_t> incident_of(std::int64_t id) { return report(id).incident_id; }
};

} // namespace

TEST_CASE("tickets of one bug are grouped in order, watched at two, proposed at the third person's", "[grouper]") {
    grouping_office office;
    office.background();
    auto first = office.say(photo_words[0], "PHO-22");
    office.run();
    CHECK_FALSE(office.incident_of(first)); // alone: nothing like it
    CHECK(office.report(first).decided_by == "engine");
    auto second = office.say(photo_words[1], "PHO-22");
    office.run();
    REQUIRE(office.incident_of(second));
    auto number = *office.incident_of(second);
    CHECK(office.incident_of(first) == number);
    CHECK(office.get(number).state == "watched");
    auto third = office.say(photo_words[2], "PHO-22");
    CHECK(office.run() == 1);
    CHECK(office.incident_of(third) == number);
    CHECK(office.get(number).state == "proposed");
    CHECK(office.get(number).tickets == 3);
    CHECK(office.count("grouping_queue") == 0);
    CHECK(office.count("incident WHERE state <> 'watched'") == 1);
    auto kept = office.report(third);
    CHECK(kept.engine == grouping::engine_version);
    CHECK(kept.score >= 0.9);
    CHECK(kept.reasons.find("\"terms\"") != std::string::npos);
}

TEST_CASE("only the node with the lease decides, the others follow and suggest the same", "[grouper]") {
    grouping_office office;
    incident_grouper other(*office.database, {.engine = {}, .terms = {}, .owner = "two"});
    office.background();
    for (int i = 0; i < 3; ++i) office.say(photo_words[i], "PHO-22");
    office.run();
    CHECK(other.step(office.now) == 0);
    CHECK_FALSE(other.is_leader());
    auto late = office.say(photo_words[3], "PHO-22");
    CHECK(other.step(office.now) == 0);
    CHECK(office.count("grouping_queue") == 1);
    office.run();
    office.now += 1s;
    other.step(office.now);
    auto asked = office.read([&](soci::session& sql) { return grouping_queue::load(sql, late)->words; });
    asked.id = 0;
    auto ours = office.leader.suggest(asked, 3), theirs = other.suggest(asked, 3);
    REQUIRE_FALSE(ours.empty());
    REQUIRE_FALSE(theirs.empty());
    CHECK(ours[0].group == theirs[0].group);
    CHECK(ours[0].group == office.incident_of(late));
}

TEST_CASE("a leader that lost its lease writes nothing more", "[grouper]") {
    grouping_office office;
    office.say(photo_words[0]);
    office.run();
    CHECK(office.leader.is_leader());
    office.write([](soci::session& sql) { sql::change(sql, "UPDATE lease SET owner = 'two', token = token + 1 WHERE name = 'grouping'"); });
    office.say(photo_words[1]);
    CHECK(office.run() == 0);
    CHECK_FALSE(office.leader.is_leader());
    CHECK(office.count("grouping_queue") == 1);
}

TEST_CASE("a node that starts again knows the groups and what people said of them", "[grouper]") {
    grouping_office office;
    office.background();
    std::vector<std::int64_t> tickets;
    for (int i = 0; i < 3; ++i) tickets.push_back(office.say(photo_words[i], "PHO-22"));
    office.run();
    auto number = *office.incident_of(tickets[0]);
    office.write([&](soci::session& sql) { incidents::detach(sql, office.by(number), tickets[2]); });
    incident_grouper again(*office.database, {.engine = {}, .terms = {}, .owner = "one"});
    again.rebuild(office.now);
    auto asked = office.read([&](soci::session& sql) { return grouping_queue::load(sql, tickets[1])->words; });
    asked.id = 0;
    auto found = again.suggest(asked, 5);
    REQUIRE_FALSE(found.empty());
    CHECK(found[0].group == number);
    // What a person took out is never put back, whatever is read again.
    again.step(office.now);
    CHECK_FALSE(office.incident_of(tickets[2]) == number);
}

TEST_CASE("what a person says is followed by the engine at once", "[grouper]") {
    grouping_office office;
    office.background();
    for (int i = 0; i < 3; ++i) office.say(photo_words[i], "PHO-22");
    office.run();
    auto number = *office.report(office.made).incident_id;
    auto into = office.incident();
    office.write([&](soci::session& sql) { incidents::merge(sql, office.by(number), into); });
    auto late = office.say(photo_words[3], "PHO-22");
    office.run();
    CHECK(office.incident_of(late) == into); // the merged one takes what comes
    CHECK(office.get(number).tickets == 0);
}

TEST_CASE(
    "what people took out of an incident is not offered a part of it, nor the incident it was merged into, before and after a new start",
    "[grouper]") {
    grouping_office office;
    office.background();
    std::vector<std::int64_t> tickets;
    for (int i = 0; i < 6; ++i) tickets.push_back(office.say(photo_words[i % 4], "PHO-22"));
    office.run();
    auto number = *office.incident_of(tickets[0]);
    REQUIRE(office.get(number).tickets == 6);
    office.write([&](soci::session& sql) { incidents::detach(sql, office.by(number), tickets[5]); });
    office.run();
    auto part = std::vector{tickets[0], tickets[1]};
    auto made = office.write([&](soci::session& sql) { return incidents::split(sql, office.by(number), part); });
    auto into = office.incident();
    office.write([&](soci::session& sql) { incidents::merge(sql, office.by(number), into); });
    office.run();
    auto asked = office.read([&](soci::session& sql) { return grouping_queue::load(sql, tickets[5])->words; });
    auto check_offered = [&](const incident_grouper& node, std::int64_t whole) {
        auto offered = node.suggest(asked, 10);
        CHECK(std::none_of(offered.begin(), offered.end(), [&](const auto& one) { return one.group == whole || one.group == made; }));
        auto again = asked;
        again.id = 0; // the same words of somebody else
        auto others = node.suggest(again, 10);
        CHECK(std::any_of(others.begin(), others.end(), [&](const auto& one) { return one.group == whole; }));
    };
    check_offered(office.leader, into);
    incident_grouper anew(*office.database, {.engine = {}, .terms = {}, .owner = "two"});
    anew.rebuild(office.now);
    check_offered(anew, into);
    office.write([&](soci::session& sql) { incidents::unmerge(sql, office.by(number)); });
    office.run();
    check_offered(office.leader, number);
}

TEST_CASE("an attachment that was undone keeps the ticket out of nothing", "[grouper]") {
    grouping_office office;
    office.background();
    for (int i = 0; i < 3; ++i) office.say(photo_words[i], "PHO-22");
    office.run();
    auto number = *office.report(office.made).incident_id;
    auto other = office.incident();
    auto ticket = office.say(photo_words[3], "PHO-22");
    office.write([&](soci::session& sql) { incidents::attach(sql, office.by(other), ticket); });
    office.run();
    auto offered = [&] {
        auto asked = office.read([&](soci::session& sql) { return grouping_queue::load(sql, ticket)->words; });
        auto found = office.leader.suggest(asked, 10);
        return std::any_of(found.begin(), found.end(), [&](const auto& one) { return one.group == number; });
    };
    office.write([&](soci::session& sql) { incidents::attach(sql, office.by(number), ticket); });
    office.run();
    office.write([&](soci::session& sql) { incidents::undo(sql, office.by(number), office.event(number, "incident.attached")); });
    office.write([&](soci::session& sql) { incidents::undo(sql, office.by(other), office.event(other, "incident.attached")); });
    office.run();
    CHECK_FALSE(office.report(ticket).incident_id);
    CHECK(offered());
    office.write([&](soci::session& sql) { incidents::attach(sql, office.by(number), ticket); });
    office.run();
    office.write([&](soci::session& sql) { incidents::detach(sql, office.by(number), ticket); });
    office.run();
    CHECK_FALSE(offered()); // a word that stands
}

namespace {

// People who correct the grouping at random, in every way there is.
struct correcting_office : grouping_office {
    std::mt19937 random{7};
    std::vector<std::int64_t> tickets;

    std::size_t any(std::size_t count) { return random() % count; }
    std::vector<std::int64_t> ids(const std::string& query) {
        return read([&](soci::session& sql) { return sql::all<std::int64_t>(sql, query); });
    }
    std::optional<std::int64_t> one_of(const std::string& query) {
        auto found = ids(query);
        return found.empty() ? std::nullopt : std::optional(found[any(found.size())]);
    }
    std::optional<std::int64_t> standing() { return one_of("SELECT id FROM incident WHERE merged_into IS NULL AND state <> 'dismissed'"); }
    void correct() {
        auto ticket = tickets[any(tickets.size())];
        auto there = incident_of(ticket), other = standing();
        auto suggested = report(ticket).suggested_id;
        auto undone = one_of("SELECT id FROM event WHERE object_kind = 'incident' AND data LIKE '%\"correction\"%' AND action IN "
                             "('incident.attached', 'incident.detached', 'incident.split', 'incident.merged', 'incident.dismissed')");
        auto merged = one_of("SELECT id FROM incident WHERE merged_into > 0");
        auto act = [&](auto what) {
            try {
                write(what);
            } catch (const conflict&) { // it is over, merged or undone: people are told so
            } catch (const invalid&) {
            }
        };
        if (!other) return;
        switch (any(9)) {
        case 0:
        case 1:
            return act([&](soci::session& sql) { incidents::attach(sql, by(*other), ticket); });
        case 2:
            return there ? act([&](soci::session& sql) { incidents::detach(sql, by(*there), ticket); }) : void();
        case 3:
            return suggested ? act([&](soci::session& sql) { incidents::refuse_suggestion(sql, by(*suggested), ticket); }) : void();
        case 4:
            return there && any(3) == 0 ? act([&](soci::session& sql) { incidents::merge(sql, by(*there), *other); }) : void();
        case 5:
            return merged ? act([&](soci::session& sql) { incidents::unmerge(sql, by(*merged)); }) : void();
        case 6:
            return there && any(4) == 0 ? act([&](soci::session& sql) { incidents::dismiss(sql, by(*there)); }) : void();
        case 7:
            return there && any(2) == 0 ? act([&](soci::session& sql) { incidents::split(sql, by(*there), std::vector{ticket}); }) : void();
        default:
            return undone ? act([&](soci::session& sql) {
                auto of = *sql::first<std::int64_t>(sql, "SELECT object_id FROM event WHERE id = :id", *undone);
                incidents::undo(sql, by(of), *undone);
            })
                          : void();
        }
    }
    // Where people's words left each ticket; what the machine placed alone is left out.
    std::map<std::int64_t, std::int64_t> placed_by_people() {
        using row = std::tuple<std::int64_t, std::int64_t>;
        std::map<std::int64_t, std::int64_t> out;
        for (const auto& [ticket, incident] : read([](soci::session& sql) {
                 return sql::all<row>(sql, "SELECT ticket_id, incident_id FROM report WHERE decided_by = 'person' AND incident_id > 0");
             }))
            out[ticket] = incident;
        return out;
    }
    std::int64_t placed_where_refused() {
        return count("report JOIN report_refusal ON report_refusal.ticket_id = report.ticket_id AND report_refusal.incident_id = "
                     "report.incident_id WHERE report.decided_by = 'engine'");
    }
    // What is refused is offered by no engine, and the machine's links are those of the database.
    void check(const incident_grouper& node, const char* which) {
        using row = std::tuple<std::int64_t, std::int64_t>;
        for (const auto& [ticket, incident] : read([](soci::session& sql) {
                 return sql::all<row>(sql, "SELECT report_refusal.ticket_id, report_refusal.incident_id FROM report_refusal JOIN incident "
                                           "ON incident.id = report_refusal.incident_id JOIN report ON report.ticket_id = "
                                           "report_refusal.ticket_id WHERE incident.merged_into IS NULL AND (report.incident_id IS NULL OR "
                                           "report.incident_id <> report_refusal.incident_id)");
             })) {
            auto asked = read([ticket = ticket](soci::session& sql) { return grouping_queue::load(sql, ticket)->words; });
            auto offered = node.suggest(asked, 20);
            auto is_refused = [incident = incident](const auto& one) { return one.group == incident; };
            INFO(which << ", ticket " << ticket << ", incident " << incident);
            CHECK(std::none_of(offered.begin(), offered.end(), is_refused));
        }
    }
};

} // namespace

TEST_CASE("what people said stays said, through the database and a new start, whatever they correct", "[grouper][corrections]") {
    correcting_office office;
    office.background();
    for (int i = 0; i < 12; ++i) office.tickets.push_back(office.say(photo_words[i % 4], i % 3 == 0 ? "" : "PHO-22"));
    office.incident(), office.incident();
    office.run();
    for (int round = 0; round < 300; ++round) {
        office.correct();
        auto said = office.placed_by_people();
        office.now += 2s;
        if (round % 10 == 0) office.tickets.push_back(office.say(photo_words[round / 10 % 4], "PHO-22"));
        if (round % 30 == 29) office.now += 1h; // a consolidation
        office.run();
        INFO("round " << round);
        REQUIRE(office.placed_by_people() == said);  // no must-link lost
        REQUIRE(office.placed_where_refused() == 0); // no cannot-link broken
    }
    office.check(office.leader, "the leader");
    incident_grouper anew(*office.database, {.engine = {}, .terms = {}, .owner = "two"});
    anew.rebuild(office.now);
    office.check(anew, "a node that starts");
}

TEST_CASE("the tenth ticket of a confirmed incident hands it over without anybody's click", "[grouper]") {
    grouping_office office;
    office.background();
    for (int i = 0; i < 3; ++i) office.say(photo_words[i], "PHO-22");
    office.run();
    auto number = *office.report(office.made).incident_id;
    office.write([&](soci::session& sql) { incidents::confirm(sql, office.by(number), {}); });
    for (int i = 3; i < 9; ++i) office.say(photo_words[i % 4], "PHO-22");
    office.run();
    REQUIRE(office.get(number).tickets == 9);
    CHECK(office.get(number).state == "confirmed");
    office.say(photo_words[0], "PHO-22");
    office.run();
    CHECK(office.get(number).state == "escalated");
    CHECK(office.count("escalation WHERE rule = 'growth' AND actor_name = ''") == 1);
}

TEST_CASE("each rule hands a confirmed incident over without a click, at its threshold and not one below, once", "[grouper][escalation]") {
    grouping_office office;
    office.background();
    office.run();
    auto step = [&] {
        office.write([](soci::session& sql) { sql::change(sql, "DELETE FROM grouping_queue"); }); // they are placed
        office.now += 6s; // the rules are looked at every few seconds
        office.run();
        office.now += 6s;
        office.run();
    };
    auto attach = [&](std::int64_t number, const std::string& department) {
        office.link(office.ticket([&](contact& from) { from.department = department; }), number);
    };
    auto set = [&](std::int64_t number, const std::string& what) {
        office.write([&](soci::session& sql) { sql::change(sql, "UPDATE incident SET " + what + " WHERE id = :id", number); });
    };
    auto growing = office.incident(), spread = office.incident(), back = office.incident(), bursting = office.incident();
    for (int i = 0; i < 9; ++i) attach(growing, "33");
    for (auto department : {"01", "2A", "75", "974"}) attach(spread, department);
    set(back, "episode = 2");
    set(bursting, "burst_at = " + std::to_string(seconds(office.now - 25h)));
    step();
    for (auto number : {growing, spread, back, bursting}) CHECK(office.get(number).state == "confirmed");
    attach(growing, "33");
    attach(spread, "33");
    set(back, "episode = 3");
    set(bursting, "burst_at = " + std::to_string(seconds(office.now)));
    step();
    const std::pair<std::int64_t, const char*> rules[] = {
        {growing, "growth"}, {spread, "departments"}, {back, "recurrence"}, {bursting, "burst"}};
    for (const auto& [number, rule] : rules) {
        INFO(rule);
        CHECK(office.get(number).state == "escalated");
        attach(number, "44");
        step();
        CHECK(office.count("escalation WHERE incident_id = " + std::to_string(number)) == 1);
        CHECK(office.count("escalation WHERE incident_id = " + std::to_string(number) + " AND rule = '" + rule + "' AND numbers <> ''") ==
              1);
        CHECK(office.count("event WHERE action = 'incident.escalated' AND object_id = " + std::to_string(number)) == 1);
    }
}

TEST_CASE("the third ticket after a fix reopens the incident without a click, the second does not, and the fourth not again",
          "[grouper][escalation]") {
    grouping_office office;
    office.background();
    for (int i = 0; i < 4; ++i) office.say(photo_words[i], "PHO-22");
    office.run();
    auto number = *office.report(office.made).incident_id;
    office.write([&](soci::session& sql) { incidents::confirm(sql, office.by(number), {}); });
    office.now += 10 * 24h;
    office.write([&](soci::session& sql) { incidents::fix(sql, office.by(number), office.now, "4.12"); });
    office.now += 2 * 24h;
    auto comes_back = [&](int which) {
        office.now += 60s;
        auto ticket = office.say(photo_words[which], "PHO-22");
        office.run();
        REQUIRE(office.incident_of(ticket) == number);
    };
    comes_back(0), comes_back(1);
    CHECK(office.get(number).state == "fixed");
    comes_back(2);
    CHECK(office.get(number).state == "regressed");
    CHECK(office.get(number).episode == 2);
    comes_back(3);
    CHECK(office.get(number).episode == 2);
    CHECK(office.count("escalation WHERE rule = 'regression'") == 1);
}

TEST_CASE("tickets that people attach or merge after a fix reopen the incident as the engine's own do", "[grouper][escalation]") {
    grouping_office office;
    office.background();
    office.run();
    auto alone = [&](const std::string& words) {
        auto ticket = office.say(words);
        office.run();
        return ticket;
    };
    auto fixed = [&] {
        auto number = office.incident_with(1);
        office.write([](soci::session& sql) { sql::change(sql, "DELETE FROM grouping_queue"); });
        office.now += 10 * 24h;
        office.write([&](soci::session& sql) { incidents::fix(sql, office.by(number), office.now, "4.12"); });
        office.now += 2 * 24h;
        return number;
    };
    auto rules = [&] {
        office.now += 6s; // they are looked at every few seconds
        office.run();
    };
    auto attach = [&](std::int64_t number, std::int64_t ticket) {
        office.write([&](soci::session& sql) { incidents::attach(sql, office.by(number), ticket); });
    };
    SECTION("attached one by one, at the third") {
        auto number = fixed();
        for (int i = 0; i < 3; ++i) {
            CHECK(office.get(number).state == "fixed");
            attach(number, alone(other_words[i]));
            rules();
        }
        CHECK(office.get(number).state == "regressed");
        CHECK(office.count("escalation WHERE rule = 'regression' AND actor_name = ''") == 1);
    }
    SECTION("merged into it, and put back by an undo") {
        auto number = fixed(), other = office.incident();
        for (int i = 0; i < 3; ++i) attach(other, alone(other_words[i]));
        rules();
        CHECK(office.get(number).state == "fixed");
        office.write([&](soci::session& sql) { incidents::merge(sql, office.by(other), number); });
        rules();
        CHECK(office.get(number).state == "regressed");
    }
    SECTION("a group that an agent made large enough is proposed") {
        auto number = office.incident("watched");
        for (int i = 0; i < 3; ++i) {
            CHECK(office.get(number).state == "watched");
            attach(number, alone(other_words[i]));
            rules();
        }
        CHECK(office.get(number).state == "proposed");
    }
}

TEST_CASE("a ticket that stands alone founds an incident when an agent calls it a matter of security", "[grouper]") {
    grouping_office office;
    office.background();
    auto ticket = office.say("Je vois le dossier et la photo d'une autre personne sur mon compte");
    office.run();
    REQUIRE_FALSE(office.incident_of(ticket));
    auto call_it = [&](const char* category) {
        auto on = office.read([&](soci::session& sql) { return tickets::get(sql, ticket).reference; });
        office.write([&](soci::session& sql) { tickets::categorise(sql, {on, 0, tests::agent_actor(), office.now}, category); });
        office.run();
    };
    call_it("GEN-02");
    CHECK_FALSE(office.incident_of(ticket));
    call_it("PHO-04");
    REQUIRE(office.incident_of(ticket));
    auto of = office.get(*office.incident_of(ticket));
    CHECK(of.state == "proposed");
    CHECK(of.is_security);
    auto like_it = office.say("Je vois le dossier et la photo d'une autre personne sur mon compte");
    office.run();
    CHECK(office.incident_of(like_it) == of.id); // the engine knows
}

TEST_CASE("what was dismissed takes what reads like it off the board, until much more comes than before", "[grouper][escalation]") {
    grouping_office office;
    office.background();
    for (int i = 0; i < 3; ++i) office.say(photo_words[i], "PHO-22");
    office.run();
    auto number = *office.report(office.made).incident_id;
    office.write([&](soci::session& sql) { incidents::dismiss(sql, office.by(number)); });
    auto more = [&](int tickets) {
        office.now += 60s;
        for (int i = 0; i < tickets; ++i) office.say(photo_words[i % 4], "PHO-22");
        office.run();
    };
    more(9);
    CHECK(office.get(number).state == "dismissed");
    CHECK(office.count("incident WHERE state <> 'watched'") == 1); // it is remembered: no other group is offered
    more(1);
    CHECK(office.get(number).state == "proposed");
    CHECK(office.count("event WHERE action = 'incident.proposed' AND data LIKE '%\"before\":3%'") == 1);
    // Said again, it takes more than these.
    office.write([&](soci::session& sql) { incidents::dismiss(sql, office.by(number)); });
    more(13);
    CHECK(office.get(number).state == "dismissed");
    more(1);
    CHECK(office.get(number).state == "proposed");
    office.write([&](soci::session& sql) { incidents::dismiss(sql, office.by(number)); });
    auto ticket = office.say(other_words[0]);
    CHECK_THROWS_WITH(office.write([&](soci::session& sql) { incidents::attach(sql, office.by(number), ticket); }),
                      "conflict.incident_state"); // for people it is over
    office.write(
        [&](soci::session& sql) { sql::change(sql, "UPDATE incident SET burst_at = :at WHERE id = :id", office.now + 60s, number); });
    office.now += 120s;
    office.run();
    CHECK(office.get(number).state == "proposed"); // a burst says so by itself
}

TEST_CASE("many agents may be shown suggestions at once", "[grouper]") {
    grouping_office office;
    office.background();
    for (int i = 0; i < 4; ++i) office.say(photo_words[i], "PHO-22");
    office.run();
    auto asked = [&](int round) {
        grouping::ticket out;
        out.title = "Problème " + std::string(static_cast<std::size_t>(1 + round % 40), 'a') + "tions", out.text = photo_words[round % 4];
        return office.leader.suggest(out, 5).size();
    };
    const auto expected = asked(0);
    std::atomic<int> answered = 0, different = 0; // nothing comes back when the engine was at work for longer than patience
    std::vector<std::thread> agents;
    for (int agent = 0; agent < 4; ++agent)
        agents.emplace_back([&] {
            for (int round = 0; round < 400; ++round)
                if (auto found = asked(round * 4); found > 0) ++(found == expected ? answered : different);
        });
    for (auto& each : agents) each.join();
    CHECK(expected > 0);
    CHECK(answered > 0);
    CHECK(different == 0);
}

TEST_CASE("suggestions come while the grouping waits for the database", "[grouper]") {
    grouping_office office;
    office.background();
    for (int i = 0; i < 4; ++i) office.say(photo_words[i], "PHO-22");
    office.run();
    if (office.database->is_mariadb()) return; // there no write waits for another
    grouping::ticket asked;
    asked.title = "Problème", asked.text = photo_words[1];
    auto alike = office.leader.similar(asked, 50).size();
    office.say(photo_words[0], "PHO-22");
    std::promise<void> begun, release;
    auto slow = std::async(std::launch::async, [&] {
        office.write([&](soci::session&) {
            begun.set_value();
            release.get_future().wait();
        });
    });
    begun.get_future().wait();
    auto job = std::async(std::launch::async, [&] { return office.run(); });
    // It has decided once the ticket is among those that read alike; from then on it waits for the writer.
    auto until = std::chrono::steady_clock::now() + 20s;
    while (office.leader.similar(asked, 50).size() == alike && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    CHECK(office.leader.similar(asked, 50).size() == alike + 1);
    CHECK_FALSE(office.leader.suggest(asked, 5).empty());
    CHECK(job.wait_for(0s) == std::future_status::timeout);
    release.set_value();
    CHECK(job.get() == 1);
}

TEST_CASE("how sure the engine must be follows what people say of its links", "[grouper][calibration]") {
    grouping_office office;
    auto attach_from = [&] { return office.read([](soci::session& sql) { return reviewed_links::attach_from(sql, 0.9); }); };
    auto number = office.incident();
    auto suggest = [&](double probability) {
        placement what;
        what.ticket_id = office.ticket(), what.suggested_id = number, what.score = probability, what.engine = "test";
        office.write([&](soci::session& sql) { return reports::place(sql, what, {}, office.now); });
        return what.ticket_id;
    };
    auto accept = [&](std::int64_t ticket) {
        office.write([&](soci::session& sql) { incidents::attach(sql, office.by(number), ticket); });
    };
    for (int i = 0; i < 49; ++i) accept(suggest(0.7));
    CHECK(attach_from() == 0.9); // too few
    accept(suggest(0.7));
    CHECK(attach_from() == 0.7);
    for (int i = 0; i < 3; ++i) {
        auto ticket = suggest(0.7);
        office.write([&](soci::session& sql) { incidents::refuse_suggestion(sql, office.by(number), ticket); });
    }
    CHECK(attach_from() == 0.9); // 50 of 53 right
    auto last = office.event(number, "incident.suggestion_refused");
    office.write([&](soci::session& sql) { incidents::undo(sql, office.by(number), last); });
    CHECK(attach_from() == 0.7); // 50 of 52, what is undone left out
    auto wrong = office.ticket();
    office.link(wrong, number, 0.95);
    office.write([&](soci::session& sql) { incidents::detach(sql, office.by(number), wrong); });
    CHECK(office.count("reviewed_link WHERE probability = 0.95 AND was_right = 0") == 1);
    accept(wrong); // placed by nobody now: it says nothing of the engine
    CHECK(office.count("reviewed_link WHERE probability = 0.95 OR probability = 1") == 1);
}

TEST_CASE("the leader attaches from the probability that reviews allow", "[grouper][calibration]") {
    grouping_office office;
    office.background();
    auto number = office.incident();
    auto review = [&](double probability, bool is_right) {
        auto ticket = office.ticket();
        office.link(ticket, number, probability);
        office.write([&](soci::session& sql) {
            is_right ? incidents::attach(sql, office.by(number), ticket) : incidents::detach(sql, office.by(number), ticket);
        });
    };
    for (int i = 0; i < 50; ++i) review(0.9999999, true), review(0.9, false);
    auto first = office.say(photo_words[0], "PHO-22"), second = office.say(photo_words[1], "PHO-22");
    while (office.run() > 0) {
    }
    CHECK_FALSE(office.incident_of(second)); // surer than 0.9, yet less sure than what people agreed to
    CHECK(office.report(second).score >= 0.9);
    CHECK_FALSE(office.incident_of(first));
}
