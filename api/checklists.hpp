// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"
#include "model/checklist_step.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace relais::api {

// POST /console/tickets/{reference}/steps {shown[], steps[]}: the steps of its checklists that the page showed as done, and those ticked.
asio::awaitable<reply> post_steps(const request& request, app& app);

namespace checklists {

// The lists that a ticket needs, for its page: {title, steps: [{code, label, is_done, by, at}]}.
nlohmann::json shown(const std::string& share_dir, const model::ticket& on, const std::vector<model::checklist_step>& done,
                     std::string_view language);
// What a step says; its code when the list is gone.
std::string label_of(const std::string& share_dir, std::string_view step, std::string_view language);

} // namespace checklists

} // namespace relais::api
