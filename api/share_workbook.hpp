// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/catalogue.hpp"
#include "model/weekly_share.hpp"

#include <string>
#include <string_view>

// A share as a workbook (.xlsx): a sheet a subject, frozen headers, numbers as numbers and dates as dates, charts. Made from the frozen
// body alone, so that it is the same each time.
namespace relais::api::share_workbook {

constexpr auto media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

// Throws std::runtime_error when the file cannot be made.
std::string make(const model::weekly_share& share, const catalogue& texts, std::string_view language);

} // namespace relais::api::share_workbook
