// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace relais::model {

// Which tickets are asked for; empty members do not matter.
struct queue_filter {
    // "active": new and open; "unclosed": those and the waiting; one status; or empty: all
    std::string status = "active";
    std::string department, procedure, category, team, waiting_reason;
    // "due", "legal" (deadlines; both only where no closed ticket is), "oldest", "newest", "touched" (last changed first); else: see list
    std::string order;
    std::optional<std::int64_t> assignee, dossier_id, incident;
    bool unassigned = false;
    std::optional<sys_seconds> due_before;
    std::optional<sys_seconds> updated_since;
};

// One line of a list.
struct queue_line {
    std::int64_t id = 0;
    std::string reference, channel, status, waiting_reason, department, procedure_code, category, category_state, legal_nature, subject;
    sys_seconds received_at, due_at, updated_at;
    std::string flags, mail_state, dossier_link, dossier_status, requester, assignee;
    std::optional<std::int64_t> assignee_id;
    std::int64_t version = 1;
    sys_seconds legal_at; // the end of the first legal deadline of its dossier; legal_clocks::never: none
    std::optional<std::int64_t> team_id;

    auto fields() {
        return std::tie(id, reference, channel, status, waiting_reason, department, procedure_code, category, category_state, legal_nature,
                        subject, received_at, due_at, updated_at, flags, mail_state, dossier_link, dossier_status, requester, assignee,
                        assignee_id, version, legal_at, team_id);
    }
};

struct queue_page {
    std::vector<queue_line> lines;
    std::string next; // where the next page begins; empty: this was the last
};

namespace ticket_queue {

constexpr int page_limit = 200;
constexpr std::int64_t count_limit = 1000;

// The tickets of a filter in the order asked for; else the most urgent first; the last touched last when updated_since is given; the newest
// first (closed, all).
// after: the `next` of the page before, never an offset, so that every page costs the same. Throws: invalid on "after".
queue_page list(soci::session& sql, const queue_filter& filter, std::string_view after, int limit);

// Those of these tickets (what a search found) that the filter lets pass, in the order given; at most page_limit.
std::vector<queue_line> among(soci::session& sql, const queue_filter& filter, const std::vector<std::int64_t>& ids);

// How many there are, up to count_limit: counting stops there, since nobody reads further.
std::int64_t count(soci::session& sql, const queue_filter& filter);

} // namespace ticket_queue

} // namespace relais::model
