// SPDX-License-Identifier: EUPL-1.2
#include "model/csv_writer.hpp"

#include "model/utf8.hpp"

#include <algorithm>

namespace relais::model {

namespace {

bool is_blank(char32_t c) {
    return c == ' ' || c == 0xA0 || c == 0xAD || c == 0x1680 || (c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) ||
           (c >= 0x205F && c <= 0x2064) || c == 0x3000 || c == 0xFEFF;
}

bool is_trigger(char32_t c) {
    constexpr std::u32string_view triggers = U"=@+-\t\r\n\uFF1D\uFF20\uFF0B\uFF0D";
    return triggers.find(c) != std::u32string_view::npos;
}

// Digits and what separates them: nothing a spreadsheet can compute but the number itself.
bool is_number(std::string_view text) {
    auto allowed = [](char c) { return (c >= '0' && c <= '9') || c == ' ' || c == '.' || c == ','; };
    bool has_digit = std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    return has_digit && std::all_of(text.begin(), text.end(), allowed);
}

} // namespace

bool starts_formula(std::string_view cell) {
    auto [point, size] = utf8::first(cell);
    while (size > 0 && is_blank(point)) {
        cell.remove_prefix(size);
        auto next = utf8::first(cell);
        point = next.code_point;
        size = next.size_bytes;
    }
    if (size == 0 || !is_trigger(point)) return false;
    return !((point == '+' || point == '-') && is_number(cell.substr(1)));
}

csv_writer::csv_writer(std::string& out, char delimiter, bool with_byte_order_mark) : out_(out), delimiter_(delimiter) {
    if (with_byte_order_mark) out_ += "\xEF\xBB\xBF";
}

void csv_writer::row(std::span<const std::string> cells) { write(cells); }

void csv_writer::row(std::initializer_list<std::string_view> cells) { write(cells); }

template <class Cells> void csv_writer::write(const Cells& cells) {
    // A lone empty cell would be an empty line, which readers pass over.
    if (cells.size() == 1 && cells.begin()->empty()) out_ += "\"\"";
    bool is_first = true;
    for (const auto& one : cells) {
        cell(one, is_first);
        is_first = false;
    }
    out_ += "\r\n";
}

void csv_writer::cell(std::string_view text, bool is_first) {
    if (!is_first) out_ += delimiter_;
    bool formula = starts_formula(text);
    // Both separators: a spreadsheet set to the other one would cut the cell in two and find a formula in the second half.
    bool quoted = formula || text.find_first_of(";,\"\r\n\t") != std::string_view::npos;
    if (quoted) out_ += '"';
    if (formula) out_ += '\'';
    for (char c : text) {
        if (c == '"') out_ += '"';
        out_ += c;
    }
    if (quoted) out_ += '"';
}

} // namespace relais::model
