// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/workbook_reader.hpp"

#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace relais::tests {

namespace {

std::string content(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>{in}, {}};
}

// The parts of a text between each `open` and the next `close`.
std::vector<std::string> between(const std::string& text, const std::string& open, const std::string& close) {
    std::vector<std::string> out;
    for (auto at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
        auto from = at + open.size(), end = text.find(close, from);
        if (end == std::string::npos) break;
        out.push_back(text.substr(from, end - from));
        at = end;
    }
    return out;
}

std::string plain(std::string text) {
    for (auto at = text.find('<'); at != std::string::npos; at = text.find('<', at)) text.erase(at, text.find('>', at) - at + 1);
    const std::pair<const char*, const char*> entities[] = {{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}};
    for (const auto& [name, letter] : entities)
        for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1))
            text.replace(at, std::string(name).size(), letter);
    return text;
}

std::string attribute(const std::string& tag, const std::string& name) {
    auto found = between(tag, " " + name + "=\"", "\"");
    return found.empty() ? "" : found.front();
}

// "AB12" -> 27, from nought.
std::size_t column_of(const std::string& cell) {
    std::size_t out = 0;
    for (char letter : cell)
        if (letter >= 'A' && letter <= 'Z') out = out * 26 + static_cast<std::size_t>(letter - 'A' + 1);
    return out - 1;
}

std::vector<workbook_row> rows_of(const std::string& sheet, const std::vector<std::string>& texts) {
    using enum workbook_cell::kind;
    std::vector<workbook_row> out;
    for (const auto& row : between(sheet, "<row ", "</row>")) {
        auto& cells = out.emplace_back();
        for (const auto& part : between(row, "<c ", "</c>")) {
            auto head = " " + part.substr(0, part.find('>'));
            auto at = column_of(attribute(head, "r"));
            if (cells.size() <= at) cells.resize(at + 1);
            auto value = between(part, "<v>", "</v>");
            auto type = attribute(head, "t");
            auto& cell = cells[at];
            cell.is_formula = part.find("<f>") != std::string::npos;
            if (value.empty()) continue;
            cell.is = type == "s" ? text : type == "b" ? boolean : number;
            cell.value = type == "s" ? texts.at(std::stoul(value[0])) : type == "b" ? (value[0] == "1" ? "true" : "false") : value[0];
        }
    }
    return out;
}

void check_row(const workbook_row& found, const std::vector<nlohmann::json>& wanted) {
    using enum workbook_cell::kind;
    for (std::size_t i = 0; i < std::max(found.size(), wanted.size()); ++i) {
        workbook_cell cell = i < found.size() ? found[i] : workbook_cell{};
        nlohmann::json want = i < wanted.size() ? wanted[i] : nlohmann::json();
        INFO("column " << i << ": " << cell.value << " instead of " << want);
        CHECK_FALSE(cell.is_formula);
        if (want.is_null() || want == "") {
            CHECK(cell.is == nothing);
        } else if (want.is_string()) {
            CHECK(cell.is == workbook_cell::kind::text);
            CHECK(cell.value == want.get<std::string>());
        } else if (want.is_boolean()) {
            CHECK(cell.is == boolean);
            CHECK(cell.value == (want.get<bool>() ? "true" : "false"));
        } else {
            REQUIRE(cell.is == workbook_cell::kind::number);
            CHECK(std::stod(cell.value) == Approx(want.get<double>()).epsilon(1e-9));
        }
    }
}

} // namespace

void check_rows(const std::vector<workbook_row>& found, const std::vector<std::vector<nlohmann::json>>& wanted) {
    REQUIRE(found.size() == wanted.size() + 1); // and the heads
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        INFO("row " << i + 2);
        check_row(found[i + 1], wanted[i]);
    }
}

std::map<std::string, std::vector<workbook_row>> read_workbook(const std::string& bytes) {
    temporary_folder folder;
    std::ofstream(folder.path("book.xlsx"), std::ios::binary) << bytes;
    auto command = "unzip -q '" + folder.path("book.xlsx") + "' -d '" + folder.path("book") + "'";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("this is no workbook");
    auto base = folder.path("book") + "/xl/";
    std::vector<std::string> texts;
    for (const auto& each : between(content(base + "sharedStrings.xml"), "<si>", "</si>")) texts.push_back(plain(each));
    std::map<std::string, std::vector<workbook_row>> out;
    auto number = 0;
    for (const auto& each : between(content(base + "workbook.xml"), "<sheet ", "/>"))
        out[plain(attribute(" " + each, "name"))] = rows_of(content(base + "worksheets/sheet" + std::to_string(++number) + ".xml"), texts);
    return out;
}

std::vector<std::vector<std::vector<std::string>>> read_tables(const std::string& html) {
    std::vector<std::vector<std::vector<std::string>>> out;
    for (const auto& table : between(html, "<table", "</table>")) {
        auto& rows = out.emplace_back();
        for (const auto& row : between(table, "<tr>", "</tr>")) {
            auto& cells = rows.emplace_back();
            auto at = std::string::npos;
            for (auto from = row.find("<t"); from != std::string::npos; from = row.find("<t", at)) {
                auto begin = row.find('>', from) + 1;
                at = std::min(row.find("</td>", begin), row.find("</th>", begin));
                if (at == std::string::npos) break;
                cells.push_back(plain(row.substr(begin, at - begin)));
            }
        }
    }
    return out;
}

} // namespace relais::tests
