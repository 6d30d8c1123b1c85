// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace relais::api {

// A spreadsheet in memory (libxlsxwriter). Text is text: what a spreadsheet would run as a formula is led by an apostrophe, as in CSV.
class workbook {
public:
    // What a column holds; texts say how wide it is.
    enum class kind { text, wide_text, whole, decimal, day };
    struct column {
        std::string head;
        kind holds = kind::text;
    };
    workbook(const std::string& title, std::chrono::sys_seconds made_at);
    ~workbook();
    workbook(const workbook&) = delete;
    workbook& operator=(const workbook&) = delete;

    // A sheet with its frozen, filtered header row. name: at most 31 characters.
    void begin_sheet(const std::string& name, const std::vector<column>& columns);
    // A row of the present sheet: text, number, bool or null; a day is seconds UTC or "YYYY-MM-DD".
    void row(const std::vector<nlohmann::json>& values);
    // Columns of the present sheet drawn beside it over the first rows: bars, or a line when the labels are days.
    void chart(const std::string& title, std::size_t labels, const std::vector<std::size_t>& series, std::size_t rows);

    // The bytes. Called once. Throws std::runtime_error.
    std::string finish();

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace relais::api
