// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/engine.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <set>

using namespace relais::model::grouping;

namespace {

// Tickets about a few subjects in mixed words: the machine is tempted to bring together what people parted.
ticket about(ticket_id id, std::mt19937_64& random) {
    constexpr const char* subjects[] = {"timbre fiscal refusé au paiement", "photo numérique inconnue du site", "visite médicale non reçue",
                                        "téléversement du justificatif bloqué", "suspension toujours affichée"};
    constexpr const char* details[] = {"depuis mardi",  "écran blanc",        "aucun courriel",
                                       "message rouge", "sur mon ordinateur", "après connexion"};
    ticket made;
    made.id = id;
    made.text = std::string(subjects[random() % 5]) + ' ' + details[random() % 6] + ' ' + details[random() % 6];
    return made;
}

// What people said, written down apart from the engine.
struct memory {
    std::map<ticket_id, group_id> placed;              // where a person's word left the ticket: no must-link is lost
    std::set<std::pair<ticket_id, group_id>> kept_out; // never by machine: no cannot-link is broken
};

class stream {
public:
    void arrive() {
        const auto next = about(static_cast<ticket_id>(++count_), random_);
        const auto decided = made_.decide(next);
        const bool joins = decided.what == band::attach && decided.best->group;
        made_.put(next, joins ? *decided.best->group : new_group());
    }
    void correct() {
        const auto one = any(), other = any();
        const auto group = made_.group_of(one), into = made_.group_of(other);
        switch (random_() % 4) {
        case 0:
            if (into) attach(one, *into);
            break;
        case 1:
            if (group) detach(one, *group);
            break;
        case 2:
            if (group && into && group != into && made_.tickets_of(*group).size() + made_.tickets_of(*into).size() < 40)
                merge(*group, *into);
            break;
        default:
            if (group && made_.tickets_of(*group).size() > 1) split(one, *group);
        }
    }
    // The machine's turn: nobody asks.
    void consolidate() {
        for (const auto& told : made_.consolidate({})) {
            if (!told.ticket)
                for (auto each : made_.tickets_of(*told.from)) made_.link(each, told.into);
            else if (!told.beside)
                made_.link(*told.ticket, new_group());
            else {
                if (!made_.group_of(*told.beside)) made_.link(*told.beside, new_group());
                made_.link(*told.ticket, made_.group_of(*told.beside));
            }
        }
    }
    int broken() const {
        int found = 0;
        for (const auto& [one, group] : people_.placed) found += made_.group_of(one) != group;
        for (const auto& [one, group] : people_.kept_out) found += made_.group_of(one) == group;
        return found;
    }
    std::size_t placed() const { return people_.placed.size(); }
    std::size_t kept_out() const { return people_.kept_out.size(); }

private:
    ticket_id any() { return static_cast<ticket_id>(random_() % count_) + 1; }
    group_id new_group() { return ++groups_; }
    void fix_all(group_id group) {
        for (auto each : made_.tickets_of(group)) people_.placed[each] = group;
    }
    void attach(ticket_id one, group_id into) {
        made_.attach(one, into);
        people_.kept_out.erase({one, into});
        fix_all(into);
    }
    void detach(ticket_id one, group_id group) {
        made_.detach(one);
        people_.placed.erase(one);
        people_.kept_out.insert({one, group});
        fix_all(group);
    }
    void merge(group_id from, group_id into) {
        made_.merge(from, into);
        for (const auto& [one, group] : std::set(people_.kept_out))
            if (group == from) people_.kept_out.erase({one, from}), people_.kept_out.insert({one, into});
        for (auto each : made_.tickets_of(into)) people_.kept_out.erase({each, into});
        fix_all(into);
    }
    void split(ticket_id one, group_id from) {
        const auto all = made_.tickets_of(from);
        std::vector<ticket_id> leaving{one};
        for (auto each : all)
            if (each != one && random_() % 3 == 0) leaving.push_back(each);
        const auto into = new_group();
        made_.split(from, leaving, into);
        fix_all(from);
        fix_all(into);
    }

    engine made_{[] {
        options eager;
        eager.attach_from = 0.5; // the machine moves all it can
        return eager;
    }()};
    std::mt19937_64 random_{11};
    std::size_t count_ = 0;
    group_id groups_ = 0;
    memory people_;
};

} // namespace

