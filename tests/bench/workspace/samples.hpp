// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"

#include <string>
#include <vector>

namespace relais::bench {

// A page of the console as people open it: many addresses of one kind, so that no cache of one of them is what is measured.
struct page_kind {
    std::string name;
    double budget_ms = 0; // its p99 (design: 20 for a page, 30 as one types, 100 for words)
    std::vector<std::string> addresses;
};

// The pages of an agent's day, with addresses drawn from the data.
std::vector<page_kind> draw_pages(model::database& from);

} // namespace relais::bench
