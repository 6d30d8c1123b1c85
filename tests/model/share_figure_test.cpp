// SPDX-License-Identifier: EUPL-1.2
#include "model/incident_actions.hpp"
#include "model/share_figure.hpp"
#include "model/small_cell.hpp"
#include "tests/support/share_office.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <random>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::share_office;

namespace {

using counts = std::map<std::string, std::int64_t>;

// Which count holds which, as the definitions of the measures say.
const std::vector<std::pair<std::string, std::string>> inclusions = {{"received", "received.repeat"},
                                                                     {"received", "acknowledged"},
                                                                     {"received", "acknowledged.fast"},
                                                                     {"acknowledged", "acknowledged.fast"},
                                                                     {"acknowledged", "acknowledged.late"},
                                                                     {"replied", "replied.in_time"},
                                                                     {"replied", "replied.fast"},
                                                                     {"replied.in_time", "replied.fast"},
                                                                     {"letters", "letters.in_time"},
                                                                     {"letters.in_time", "letters.fast"},
                                                                     {"closed", "closed.announced"},
                                                                     {"closed.announced", "closed.kept"},
                                                                     {"closed", "closed.linkable"},
                                                                     {"closed.linkable", "closed.linked"},
                                                                     {"rated", "rated.high"},
                                                                     {"settled", "settled.first_contact"},
                                                                     {"calls.offered", "calls.answered"},
                                                                     {"calls.offered", "calls.lost"},
                                                                     {"calls.answered", "calls.fast"},
                                                                     {"callbacks.promised", "callbacks.called"},
                                                                     {"callbacks.promised", "callbacks.reached"},
                                                                     {"callbacks.called", "callbacks.kept"},
                                                                     {"access", "access.kept"},
                                                                     {"told", "told.fast"}};

// The numbers of people that a reader finds in these figures.
counts read(const nlohmann::json& figures) {
    counts out;
    for (const auto& each : figures) {
        const auto* definition = model::figures::find(each["id"].get<std::string>());
        if (!definition->counts_people) continue;
        auto is_count = definition->in == figure_definition::unit::percent || definition->in == figure_definition::unit::count;
        if (is_count && each["part"].is_number()) out[std::string(definition->part)] = each["part"];
        if (each["whole"].is_number()) out[std::string(definition->whole)] = each["whole"];
    }
    return out;
}

void check_nobody_is_told(const counts& told) {
    for (const auto& [name, value] : told) {
        INFO(name << " " << value);
        CHECK_FALSE(small_cells::is_small(value));
    }
    for (const auto& [wider, part] : inclusions)
        if (told.contains(wider) && told.contains(part)) {
            INFO(wider << " " << told.at(wider) << ", " << part << " " << told.at(part));
            CHECK_FALSE(small_cells::is_small(told.at(wider) - told.at(part)));
        }
}

// The corrections of a share, made to what was known of each week: what is left between a count and one that holds it moves by no few.
void check_differences(std::map<std::string, counts>& known, const nlohmann::json& corrections) {
    auto before = known;
    for (const auto& each : corrections) {
        auto& of = known[each["week"]];
        auto put = [&of](std::string_view name, const nlohmann::json& value) {
            if (value.is_number() && of.contains(std::string(name))) of[std::string(name)] = value;
        };
        const auto* definition = model::figures::find(each["id"].get<std::string>());
        if (!definition) put(each["id"].get<std::string>(), each["is"]["part"]);
        if (!definition || !definition->counts_people) continue;
        if (definition->in == figure_definition::unit::percent) put(definition->part, each["is"]["part"]);
        put(definition->whole, each["is"]["whole"]);
    }
    for (const auto& [week, is] : known)
        for (const auto& [wider, part] : inclusions) {
            if (!is.contains(wider) || !is.contains(part)) continue;
            const auto& was = before[week];
            INFO(week << " " << wider << " less " << part << ": " << was.at(wider) - was.at(part) << ", then "
                      << is.at(wider) - is.at(part));
            CHECK_FALSE(small_cells::is_small(std::abs(is.at(wider) - is.at(part) - was.at(wider) + was.at(part))));
        }
}

} // namespace

