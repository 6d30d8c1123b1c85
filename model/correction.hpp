// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/incident_actions.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace relais::model {

// One thing a person said about the grouping. kind: attach, detach, refuse, merge, split, dismiss.
struct correction {
    std::int64_t id = 0;
    std::string kind;
    std::int64_t incident_id = 0;
    std::optional<std::int64_t> other_id, undoes_id;
    sys_seconds made_at;
    std::optional<sys_seconds> undone_at;
    static constexpr auto columns = "id, kind, incident_id, other_id, undoes_id, made_at, undone_at";
    auto fields() { return std::tie(id, kind, incident_id, other_id, undoes_id, made_at, undone_at); }
};

// The rows of what people say, and what each does to a ticket. For model/incident_corrections.cpp and model/incident_undo.cpp only.
namespace corrections {

// Throws: not_found.
correction get(soci::session& sql, std::int64_t id);
// Returns its number. state_before: of the incident, for undoing. undoes: another correction.
std::int64_t remember(soci::session& sql, const incidents::action& act, std::string_view kind, std::optional<std::int64_t> other = {},
                      std::string_view state_before = "", std::optional<std::int64_t> undoes = {});
void remember_ticket(soci::session& sql, std::int64_t correction, std::int64_t ticket, std::optional<std::int64_t> from,
                     std::optional<std::int64_t> to);
// A person's placement; the ticket's own history tells it too, and if it waits for an incident it waits for the one it is in.
void move(soci::session& sql, const incidents::action& act, std::int64_t ticket, std::optional<std::int64_t> from,
          std::optional<std::int64_t> to);
// While those are looked for whom a regression is told to, none of them goes elsewhere: they would not be told, and no other regression
// would take the same fix back. Throws: conflict("conflict.regression").
void let_regression_end(soci::session& sql, std::int64_t incident);

} // namespace corrections

} // namespace relais::model
