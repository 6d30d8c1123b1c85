// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar_week.hpp"
#include "model/event.hpp"

#include <nlohmann/json.hpp>
#include <soci/soci.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// What is shared with the product owner about one ISO week of Paris: written once, the same bytes for ever, cited by its hash.
struct weekly_share {
    std::int64_t id = 0;
    std::string week; // "2026-W47"
    sys_seconds from_at, until_at, made_at;
    std::string made_by, sha256, body; // JSON
    static constexpr auto columns = "id, week, from_at, until_at, made_at, made_by, sha256, body";
    auto fields() { return std::tie(id, week, from_at, until_at, made_at, made_by, sha256, body); }
};

// One line of the list: without its body.
struct weekly_share_line {
    std::int64_t id = 0;
    std::string week;
    sys_seconds from_at, until_at, made_at;
    std::string sha256;
    std::optional<sys_seconds> acknowledged_at;
    std::int64_t decisions = 0;
    auto fields() { return std::tie(id, week, from_at, until_at, made_at, sha256, acknowledged_at, decisions); }
};

struct share_acknowledgement {
    std::string actor_name;
    sys_seconds made_at;
    auto fields() { return std::tie(actor_name, made_at); }
};

namespace weekly_shares {

constexpr std::string_view lease_name = "weekly_share";
constexpr int default_hour = 8; // of Monday, Paris

// The earlier of a machine's clock and the database's, which every node shares: one that runs ahead ends no week.
sys_seconds agreed_now(soci::session& sql, sys_seconds now);

// The first week without a share after the first share; nothing when there is none. Each share says what is new since those before it, so
// they are written in the order of their weeks.
std::optional<calendar_week> following(soci::session& sql);
// Whether anybody had written by a week's end.
bool has_tickets(soci::session& sql, calendar_week week);

// The week whose turn it is: the first without a share after the first share, or, when there is none yet, the last that ended, if anybody
// had written by its end. Nothing before its Monday at that hour.
std::optional<calendar_week> due(soci::session& sql, int hour, sys_seconds now);
// From when a week's share may be written.
sys_seconds published_at(calendar_week week, int hour);

// Writes the share of a week that has ended. Throws: conflict("conflict.share_made") when it exists; invalid on "week" when the week has
// not ended.
weekly_share make(soci::session& sql, calendar_week week, std::string_view made_by, sys_seconds now);
// The same in two visits, so that nobody waits for the writer while a share is composed: a body that compose() gave, written.
weekly_share freeze(soci::session& sql, calendar_week week, std::string body, std::string_view made_by, sys_seconds now);

// The body that `make` would freeze. Throws: invalid on "week" when the week has not ended.
nlohmann::json compose(soci::session& sql, calendar_week week, sys_seconds now);

weekly_share get(soci::session& sql, std::int64_t id);
// Throws: not_found.
weekly_share get(soci::session& sql, std::string_view week);
std::optional<weekly_share> find(soci::session& sql, std::string_view week);
// The last week first. before: weeks before this one; empty: from the last.
std::vector<weekly_share_line> list(soci::session& sql, std::string_view before, int limit);
// Those of a year of weeks, the first first.
std::vector<weekly_share_line> of_year(soci::session& sql, int year);
// The weeks that have a share, the first first.
std::vector<std::string> weeks(soci::session& sql);
// The first and the last year of weeks that have a share; zeroes: none has.
std::pair<int, int> years(soci::session& sql);

// The bodies of the shares of earlier weeks, the last first.
std::vector<std::string> earlier_bodies(soci::session& sql, sys_seconds before, int limit);
// Their hashes.
std::vector<std::string> hashes(soci::session& sql, sys_seconds before, int limit);
// The week of the share before or after this one; empty when there is none.
std::string neighbour(soci::session& sql, const weekly_share& of, bool after);

// Says that it was read. The same person twice, by an account or by the link mailed to its address, is once: false the second time.
bool acknowledge(soci::session& sql, std::int64_t id, const actor& who, sys_seconds now);
std::vector<share_acknowledgement> acknowledgements(soci::session& sql, std::int64_t id);

} // namespace weekly_shares

} // namespace relais::model