TEST_CASE("whatever a week counts, no figure, difference or rest is of one to four persons", "[share]") {
    std::mt19937 random(7);
    auto some = [&](std::int64_t most) { return std::uniform_int_distribution<std::int64_t>(0, std::max<std::int64_t>(most, 0))(random); };
    auto hidden = 0, shown = 0;
    for (int i = 0; i < 600; ++i) {
        figure_measures measured;
        auto most = i % 2 ? 12 : 400;
        for (const auto& [wider, part] : inclusions)
            if (!measured.contains(wider)) measured[wider] = some(most);
        // Nearly all, nearly none, or any: what is left is few in many weeks.
        auto draw = [&](std::int64_t of) {
            return i % 3 == 0 ? std::max<std::int64_t>(0, of - some(6)) : i % 3 == 1 ? std::min(of, some(6)) : some(of);
        };
        for (const auto& [wider, part] : inclusions) measured[part] = draw(measured[wider]);
        measured["calls.lost"] = some(measured["calls.offered"] - measured["calls.answered"]);
        measured["rated.sum"] = measured["rated"] * 8, measured["backlog.old"] = some(most);
        told_counts counts(measured);
        auto told = share_figures::tell(measured, counts);
        auto found = read(told);
        check_nobody_is_told(found);
        if (found.contains("calls.offered") && found.contains("calls.answered") && found.contains("calls.lost"))
            CHECK_FALSE(small_cells::is_small(found["calls.offered"] - found["calls.answered"] - found["calls.lost"]));
        for (const auto& each : told)
            if (each["is_hidden"] == true) {
                ++hidden;
                CHECK((each["value"].is_null() && each["is_met"].is_null()));
            } else if (each["value"].is_number()) {
                ++shown;
            }
        for (const char* each : {"received", "closed", "callbacks.promised", "callbacks.called", "callbacks.kept", "callbacks.reached"})
            if (counts.count(each).is_number()) found[each] = counts.count(each);
        check_nobody_is_told(found);
    }
    CHECK(hidden > 500);
    CHECK(shown > 500);
}

TEST_CASE("K17 has no value when one of its fixes concerned few persons: the others stand beside their incidents", "[share]") {
    for (auto few : {1, 4, 5}) {
        INFO(few);
        share_office office;
        for (auto persons : {30, few}) {
            auto number = office.incident_with(persons);
            office.now += 1h;
            office.write([&](soci::session& sql) {
                incidents::escalate(sql, office.by(number), "person", nlohmann::json::object());
                incidents::accept(sql, office.by(number));
                incidents::fix(sql, office.by(number), office.now, "4.12");
            });
        }
        office.now = calendar_weeks::span_of({2026, 48}).to + 8h;
        auto told = share_office::figure_in(office.share("2026-W48"), "K17");
        CHECK(told["is_hidden"] == (few < 5));
        CHECK(told["whole"] == (few < 5 ? nlohmann::json() : nlohmann::json(30 + few)));
    }
}

TEST_CASE("the age of the oldest of nine requests is not told when they are of few persons, nor what their answers were worth", "[share]") {
    const figure_measures measured = {{"backlog.old", 9}, {"backlog.oldest_days", 40}, {"reviews", 9}, {"reviews.met", 8}};
    auto are_few = [](std::string_view measure, std::span<const std::string_view>) { return measure == "backlog.old"; };
    told_counts counts(measured, are_few), of_many(measured);
    for (const char* each : {"backlog.old", "backlog.oldest_days"}) CHECK((counts.holds(each) && !of_many.holds(each)));
    for (const char* each : {"reviews", "reviews.met"}) CHECK((!counts.holds(each) && !of_many.holds(each)));
}

