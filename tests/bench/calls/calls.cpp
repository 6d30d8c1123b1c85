// SPDX-License-Identifier: EUPL-1.2
// A year of calls: how long the figures, the log and the search of it take: bench_calls [calls]. RELAIS_TEST_DATABASE chooses the database.
// Ends with 1 when something takes more than its limit.
#include "model/call.hpp"
#include "model/call_count.hpp"
#include "model/sql_bulk.hpp"
#include "tests/support/temporary_database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace {

using namespace relais::model;
using namespace std::chrono_literals;

constexpr sys_seconds now{std::chrono::seconds{1'796'022'000}}; // a Monday morning
constexpr int days = 365, opening_hours = 8, teams = 5, agents = 60;
constexpr std::size_t columns = 19, rows_at_once = 500;
constexpr std::int64_t rows_a_visit = 10'000;
constexpr auto outcomes = std::to_array<const char*>(
    {"answered", "answered", "answered", "answered", "answered", "answered", "answered", "answered", "abandoned", "missed", "busy"});
int beyond_limits = 0;

// One call in the opening hours of a working day. "-1" stands for what is absent.
void add_row(std::vector<std::string>& rows, std::mt19937& random, std::int64_t number) {
    auto day = now - 24h * (1 + static_cast<int>(random() % days)) - 7h - 20min;                       // 9 h in Paris, in winter
    while (std::chrono::floor<std::chrono::days>(day).time_since_epoch().count() % 7 >= 5) day -= 24h; // whichever five days
    auto started_us = seconds(day + std::chrono::seconds(static_cast<int>(random() % (opening_hours * 3600U)))) * 1'000'000;
    auto outcome = std::string(outcomes[random() % outcomes.size()]);
    auto is_answered = outcome == "answered";
    auto wait_s = static_cast<std::int64_t>(random() % 150);
    auto answered_us = started_us + wait_s * 1'000'000;
    auto ended_us = answered_us + (is_answered ? static_cast<std::int64_t>(30 + random() % 500) * 1'000'000 : 0);
    auto phone = fmt::format("+336{:08}", random() % 30'000'000);
    auto text = [&rows](std::string value) { rows.push_back(std::move(value)); };
    text(fmt::format("{:024x}", number)), text("in"), text(phone), text(phone), text(std::string(phone.rbegin(), phone.rend()));
    text("3400"), text("permis"), text("ended"), text(std::to_string(started_us)), text(is_answered ? std::to_string(answered_us) : "-1");
    text(std::to_string(ended_us)), text(std::to_string(wait_s)), text(outcome), text("hangup");
    text(is_answered ? std::to_string(1 + random() % agents) : "-1"), text(is_answered ? "Camille Martin" : "");
    text(std::to_string(1 + random() % teams)), text(std::to_string(number)), text("1");
}

void fill(database& into, std::int64_t calls) {
    std::mt19937 random{7};
    for (std::int64_t first = 0; first < calls; first += rows_a_visit) {
        into.write_now([&](soci::session& sql) {
            for (auto next = first; next < std::min(calls, first + rows_a_visit);) {
                std::vector<std::string> rows;
                for (std::size_t i = 0; i < rows_at_once && next < calls; ++i) add_row(rows, random, next++);
                sql::change_bulk(sql,
                                 "INSERT INTO phone_call (public_id, direction, phone, phone_given, phone_reversed, line, queue, state, "
                                 "started_at_us, answered_at_us, ended_at_us, wait_s, outcome, ended_by, agent_id, agent_name, team_id, "
                                 "ticket_id, version) VALUES " +
                                     sql::placeholder_rows(rows.size() / columns, columns),
                                 rows);
            }
        });
    }
    into.write_now([](soci::session& sql) {
        sql::change(sql, "UPDATE phone_call SET answered_at_us = NULL WHERE answered_at_us = -1");
        sql::change(sql, "UPDATE phone_call SET agent_id = NULL WHERE agent_id = -1");
    });
}

template <class Work> void took(const std::string& what, Work work, double limit_s = 0) {
    auto start = std::chrono::steady_clock::now();
    auto result = work();
    auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    auto is_beyond = limit_s > 0 && seconds > limit_s;
    beyond_limits += is_beyond ? 1 : 0;
    std::printf("%-58s %9.1f ms  %s%s\n", what.c_str(), seconds * 1000, result.c_str(), is_beyond ? "  BEYOND ITS LIMIT" : "");
    std::fflush(stdout);
}

void time_figures(database& of, const std::string& how, double limit_s) {
    auto year = [&] {
        auto found = of.read_now([](soci::session& sql) { return call_stats::between(sql, now - 24h * (days + 1), now); });
        return fmt::format("{} calls, {} days, {} hours, {} teams", found.whole.offered, found.by_day.size(), found.by_hour.size(),
                           found.by_team.size());
    };
    took("K1 to K3 of a year, " + how, year, limit_s);
    auto fortnight = [&] {
        auto found = of.read_now([](soci::session& sql) { return call_stats::between(sql, now - 24h * 14, now); });
        return fmt::format("{} calls", found.whole.offered);
    };
    took("K1 to K3 of two weeks, " + how, fortnight, limit_s);
}

// The page that begins after a share of the year.
std::string cursor_at(database& of, double share) {
    auto at = seconds(now - std::chrono::duration_cast<std::chrono::seconds>(24h * days * share)) * 1'000'000;
    auto id = of.read_now([at](soci::session& sql) {
        return sql::first<std::int64_t>(sql, "SELECT id FROM phone_call WHERE started_at_us <= :at ORDER BY started_at_us DESC LIMIT 1",
                                        at);
    });
    return fmt::format("c{}.{}", at, id.value_or(0));
}

void time_log(database& of) {
    constexpr double limit_s = 0.2;
    auto page = [&of](const call_filter& filter, const std::string& after) {
        auto found = of.read_now([&](soci::session& sql) { return calls::list(sql, filter, after, 50); });
        return fmt::format("{} lines", found.lines.size());
    };
    took(
        "the log, first page", [&] { return page({}, ""); }, limit_s);
    for (double share : {0.5, 0.99})
        took(
            fmt::format("the log, page after {:.0f} % of the year", share * 100), [&] { return page({}, cursor_at(of, share)); }, limit_s);
    call_filter ending, lost, mine, rare;
    ending.phone_ending = "4711", lost.only_lost = true, mine.agent_id = 7, rare.phone_ending = "47";
    took(
        "the log, numbers that end in 4711", [&] { return page(ending, ""); }, limit_s);
    took(
        "the log, numbers that end in 47", [&] { return page(rare, ""); }, limit_s);
    took(
        "the log, lost calls", [&] { return page(lost, ""); }, limit_s);
    took(
        "the log, calls of one colleague", [&] { return page(mine, ""); }, limit_s);
    call_filter of_march;
    of_march.from = now - 24h * 260, of_march.to = now - 24h * 230;
    took(
        "the log, a month of long ago", [&] { return page(of_march, ""); }, limit_s);
}

// How the database goes about the statements of model/call.cpp: no page may read the whole log.
void print_plans(database& of) {
    constexpr std::pair<const char*, const char*> statements[] = {
        {"first page", "SELECT id FROM phone_call ORDER BY started_at_us DESC, id DESC LIMIT 201"},
        {"deep page",
         "SELECT id FROM phone_call WHERE started_at_us <= 1780000000000000 AND (started_at_us < 1780000000000000 OR id < 9000) "
         "ORDER BY started_at_us DESC, id DESC LIMIT 201"},
        {"end of number", "SELECT id FROM phone_call WHERE phone_reversed >= '1174' AND phone_reversed < '1174:' "
                          "ORDER BY started_at_us DESC, id DESC LIMIT 201"},
        {"of a ticket", "SELECT id FROM phone_call WHERE ticket_id = 7 ORDER BY started_at_us DESC, id DESC LIMIT 201"},
        {"counts", "SELECT starts_at, waits FROM call_count WHERE starts_at >= 1 AND starts_at < 2000000000 ORDER BY starts_at, team_id"}};
    for (const auto& [name, text] : statements) {
        auto line = of.read_now([&, text = std::string(text)](soci::session& sql) -> std::string {
            if (sql.get_backend_name() != "mysql")
                return std::get<3>(*sql::first<std::tuple<int, int, int, std::string>>(sql, "EXPLAIN QUERY PLAN " + text));
            using word = std::optional<std::string>;
            auto plan = *sql::first<std::tuple<int, word, word, word, word, word, word, word, word, word>>(sql, "EXPLAIN " + text);
            return fmt::format("{}, index {}, {} rows, {}", std::get<3>(plan).value_or("?"), std::get<5>(plan).value_or("none"),
                               std::get<8>(plan).value_or("?"), std::get<9>(plan).value_or(""));
        });
        std::printf("plan of %-50s %s\n", name, line.c_str());
    }
}

} // namespace

int main(int count, char** words) {
    auto calls = count > 1 ? std::atoll(words[1]) : 500'000;
    relais::tests::temporary_database database;
    took("filling", [&] { return fill(*database, calls), fmt::format("{} calls", calls); });
    time_figures(*database, "from the calls", 0);
    took("writing the counts down", [&] {
        int weeks = 1;
        while (database->write_now([](soci::session& sql) { return call_counts::advance(sql, now); })) ++weeks;
        return fmt::format("{} visits", weeks);
    });
    time_figures(*database, "written down", 1);
    time_log(*database);
    print_plans(*database);
    return beyond_limits > 0 ? 1 : 0;
}
