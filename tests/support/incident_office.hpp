// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/incident_corrections.hpp"
#include "model/report.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "tests/support/dossiers.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace relais::tests {

inline model::actor resolver_actor() { return {"staff", 9, "Paul Renard", "équipe de résolution"}; }

// A base where tickets of different people come in, and short words for what is done to incidents.
struct incident_office {
    temporary_database database;
    model::sys_seconds now = monday;
    int made = 0;

    template <class Function> auto write(Function f) { return database->write_now(f); }
    template <class Function> auto read(Function f) { return database->read_now(f); }

    // A ticket of somebody else each time; what: changes the contact before it is sent.
    template <class Change> std::int64_t ticket(Change what) {
        auto contact = sample_contact(++made);
        contact.requester.birth_name.clear(), contact.requester.birth_date.clear();
        contact.requester.phone.clear();
        what(contact);
        return write([&](soci::session& sql) { return model::tickets::open(sql, contact, citizen_actor(), now).id; });
    }
    std::int64_t ticket() {
        return ticket([](model::contact&) {});
    }

    std::int64_t incident(const std::string& state = "confirmed") {
        return write([&](soci::session& sql) {
            if (state == "watched") return model::incidents::open(sql, {}, {}, now);
            return model::incidents::open(sql, {state, "Date refusée", "software_defect", "AGENCY_PORTAL", "", false}, resolver_actor(),
                                          now);
        });
    }
    model::incidents::action by(std::int64_t number, std::int64_t version = 0) const { return {number, version, resolver_actor(), now}; }
    // The engine attaches, as the leader does.
    bool link(std::int64_t ticket, std::int64_t incident, double score = 0.95) {
        model::placement what;
        what.ticket_id = ticket, what.incident_id = incident, what.score = score, what.engine = "test";
        return write([&](soci::session& sql) { return model::reports::place(sql, what, {}, now); });
    }
    std::int64_t incident_with(int tickets, const std::string& state = "confirmed") {
        auto number = incident(state);
        for (int i = 0; i < tickets; ++i) link(ticket(), number);
        return number;
    }

    model::incident get(std::int64_t number) {
        return read([&](soci::session& sql) { return model::incidents::get(sql, number); });
    }
    model::report report(std::int64_t ticket) {
        return read([&](soci::session& sql) { return *model::reports::find(sql, ticket); });
    }
    std::int64_t count(const std::string& what) {
        return read([&](soci::session& sql) { return *model::sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + what); });
    }
    // The last event of an incident with this action.
    std::int64_t event(std::int64_t incident, const std::string& action) {
        return read([&](soci::session& sql) {
            return *model::sql::first<std::int64_t>(
                sql, "SELECT MAX(id) FROM event WHERE object_kind = 'incident' AND object_id = :id AND action = :action", incident, action);
        });
    }
};

} // namespace relais::tests