TEST_CASE("over ten thousand corrections the machine undoes none", "[grouping][corrections]") {
    stream run;
    for (int ticket = 0; ticket < 60; ++ticket) run.arrive();
    std::size_t most_placed = 0, most_kept_out = 0;
    for (int correction = 1; correction <= 10'000; ++correction) {
        run.correct();
        if (correction % 50 == 0) run.arrive();
        if (correction % 100 != 0) continue;
        REQUIRE(run.broken() == 0);
        run.consolidate();
        REQUIRE(run.broken() == 0);
        most_placed = std::max(most_placed, run.placed());
        most_kept_out = std::max(most_kept_out, run.kept_out());
    }
    CHECK(most_placed > 50);
    CHECK(most_kept_out > 100);
}

TEST_CASE("a ticket goes where a person linked it, whatever its words say", "[grouping][corrections]") {
    engine made;
    std::mt19937_64 random(3);
    for (ticket_id id = 1; id <= 30; ++id) made.put(about(id, random), id <= 15 ? 1 : 2);
    ticket strange;
    strange.id = 99;
    strange.text = "Mon voisin imite une mouette tous les matins";
    CHECK(made.decide(strange).what == band::fresh);
    made.must_link(99, 20);
    const auto decided = made.decide(strange);
    REQUIRE(decided.best);
    CHECK(decided.what == band::attach);
    CHECK(decided.best->group == 2);
    CHECK(decided.best->reasons[0].name == "people");
    made.put(strange, 2);
    for (const auto& told : made.consolidate({})) CHECK(told.ticket != 99); // nor does it leave again
    made.detach(99);
    CHECK(made.decide(strange).what == band::fresh); // a later word replaces the earlier one
}

namespace {

// One trouble, told in four ways.
ticket stuck_upload(ticket_id id) {
    constexpr const char* starts[] = {"Bonjour, ", "Je vous écris car ", "Encore une fois, ", ""};
    constexpr const char* middles[] = {"le téléversement de mon justificatif de domicile tourne sans fin",
                                       "impossible de téléverser le justificatif de domicile, ça tourne",
                                       "quand je téléverse le justificatif de domicile la page tourne dans le vide",
                                       "mon justificatif de domicile ne se téléverse pas, la roue tourne"};
    ticket one;
    one.id = id;
    one.text = std::string(starts[id % 4]) + middles[id % 4] + (id % 3 == 0 ? ", erreur inattendue" : "");
    return one;
}

} // namespace

TEST_CASE("a consolidation of what is new looks at new tickets and at those that read like them", "[grouping][corrections]") {
    engine made;
    for (ticket_id id = 1; id <= 30; ++id) made.put(stuck_upload(id), {});
    CHECK(made.consolidate({}, 30).empty()); // nothing came since
    made.decide(stuck_upload(31));
    made.put(stuck_upload(31), {});
    const auto told = made.consolidate({}, 30);
    REQUIRE_FALSE(told.empty());
    for (const auto& each : told) CHECK(each.beside);
}

TEST_CASE("tickets that stand alone found a group when what they tell turns out to be one thing", "[grouping][corrections]") {
    engine made;
    for (ticket_id id = 1; id <= 30; ++id) made.put(stuck_upload(id), {});
    std::map<std::optional<group_id>, int> sizes;
    group_id next = 0;
    for (const auto& told : made.consolidate({})) {
        REQUIRE(told.ticket);
        REQUIRE(told.beside);
        if (!made.group_of(*told.beside)) made.link(*told.beside, ++next);
        made.link(*told.ticket, made.group_of(*told.beside));
    }
    for (ticket_id id = 1; id <= 30; ++id) ++sizes[made.group_of(id)];
    CHECK(sizes[1] >= 25);
}

TEST_CASE("who was taken out of a group joins no part that is split off from it later, nor goes there by a merge",
          "[grouping][corrections]") {
    engine made;
    for (ticket_id id = 1; id <= 20; ++id) made.put(stuck_upload(id), 1);
    made.detach(5);
    made.split(1, std::vector<ticket_id>{1, 2, 3, 4, 6, 7, 8, 9, 10}, 2);
    const auto offered = made.candidates(stuck_upload(5), 5);
    CHECK(std::none_of(offered.begin(), offered.end(), [](const auto& one) { return one.group == 1 || one.group == 2; }));
    for (const auto& told : made.consolidate({})) CHECK(told.ticket != 5);
    for (ticket_id id = 21; id <= 24; ++id) made.put(stuck_upload(id), 3);
    made.link(5, 3); // by machine
    made.merge(3, 2);
    CHECK(made.group_of(21) == 2);
    CHECK(made.group_of(5) == std::nullopt);
    made.attach(5, 2); // a person's later word
    CHECK(made.group_of(5) == 2);
    made.detach(1); // split off with its group, then alone: it is not of the first one either
    CHECK_FALSE(made.decide(stuck_upload(1)).best);
}