TEST_CASE("a figure of many requests and few persons is not told, nor what would leave them", "[share]") {
    for (auto persons : {1, 4, 5}) {
        INFO(persons);
        share_office office;
        auto number = office.incident();
        auto write_in = [&](int count, int of) { // requests of so many people
            std::vector<std::int64_t> out;
            for (int i = 0; i < count; ++i) office.link(out.emplace_back(office.ticket()), number);
            office.write([&](soci::session& sql) {
                for (std::size_t i = 0; i < out.size(); ++i)
                    sql::change(sql, "UPDATE report SET person_key = :person WHERE ticket_id = :id",
                                fmt::format("person {} of {}", static_cast<int>(i) % of, count), out[i]);
            });
            return out;
        };
        auto late = write_in(8, persons), kept = write_in(20, 20);
        office.now += 24h;
        auto close = [&](const std::vector<std::int64_t>& tickets, const char* announced) {
            office.write([&](soci::session& sql) {
                for (auto id : tickets)
                    sql::change(
                        sql, "UPDATE ticket SET status = 'closed', closed_at = :at, answer_before = :day, updated_at = :now WHERE id = :id",
                        office.now, announced, office.now, id);
            });
        };
        close(late, "2026-11-01"), close(kept, "2026-12-30");
        office.now = calendar_weeks::span_of({2026, 48}).to + 8h;
        auto share = office.share("2026-W48");
        auto told = share_office::figure_in(share, "K7");
        CHECK(told["is_hidden"] == (persons < 5));
        CHECK(told["part"] == (persons < 5 ? nlohmann::json() : nlohmann::json(20)));
        CHECK(share["volumes"]["received"] == 28);
    }
}

TEST_CASE("a correction waits while what is left of its whole moves by few", "[share]") {
    share_office office;
    std::vector<std::int64_t> tickets;
    for (int i = 0; i < 30; ++i) tickets.push_back(office.ticket());
    office.now += 24h;
    auto close = [&](std::size_t from, std::size_t to, const char* announced) {
        office.write([&](soci::session& sql) {
            for (auto i = from; i < to; ++i)
                sql::change(sql,
                            "UPDATE ticket SET status = 'closed', closed_at = :at, answer_before = :day, updated_at = :now WHERE id = :id",
                            calendar_weeks::span_of({2026, 48}).from + 48h, announced, office.now, tickets[i]);
        });
    };
    close(0, 10, "2026-12-30"), close(10, 20, "2026-11-01"); // ten kept of twenty
    office.now = calendar_weeks::span_of({2026, 48}).to + 8h;
    office.share("2026-W48");
    close(20, 26, "2026-12-30"), close(26, 27, "2026-11-01"); // sixteen of twenty-seven: one more that was not kept
    office.now += 24h * 7;
    auto corrected = [&](const char* week) {
        auto share = office.share(week);
        return std::count_if(share["corrections"].begin(), share["corrections"].end(), [](const auto& each) { return each["id"] == "K7"; });
    };
    CHECK(corrected("2026-W49") == 0);
    close(27, 30, "2026-11-01"), close(0, 1, "2026-11-01"); // fifteen of thirty: five more
    office.now += 24h * 7;
    CHECK(corrected("2026-W50") == 1);
}

TEST_CASE("an older ticket corrects how soon an incident was seen; what was answered since its week corrects nothing", "[share]") {
    share_office office;
    auto older = office.ticket();
    office.now += 48h;
    auto number = office.incident_with(1);
    office.now = calendar_weeks::span_of({2026, 48}).to - 60h; // Friday noon: due on Monday
    office.write([&](soci::session& sql) { incidents::escalate(sql, office.by(number), "person", nlohmann::json::object()); });
    office.now = calendar_weeks::span_of({2026, 48}).to + 8h;
    auto told = office.share("2026-W48");
    CHECK(share_office::figure_in(told, "K13")["value"] == 0);
    CHECK(share_office::figure_in(told, "K15")["value"].is_null());
    office.write([&](soci::session& sql) { incidents::accept(sql, office.by(number)); });
    office.link(older, number);
    office.now += 24h * 7;
    auto share = office.share("2026-W49");
    std::map<std::string, nlohmann::json> corrected;
    for (const auto& each : share["corrections"]) corrected[each["id"]] = each;
    REQUIRE(corrected.contains("K13"));
    CHECK(corrected["K13"]["was"]["value"] == 0);
    CHECK(corrected["K13"]["is"]["value"] == 48 * 3600);
    CHECK_FALSE(corrected.contains("K15"));
    CHECK(share_office::figure_in(share, "K15")["value"] == 100);
}

