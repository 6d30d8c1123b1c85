// SPDX-License-Identifier: EUPL-1.2
// `relais figures rebuild` as people run it, on a base whose counts were spoilt.
#include "model/calendar_week.hpp"
#include "model/call.hpp"
#include "model/call_count.hpp"
#include "model/figure.hpp"
#include "model/figure_fact.hpp"
#include "model/sql.hpp"
#include "model/ticket_actions.hpp"
#include "model/weekly_share.hpp"
#include "tests/support/running_server.hpp"
#include "tests/support/samples.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

using namespace relais;
using namespace relais::tests;
using namespace std::chrono_literals;

namespace {

std::string kind() {
    auto* chosen = std::getenv("RELAIS_TEST_DATABASE");
    return chosen ? chosen : "sqlite";
}

// A year and a half ago: whatever time brings to these tickets has come.
const model::sys_seconds long_ago = model::calendar_weeks::span_of({2025, 10}).from + 10h;
constexpr int people = 40, days = 30;

using counts = std::map<std::string, std::int64_t>; // "2025-W10 closed"

using lines = std::vector<std::string>;

// What is not the same in both.
lines differences(const counts& right, const counts& found) {
    lines out;
    auto names = right;
    names.insert(found.begin(), found.end());
    auto in = [](const counts& all, const std::string& name) { return all.contains(name) ? std::to_string(all.at(name)) : "nothing"; };
    for (const auto& [name, value] : names)
        if (in(right, name) != in(found, name)) out.push_back(name + ": " + in(found, name) + ", was " + in(right, name));
    return out;
}

// The sum of a measure over the weeks.
std::int64_t in_weeks(const counts& all, const std::string& measure) {
    std::int64_t out = 0;
    for (const auto& [name, value] : all)
        if (name.find("-W") != std::string::npos && name.ends_with(" " + measure)) out += value;
    return out;
}

// A base in which everything was counted as the server does.
struct counted_base {
    running_server server{kind()};

