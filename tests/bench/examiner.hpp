// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "tests/support/query_plan.hpp"
#include "tests/support/statement_log.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace relais::bench {

// Tables that grow with the tickets and the dossiers: none may be read from one end to the other for a page.
constexpr auto large = std::to_array<std::string_view>({"ticket", "dossier", "citizen", "message", "event", "report", "ticket_dossier",
                                                        "dossier_snapshot", "outbox", "ticket_clock", "figure_fact", "phone_call",
                                                        "callback", "attachment", "requester", "about"});

// The statement without its values, to tell it from others.
inline std::string shape_of(const std::string& statement) {
    std::string out;
    for (std::size_t i = 0; i < statement.size(); ++i) {
        auto each = statement[i];
        if (each == '\'') {
            i = std::min(statement.size(), statement.find('\'', i + 1));
            out += "''";
        } else if (each >= '0' && each <= '9') {
            if (out.empty() || out.back() != '#') out += '#';
        } else
            out += each;
    }
    return out;
}

// What people read of it: the tables and what is asked of them.
inline std::string tail_of(const std::string& shape) {
    constexpr std::size_t most = 150;
    auto from = shape.starts_with("SELECT") ? shape.find(" FROM ") : 0;
    return shape.substr(from == std::string::npos ? 0 : from, most);
}

// How much one statement may read: steps of SQLite's machine, some ten a row; rows and index entries of MariaDB.
struct reading_limit {
    std::int64_t steps_sqlite, rows_mariadb;
};

// The statements of some work, each shape once, with its plan and what it costs alone. tests::statement_log::watch() goes before the first
// connection.
class examiner {
public:
    examiner(const model::database_options& of, reading_limit limit) : of_(of), limit_(limit), log_(of) {}
    // False when a statement reads more than the limit, or a large table from one end to the other.
    template <class Work> bool examine(const std::string& name, Work work) {
        log_.start();
        work();
        auto is_good = true;
        std::printf("%s\n", name.c_str());
        auto all = log_.stop();
        std::map<std::string, int> times;
        for (const auto& each : all) ++times[shape_of(each)];
        for (const auto& each : all)
            if (known_.insert(shape_of(each)).second && !each.starts_with("INSERT"))
                is_good = look_at(each, times[shape_of(each)]) && is_good;
        std::fflush(stdout);
        return is_good;
    }

private:
    bool look_at(const std::string& statement, int times) {
        auto plan = tests::plan_of(of_, statement);
        auto is_query = statement.starts_with("SELECT");
        auto cost = is_query ? tests::cost_of(of_, statement) : tests::query_cost{};
        auto is_large = [](const std::string& table) { return std::find(large.begin(), large.end(), table) != large.end(); };
        auto is_dear = cost.steps > (of_.is_mariadb() ? limit_.rows_mariadb : limit_.steps_sqlite);
        constexpr std::int64_t few = 1000; // rows, of a table that grew little in the bench: no database looks for an index there
        auto is_bad = is_dear || (cost.steps > few && std::any_of(plan.read_whole.begin(), plan.read_whole.end(), is_large));
        std::printf("  %8.2f ms %9lld steps %5d times %s%s\n", cost.ms, static_cast<long long>(cost.steps), times,
                    tail_of(shape_of(statement)).c_str(), is_bad ? "  TOO DEAR" : "");
        for (const auto& each : plan.lines) std::printf("%30s%s\n", "", each.c_str());
        return !is_bad;
    }

    model::database_options of_;
    reading_limit limit_;
    tests::statement_log log_;
    std::set<std::string> known_;
};

} // namespace relais::bench