TEST_CASE("a share written late is judged once its two working days are over, as a correction of the week that said nothing of it",
          "[share]") {
    share_office office;
    office.incident();
    auto corrected = [](const nlohmann::json& share) {
        nlohmann::json out;
        for (const auto& each : share["corrections"])
            if (each["id"] == "K16") out = each;
        return out;
    };
    office.now = calendar_weeks::span_of({2026, 49}).to - 60h; // the share of W48, on the Friday of W49: owed an acknowledgement on Tuesday
    office.share("2026-W48");
    office.now = calendar_weeks::span_of({2026, 49}).to + 8h;
    auto next = office.share("2026-W49");
    CHECK(share_office::figure_in(next, "K16")["value"].is_null());
    CHECK(corrected(next).is_null());
    office.now += 24h * 7;
    auto told = corrected(office.share("2026-W50"));
    REQUIRE(told.is_object());
    CHECK(told["week"] == "2026-W49");
    CHECK(told["was"]["value"].is_null());
    CHECK((told["is"]["value"] == 0 && told["is"]["part"] == 0 && told["is"]["whole"] == 1)); // it did not leave on its Monday
    office.now += 24h * 7;
    CHECK(corrected(office.share("2026-W51")).is_null());
}

TEST_CASE("corrections of two counts, of which one holds the other, leave no few between them", "[share]") {
    for (auto others : {1, 6}) {
        INFO(others);
        share_office office;
        std::vector<std::int64_t> tickets;
        for (int i = 0; i < 50; ++i) tickets.push_back(office.ticket());
        office.now += 24h;
        std::size_t next = 0;
        auto close = [&](int count, const char* announced) {
            office.write([&](soci::session& sql) {
                for (; count > 0; --count)
                    sql::change(
                        sql, "UPDATE ticket SET status = 'closed', closed_at = :at, answer_before = :day, updated_at = :now WHERE id = :id",
                        calendar_weeks::span_of({2026, 48}).from + 48h, announced, office.now, tickets[next++]);
            });
        };
        close(20, "2026-12-30"), close(6, ""); // a date was announced to twenty of them
        office.now = calendar_weeks::span_of({2026, 48}).to + 8h;
        CHECK(share_office::figure_in(office.share("2026-W48"), "K7")["whole"] == 20);
        close(10, "2026-12-30"), close(others, ""); // late
        office.now += 24h * 7;
        auto share = office.share("2026-W49");
        std::map<std::string, nlohmann::json> told;
        for (const auto& each : share["corrections"]) told[each["id"]] = each["is"];
        REQUIRE(told.contains("closed"));
        CHECK(told["closed"]["part"] == 36 + others);
        CHECK(told.contains("K7") == (others == 6)); // 30 beside 37 would tell of the seventh
        if (told.contains("K7")) CHECK(told["K7"]["whole"] == 30);
    }
}

TEST_CASE("how many closed tickets were opened again since is not told beside the first contacts that settled them", "[share]") {
    for (auto reopened : {0, 2, 6}) {
        INFO(reopened);
        share_office office;
        std::vector<std::int64_t> tickets;
        for (int i = 0; i < 30; ++i) tickets.push_back(office.ticket());
        auto set = [&](std::int64_t id, const std::string& what) {
            office.write([&](soci::session& sql) {
                sql::change(sql, "UPDATE ticket SET " + what + ", updated_at = :now WHERE id = :id", office.now, id);
            });
        };
        office.now += 24h;
        for (auto each : tickets) set(each, "status = 'closed', closed_at = " + std::to_string(seconds(office.now)));
        office.now = calendar_weeks::span_of({2026, 48}).to + 8h;
        CHECK(office.share("2026-W48")["volumes"]["closed"] == 30);
        for (int i = 0; i < reopened; ++i) set(tickets[static_cast<std::size_t>(i)], "status = 'open', closed_at = NULL");
        office.now += 24h * 7;
        office.share("2026-W49");
        office.now += 24h * 7;
        auto share = office.share("2026-W50");
        auto figure = share_office::figure_in(share, "K8");
        CHECK(figure["is_hidden"] == (reopened == 2));
        if (reopened != 2) CHECK(figure["whole"] == 30 - reopened);
        // Four more are opened: together they are told, of the week that closed them and of the one that counted them.
        for (int i = 6; i < 10; ++i) set(tickets[static_cast<std::size_t>(i)], "status = 'open', closed_at = NULL");
        office.now += 24h * 7;
        std::map<std::string, std::int64_t> told;
        auto last = office.share("2026-W51");
        INFO(last["corrections"]);
        for (const auto& each : last["corrections"])
            if (each["id"] == "closed" || each["id"] == "K8")
                told[each["id"]] = each["is"]["whole"].is_null() ? each["is"]["part"] : each["is"]["whole"];
        CHECK(told.contains("closed") == (reopened == 2));
        CHECK_FALSE((reopened != 2 && told.contains("K8")));
    }
}

