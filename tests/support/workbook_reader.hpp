// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace relais::tests {

// A cell of a workbook as a spreadsheet would read it: nothing, "text", a number as it stands in the file, "true" or "false".
// Days are numbers of days since 30 December 1899.
struct workbook_cell {
    enum class kind { nothing, text, number, boolean } is = kind::nothing;
    std::string value;
    bool is_formula = false;
};
using workbook_row = std::vector<workbook_cell>;

// The sheets of an .xlsx by name, each as rows; the first holds the heads. Throws std::runtime_error when it is no workbook.
std::map<std::string, std::vector<workbook_row>> read_workbook(const std::string& bytes);

// Checks the rows beneath the heads, cell by cell: null or "" is an empty cell, a text a text, a number a number, true a boolean; no
// formula.
void check_rows(const std::vector<workbook_row>& found, const std::vector<std::vector<nlohmann::json>>& wanted);

// The tables of a page: rows of texts, without their markup. Formulas folded in a cell belong to its text.
std::vector<std::vector<std::vector<std::string>>> read_tables(const std::string& html);

} // namespace relais::tests
