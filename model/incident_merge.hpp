// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/incident_corrections.hpp"

#include <cstdint>
#include <optional>

// How whole incidents become one, and come apart. For model/incident_corrections.cpp only.
namespace relais::model::incident_merges {

// Where a later merge, that still stands, carried the tickets of an incident; which merge it was.
std::optional<correction> merged_since(soci::session& sql, std::int64_t incident, std::int64_t after);

// The tickets that a merge took, which are written down in it, become the other incident's, at_once of them a statement.
void carry(soci::session& sql, const correction& merge, sys_seconds now, int at_once);

// The tickets that a merge carried along, and every later one with it, come back in a few statements a page. Like any that
// somebody placed, they are there by a person's word. Whoever calls counts both incidents anew.
void bring_back(soci::session& sql, const incidents::action& act, const correction& merge, int at_once);

} // namespace relais::model::incident_merges
