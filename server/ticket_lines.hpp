// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/grouping/replay.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace relais::server {

// One line of a file of tickets to replay: its name, and the ticket (without an id). Throws std::runtime_error with a reason.
std::pair<std::string, model::grouping::ticket> read_ticket_line(std::string_view line, const std::string& language);

// One line of a feedback file: after which ticket, and what was said then. Throws std::runtime_error with a reason.
std::pair<std::string, model::grouping::correction> read_feedback_line(std::string_view line);

} // namespace relais::server
