// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/demo/fill.hpp"
#include "model/demo/fill_rows.hpp"

#include <map>
#include <span>

namespace relais::model::demo {

// Turns contacts into rows of the people, the tickets, their messages, links, snapshots and events.
class ticket_rows {
public:
    ticket_rows(const options& wanted, const fill_ways& ways);

    struct written {
        std::uint64_t linked = 0, messages = 0;
    };
    // All of them, in the transaction of the session. May be called again with the same ones after a rollback.
    written write(soci::session& sql, std::span<const demo_ticket> some);

private:
    // The dossier as it is in the mirror.
    struct mirrored {
        std::int64_t id = 0;
        std::string centre;
    };
    struct people {
        std::int64_t requester = 0, subject = 0;
    };
    void take_numbers(soci::session& sql);
    std::map<std::uint64_t, mirrored> find_dossiers(soci::session& sql, std::span<const demo_ticket> some) const;
    people add_people(const demo_ticket& from);
    void add_ticket(const demo_ticket& from, std::int64_t id, const people& who, const mirrored* dossier);
    void add_category(const demo_ticket& from);
    void add_link(const demo_ticket& from, std::int64_t id, const mirrored& dossier);
    void add_messages(const demo_ticket& from, std::int64_t id);
    void add_acknowledgement(const demo_ticket& from, std::int64_t id);
    void add_event(const demo_ticket& from, std::int64_t id, sys_seconds at, std::string_view kind, std::string_view name,
                   std::string_view action, std::string data);

    const options& wanted_;
    const fill_ways& ways_;
    table_rows citizens_, tickets_, links_, snapshots_, messages_, events_, outbox_, queue_;
    std::int64_t next_citizen_ = 0, next_ticket_ = 0;
};

} // namespace relais::model::demo