    // While no server runs.
    template <class Visit> auto write(Visit visit) {
        auto database = model::open_database(server.database());
        struct stopping {
            model::database& of;
            ~stopping() { of.stop(); }
        } last{*database};
        return database->write_now(visit);
    }
    counted_base() {
        server.start(); // which prepares the folder and the tables
        REQUIRE(server.stop() == 0);
        write([](soci::session& sql) {
            for (int i = 0; i < people; ++i) live(sql, i);
        });
        while (write([](soci::session& sql) { return model::figure_facts::follow(sql, model::system_now()); }) > 0) {
        }
        while (write([](soci::session& sql) { return model::call_counts::advance(sql, model::system_now()); })) {
        }
    }
    // A ticket and a call of a day, some answered, closed and rated.
    static void live(soci::session& sql, int number) {
        auto at = long_ago + 24h * (number % days);
        auto contact = sample_contact(number + 1);
        contact.requester.birth_name.clear(), contact.requester.birth_date.clear(); // somebody else each time, whoever looks
        contact.requester.phone.clear();
        contact.channel = number % 4 ? "web_form" : "letter", contact.answer_before = "2025-03-12";
        model::tickets::action on{model::tickets::open(sql, contact, citizen_actor(), at).reference, 0, agent_actor(), at + 26h};
        if (number % 3) model::tickets::reply(sql, on, "Voici.");
        if (number % 5) model::tickets::close(sql, on, "answered", "");
        if (number % 5 > 1) model::tickets::rate(sql, on, number % 11, "");
        model::call what;
        what.outcome = number % 3 ? "answered" : "missed", what.state = "ended", what.wait_s = number * 3;
        what.started_at_us = model::seconds(at) * 1'000'000, what.ended_at_us = what.started_at_us + 200'000'000;
        if (number % 3) what.answered_at_us = what.started_at_us + *what.wait_s * 1'000'000;
        model::calls::add(sql, what, {}, at);
    }
    // Every measure of eight weeks, and of each of their days.
    counts numbers() {
        return write([](soci::session& sql) {
            counts out;
            model::time_span over{long_ago - 24h * 7, long_ago + 24h * 49};
            for (const auto* unit : {"week", "day"})
                for (const auto& each : model::figures::periods(over, unit, 100))
                    for (const auto& [name, value] : model::figures::measure_settled(sql, each.span, model::system_now()))
                        out[each.key + " " + name] = value;
            return out;
        });
    }
    // Rows changed, lost and made up, in all that the command counts again from the tickets.
    void spoil() {
        write([](soci::session& sql) {
            for (const char* what :
                 {"UPDATE figure_fact SET closed_at = NULL, is_fast = 1 - is_fast WHERE ticket_id % 3 = 0",
                  "DELETE FROM figure_fact WHERE ticket_id % 5 = 1", "UPDATE figure_fact SET ticket_id = 90001 WHERE ticket_id = 7",
                  "UPDATE ticket SET first_reply_at = NULL WHERE id % 7 = 2", // as before the words of a closing counted
                  "UPDATE figure_sum SET counted = counted + 3 WHERE name = 'closed'", "DELETE FROM figure_sum WHERE name = 'received'",
                  "INSERT INTO figure_sum (name, day_at, counted) VALUES ('rated', 1739919600, 9)"})
                if (model::sql::change(sql, what) == 0) throw std::runtime_error(std::string("nothing to spoil: ") + what);
        });
    }
    void spoil_calls() {
        write([](soci::session& sql) { model::sql::change(sql, "UPDATE call_count SET offered = offered + 5, fast = 0"); });
    }
};

int status_of(std::vector<std::string> words, const std::string& errors) {
    words.insert(words.begin(), built("relais"));
    process child(words, {.environment = {}, .directory = {}, .error_file = errors});
    child.read_all();
    return child.wait();
}

std::string text_of(const std::string& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

TEST_CASE("figures that were spoilt are the same again after `figures rebuild`, without the server and beside it", "[command]") {
    counted_base base;
    auto right = base.numbers();
    REQUIRE(in_weeks(right, "received") == people);
    REQUIRE(in_weeks(right, "closed") == people * 4 / 5);
    REQUIRE(in_weeks(right, "calls.offered") == people);
    base.spoil(), base.spoil_calls();
    CHECK(differences(right, base.numbers()).size() > 50);
    CHECK(base.server.command("figures rebuild") == "40 tickets counted");
    CHECK(differences(right, base.numbers()) == lines{});
    base.spoil(); // and no call: the server forgets those of a year ago, and their counts, which nothing can make again, stay
    CHECK(differences(right, base.numbers()).size() > 50);
    base.server.start();
    CHECK(base.server.command("figures rebuild") == "40 tickets counted");
    REQUIRE(base.server.stop() == 0);
    CHECK(differences(right, base.numbers()) == lines{});
}

TEST_CASE("`share` writes no week in which nobody had written, nor one out of its turn", "[command]") {
    counted_base base;
    temporary_folder folder;
    auto share = [&](const std::string& week) { base.server.command("share --week " + week + " --out " + folder.path("out")); };
    CHECK_THROWS(share("2016-W48"));
    share("2025-W10");
    CHECK_THROWS(share("2025-W12"));
    share("2025-W11");
    share("2025-W10"); // as it was
    auto weeks = base.write([](soci::session& sql) { return model::weekly_shares::weeks(sql); });
    CHECK(weeks == std::vector<std::string>{"2025-W10", "2025-W11"});
}

TEST_CASE("`figures rebuild` refuses words it does not know and a place that is no data directory", "[command]") {
    temporary_folder folder;
    auto errors = folder.path("errors.txt"), data = folder.path("data");
    CHECK(status_of({"figures", "--data", data}, errors) == 2);
    CHECK(status_of({"figures", "forget", "--data", data}, errors) == 2);
    CHECK(status_of({"figures", "rebuild", "--week", "2026-W47", "--data", data}, errors) == 2);
    CHECK(status_of({"figures", "rebuild", "2026-W47", "--data", data}, errors) == 2);
    CHECK(status_of({"figures", "rebuild", "--data", data}, errors) == 1); // a mistyped name
    CHECK(text_of(errors).find("--data") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(data)); // nothing was begun
    std::ofstream(data) << "a file";
    CHECK(status_of({"figures", "rebuild", "--data", data}, errors) == 1);
    CHECK(text_of(errors).find(data) != std::string::npos);
    CHECK(text_of(data) == "a file");
}
