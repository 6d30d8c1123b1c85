// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <nlohmann/json.hpp>
#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// Something that a colleague is told about a ticket, on the page of alerts and perhaps by mail: a clock, a reminder, a rule.
struct staff_notice {
    std::int64_t id = 0, ticket_id = 0;
    std::string kind;      // clock_warning, clock_breach, clock_escalation, waiting, rule
    std::string data;      // JSON, names nobody: {"clock": "answer", "percent": 100}
    std::string reference; // of the ticket
    sys_seconds created_at;
    std::optional<sys_seconds> seen_at;
    auto fields() { return std::tie(id, ticket_id, kind, data, reference, created_at, seen_at); }
};

namespace staff_notices {

constexpr int page_limit = 50, kept_days = 90;

// Whom a ticket's alerts go to. The assignee; or the supervisors of its team, of all teams when it has none. Disabled accounts never.
struct colleague {
    std::int64_t id = 0;
    std::string email;
    auto fields() { return std::tie(id, email); }
};
std::vector<colleague> assignee(soci::session& sql, std::int64_t ticket_id);
std::vector<colleague> supervisors(soci::session& sql, std::int64_t ticket_id);
// The assignee, or the supervisors while the ticket is nobody's.
std::vector<colleague> in_charge(soci::session& sql, std::int64_t ticket_id);

struct what {
    std::string unique; // told once a colleague: "clock:42:answer:100"
    std::string kind;
    nlohmann::json data;
    bool by_mail = false;
};
// Tells them, each once. True when a mail waits in the outbox.
bool tell(soci::session& sql, std::int64_t ticket_id, const what& news, const std::vector<colleague>& whom, sys_seconds now);

// What a colleague was told, newest first; `before`: older than that notice.
std::vector<staff_notice> of(soci::session& sql, std::int64_t user, std::optional<std::int64_t> before = {});
// How many are not seen, up to page_limit.
std::int64_t unseen(soci::session& sql, std::int64_t user);
// Seen by them: one, or all when nothing is named.
void mark_seen(soci::session& sql, std::int64_t user, std::optional<std::int64_t> id, sys_seconds now);
// Forgets what is older than kept_days; the ticket's history keeps what happened. Returns how many.
std::int64_t purge(soci::session& sql, sys_seconds now);

} // namespace staff_notices
} // namespace relais::model
