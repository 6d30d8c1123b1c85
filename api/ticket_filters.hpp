// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/request.hpp"
#include "model/error.hpp"
#include "model/ticket_queue.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// The filters of the queue, as they stand in its address and in the form above it.
namespace relais::api::ticket_filters {

// status, department, procedure, category, queue (a team), waiting_reason, sort. A code that does not exist is a fault, so that a mistyped
// filter is not an empty queue.
model::queue_filter read(const request& request, std::vector<model::field_fault>& faults);

// The filters of a view's query (parse_query), and that query again with nothing but what a view may hold. Throws: invalid, malformed.
model::queue_filter read_view(const request& request, std::string_view query);
std::string view_query(const std::map<std::string, std::string, std::less<>>& parameters);
std::string view_query(std::string_view query);

// Whether a list of the queue may be sorted by it.
bool is_order(std::string_view sort);

struct counts {
    std::int64_t total = 0, mine = 0, late = 0;
};
// What the page shows around the lines: the choices of each filter with the present one, the counts ("999+"), the address of the next page.
void add_to_page(nlohmann::json& data, const request& request, const counts& how_many);

} // namespace relais::api::ticket_filters
