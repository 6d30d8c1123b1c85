// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/broadcast.hpp"
#include "model/sql.hpp"
#include "tests/support/incident_office.hpp"

#include <cstdint>
#include <string>

namespace relais::tests {

// An incident whose people are told, page after page.
struct broadcast_office : incident_office {
    std::int64_t number = incident(), id = 0;

    std::int64_t report_by(const std::string& email, const std::string& address = "") {
        auto made_by = ticket([&](model::contact& from) { from.requester.email = email, from.requester.postal_address = address; });
        link(made_by, number);
        return made_by;
    }
    void begin(const std::string& kind = "fix", std::int64_t per_minute = 60) {
        id = write([&](soci::session& sql) { return model::broadcasts::start(sql, by(number), kind, "C’est corrigé.", per_minute); });
    }
    bool next(int limit) {
        return write([&](soci::session& sql) { return model::broadcasts::queue_next(sql, id, limit, now); });
    }
    void queue(int limit = 2) {
        while (next(limit)) {
        }
    }
    std::string key() const { return "unique_key LIKE 'broadcast:" + std::to_string(id) + ":%'"; }
    // As the mailer does for those that are due.
    void deliver() {
        write([&](soci::session& sql) {
            model::sql::change(
                sql, "UPDATE outbox SET state = 'sent', sent_at = next_at WHERE " + key() + " AND state = 'waiting' AND next_at <= :t",
                now);
        });
    }
    // The broadcast that a regression begins.
    void regress() {
        write([&](soci::session& sql) { model::incidents::regress(sql, by(number), {{"tickets", 3}}); });
        id = read([&](soci::session& sql) { return model::broadcasts::of_incident(sql, number).at(0).id; });
    }
    model::broadcasts::progress progress() {
        return read([&](soci::session& sql) { return model::broadcasts::progress_of(sql, model::broadcasts::get(sql, id)); });
    }
};

} // namespace relais::tests
