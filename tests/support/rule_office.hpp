// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar_book.hpp"
#include "model/error.hpp"
#include "model/rule_firing.hpp"
#include "model/rule_job.hpp"
#include "model/rule_trial.hpp"
#include "model/sql.hpp"
#include "model/ticket_actions.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <string>

namespace relais::tests {

// A centre with two teams, an agent, a supervisor and rules.
struct rule_office {
    temporary_database database;
    model::calendar centre = model::calendar_books::load("config/calendars.json").centre;
    model::rule_job job{*database, centre, "node-1"};
    model::sys_seconds now = monday;
    std::int64_t north = add_team("north"), south = add_team("south");
    std::int64_t anne = add_user("anne", "agent"), chief = add_user("chief", "supervisor");
    const model::actor author{"staff", chief, "Chief", {}};

    rule_office() { run(); }

    template <class Visit> auto write(const Visit& visit) { return database->write_now(visit); }

    std::int64_t add_team(const std::string& code) {
        return write([&](soci::session& sql) {
            return model::sql::insert(sql, "INSERT INTO team (code, name) VALUES (:code, :name)", code, "Team " + code);
        });
    }
    std::int64_t add_user(const std::string& login, const std::string& role) {
        return write([&](soci::session& sql) {
            return model::sql::insert(sql,
                                      "INSERT INTO user_account (login, name, role, password_hash, created_at, password_changed_at) "
                                      "VALUES (:login, :name, :role, 'x', 0, 0)",
                                      login, login, role);
        });
    }
    std::int64_t add(const model::rule_text& what) {
        return write([&](soci::session& sql) { return model::rules::add(sql, what, author, now); });
    }
    std::string open(const model::contact& from) {
        return write([&](soci::session& sql) { return model::tickets::open(sql, from, citizen_actor(), now).reference; });
    }
    std::string open(int number = 1) { return open(sample_contact(number)); }
    template <class Action> void act(const std::string& reference, const Action& what) {
        write([&](soci::session& sql) { what(sql, model::tickets::action{reference, 0, {"staff", anne, "Anne", "conseillère"}, now}); });
    }
    void run() { run(job); }
    void run(model::rule_job& by) const {
        while (by.step(now)) {
        }
    }
    void pass(std::chrono::seconds time) { now += time, run(); }
    model::ticket get(const std::string& reference) {
        return database->read_now([&](soci::session& sql) { return model::tickets::get(sql, reference); });
    }
    std::int64_t count(const std::string& what) {
        return database->read_now(
            [&](soci::session& sql) { return *model::sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + what); });
    }
};

// A rule that leaves a note at each new ticket.
inline model::rule_text noting(const std::string& note = "Vu") {
    model::rule_text out;
    out.title = "Noter " + note, out.event = "opened", out.then.note = note;
    return out;
}

} // namespace relais::tests
