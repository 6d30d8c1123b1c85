// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/request.hpp"
#include "model/error.hpp"
#include "model/ticket_queue.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <vector>

// The filters of the queue, as they stand in its address and in the form above it.
namespace relais::api::ticket_filters {

// status, department, procedure, category, queue. A code that does not exist is a fault, so that a mistyped filter is not an empty queue.
model::queue_filter read(const request& request, std::vector<model::field_fault>& faults);

struct counts {
    std::int64_t total = 0, mine = 0, late = 0;
};
// What the page shows around the lines: the choices of each filter with the present one, the counts ("999+"), the address of the next page.
void add_to_page(nlohmann::json& data, const request& request, const counts& how_many);

} // namespace relais::api::ticket_filters
