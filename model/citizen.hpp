// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/person.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model::citizens {

// Writes a person down and returns the row's id. One row a contact: that two contacts are of one person is a finding, never a merge.
// A folded name with its last word first: "kerouedan yann". Empty for a single word.
std::string turned(std::string_view folded_name);

std::int64_t add(soci::session& sql, const person& who, sys_seconds now);

// How mail addresses are compared and searched: their letters without case.
std::string lower_ascii(std::string_view address);

// Rows of people with the same birth name (folded) and birth date, newest first, at most 50.
std::vector<std::int64_t> same_birth(soci::session& sql, const person& who);

// Throws: not_found.
person get(soci::session& sql, std::int64_t id);

} // namespace relais::model::citizens
