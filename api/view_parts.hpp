// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/views.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

// What several views are made of. For api/*view*.cpp only.
namespace relais::api::views {

// A code under its name and, for people, its words under <name>_label.
void add_code(nlohmann::json& to, const lens& through, const std::string& name, std::string_view family, const std::string& code);
// An instant in RFC 3339 or null and, for people, <name>_shown on the clock of Paris.
void add_moment(nlohmann::json& to, const lens& through, const std::string& name, std::optional<std::chrono::sys_seconds> at);
// "3 j", "5 h", "12 min": roughly how long.
std::string duration(std::chrono::seconds time, const lens& through);
// For people: `age`, and for a ticket that is not closed `due` in words, `is_late`, `is_soon` (within a day).
void add_age_and_due(nlohmann::json& to, const lens& through, std::string_view status, std::chrono::sys_seconds received_at,
                     std::chrono::sys_seconds due_at);
// What the form noticed ("neph_suspect phone_suspect"), each with its sentence for people.
nlohmann::json flags(const std::string& text, const lens& through);

} // namespace relais::api::views
