// SPDX-License-Identifier: EUPL-1.2
#include "model/error.hpp"
#include "model/incident_corrections.hpp"
#include "model/incident_grouper.hpp"
#include "tests/support/grouping_office.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <random>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::grouping_office;
using tests::photo_words;

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
