// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace relais::model::grouping {

using ticket_id = std::int64_t;
using group_id = std::int64_t; // an incident, watched or known

// A structured fact that comes with a ticket: a step, an error code, a browser. The engine knows no name in particular:
// what a field is worth is learned from its values.
struct field {
    std::string name, value;
};

// What the engine reads of a ticket. Missing parts are empty; without `at` whatever depends on age is off.
// language: "fr" or "en"; anything else is read as French.
struct ticket {
    ticket_id id = 0;
    std::optional<sys_seconds> at;
    std::string title, text;
    std::string language = "fr";
    std::vector<field> fields;
};

} // namespace relais::model::grouping
