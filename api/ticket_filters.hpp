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

// status, department, procedure, category, queue (a team), waiting_reason, assignee (me, none, a number; or mine), incident, late, sort. A
// code that does not exist is a fault, so that a mistyped filter is not an empty queue.
model::queue_filter read(const request& request, std::vector<model::field_fault>& faults);

// The filters of a query, and that query with nothing else in it. Throws: malformed, invalid.
struct view {
    model::queue_filter filter;
    std::string query;
};
// The request for the queue with these filters, by the same person.
request queue_of(const request& request, std::string_view query);
view read_query(const request& request, std::string_view query);
// The same, of what may be kept under a name, taken from, or acted on as a whole. Throws: invalid on "view" when it is no view.
view read_view(const request& request, std::string_view query);
// False when the list is narrowed by words searched for, a dossier or a moment, which no filter holds: it is not the list that the view
// would give.
bool is_view(const std::map<std::string, std::string, std::less<>>& parameters);

// Whether a list of the queue may be sorted by it.
bool is_order(std::string_view sort);

// "12"; "999+" where counting stopped.
std::string count_shown(std::int64_t count);

struct counts {
    std::int64_t total = 0, mine = 0, late = 0;
};
// What the page shows around the lines: the choices of each filter with the present one, the counts ("999+"), the address of the next page.
void add_to_page(nlohmann::json& data, const request& request, const counts& how_many);

} // namespace relais::api::ticket_filters
