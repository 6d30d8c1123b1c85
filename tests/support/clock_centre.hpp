// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar_book.hpp"
#include "model/clock_job.hpp"
#include "model/sql.hpp"
#include "model/ticket_clock.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace relais::tests {

using namespace relais::model;

inline std::shared_ptr<const clock_book> clocks_of_the_agency() {
    auto centre = calendar_books::load("config/calendars.json").centre;
    return std::make_shared<clock_book>(clock_books::load("config/clocks.json", centre));
}

// A centre with its clocks, an agent and two supervisors, one of them of the team.
struct clock_centre {
    temporary_database database;
    std::shared_ptr<const clock_book> clocks = clocks_of_the_agency();
    clock_job job{*database, clocks, "node-1"};
    sys_seconds now = monday;
    std::int64_t agent = add("camille", "agent", 1), chief = add("chief", "supervisor", 1), other = add("other", "supervisor", 2);
    std::string reference;

    std::int64_t add(const std::string& login, const std::string& role, int team) {
        return database->write_now([&](soci::session& sql) {
            return sql::insert(sql,
                               "INSERT INTO user_account (login, name, role, team_id, email, password_hash, created_at, "
                               "password_changed_at) VALUES (:login, :name, :role, :team, :email, 'x', 0, 0)",
                               login, login, role, team, login + "@centre.test");
        });
    }
    static contact silent() {
        auto out = sample_contact();
        out.is_silent = true; // no acknowledgement is owed
        return out;
    }
    std::string open(const contact& from = silent()) {
        reference = database->write_now([&](soci::session& sql) { return tickets::open(sql, from, citizen_actor(), now).reference; });
        return reference;
    }
    template <class Action> void act(const Action& what) {
        database->write_now([&](soci::session& sql) {
            what(sql, tickets::action{reference, 0, {"staff", agent, "Camille Martin", "conseillère"}, now});
        });
    }
    void run() {
        while (job.step(now)) {
        }
    }
    void pass(std::chrono::seconds time) { now += time, run(); }
    ticket seen() {
        return database->read_now([&](soci::session& sql) { return tickets::get(sql, reference); });
    }
    std::optional<ticket_clock> clock(std::string_view name) {
        auto all = database->read_now([&](soci::session& sql) { return ticket_clocks::of(sql, tickets::get(sql, reference).id); });
        for (const auto& each : all)
            if (each.clock == name) return each;
        return std::nullopt;
    }
    std::int64_t count(const std::string& what) {
        return database->read_now([&](soci::session& sql) { return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + what); });
    }
};

} // namespace relais::tests