TEST_CASE("sixteen weeks of few people: no count, difference or correction of one to four", "[share]") {
    share_office office;
    std::mt19937 random(11);
    auto week = *calendar_weeks::parse("2026-W48");
    std::map<std::string, std::int64_t> told; // by week: what was last said of its tickets
    std::map<std::string, counts> known;      // the same of every count
    auto corrected = 0;
    for (int i = 0; i < 16; ++i) {
        auto span = calendar_weeks::span_of(week);
        auto tickets = random() % 14;
        for (std::size_t each = 0; each < tickets; ++each) {
            // Some are imported late, into a week that was told.
            auto back = i > 0 && random() % 3 == 0 ? 24h * 7 : 0h;
            office.now = span.from + 9h - back;
            auto id = office.ticket();
            office.now = span.from + 24h * (random() % 5) + 10h;
            office.write([&](soci::session& sql) {
                if (random() % 2)
                    sql::change(
                        sql, "UPDATE ticket SET status = 'closed', is_active = 0, closed_at = :now, first_reply_at = :again WHERE id = :id",
                        office.now, office.now, id);
                sql::change(sql, "UPDATE ticket SET updated_at = :now WHERE id = :id", office.now, id);
            });
        }
        office.write([&](soci::session& sql) { // somebody writes again to a request that was closed
            sql::change(sql, "UPDATE ticket SET status = 'open', is_active = 1, closed_at = NULL, updated_at = :now WHERE id = :id",
                        office.now, 1 + static_cast<std::int64_t>(random() % static_cast<unsigned>(office.made + 1)));
        });
        office.now = span.to + 8h;
        auto name = calendar_weeks::text(week);
        auto share = office.share(name);
        auto found = read(share["figures"]);
        for (const char* each : {"received", "closed"})
            if (share["volumes"][each].is_number()) found[each] = share["volumes"][each];
        check_nobody_is_told(found);
        for (const auto& [each, value] : share["callbacks"].items()) CHECK_FALSE((value.is_number() && small_cells::is_small(value)));
        if (share["volumes"]["received"].is_number()) told[name] = share["volumes"]["received"];
        known[name] = found;
        check_differences(known, share["corrections"]);
        for (auto& [settled, of] : known) { // K8 counts the tickets that were closed two weeks before
            auto closed =
                known.find(calendar_weeks::text(calendar_weeks::previous(calendar_weeks::previous(*calendar_weeks::parse(settled)))));
            if (closed == known.end() || !closed->second.contains("closed") || !of.contains("settled")) continue;
            CHECK_FALSE(small_cells::is_small(std::abs(closed->second["closed"] - of["settled"])));
        }
        for (const auto& each : share["corrections"]) {
            ++corrected;
            for (const char* side : {"part", "whole"}) {
                const auto* definition = model::figures::find(each["id"].get<std::string>());
                if (definition &&
                    (!definition->counts_people || (definition->in != figure_definition::unit::percent && side == std::string("part"))))
                    continue;
                INFO(each.dump());
                CHECK_FALSE((each["is"][side].is_number() && small_cells::is_small(each["is"][side])));
                if (each["was"][side].is_number() && each["is"][side].is_number())
                    CHECK_FALSE(
                        small_cells::is_small(std::abs(each["is"][side].get<std::int64_t>() - each["was"][side].get<std::int64_t>())));
            }
        }
        week = calendar_weeks::next(week);
    }
    CHECK(corrected > 0);
    CHECK(told.size() > 5);
}
