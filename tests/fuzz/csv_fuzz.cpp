// SPDX-License-Identifier: EUPL-1.2
#include "model/csv.hpp"
#include "model/csv_writer.hpp"
#include "model/error.hpp"
#include "model/utf8.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

using namespace relais;
using fuzz::require;

namespace {

struct outcome {
    std::string header_fault;
    std::vector<std::string> header;
    std::vector<std::string> faults; // "line code"
    std::vector<std::vector<std::string>> rows;
    bool operator==(const outcome&) const = default;
};

model::csv_reader::source source_of(std::string_view text, std::size_t piece) {
    return [text, piece](char* into, std::size_t room) mutable {
        auto size = std::min({piece, room, text.size()});
        if (size > 0) std::memcpy(into, text.data(), size);
        text.remove_prefix(size);
        return size;
    };
}

outcome read(std::string_view text, std::size_t piece, model::csv_limits limits) {
    outcome out;
    try {
        model::csv_reader reader(source_of(text, piece), limits);
        out.header = reader.header();
        std::uint64_t line = 1;
        while (reader.next()) {
            require(reader.line_number() > line || out.rows.empty(), "lines go up");
            line = reader.line_number();
            if (!reader.fault().empty()) out.faults.push_back(std::to_string(line) + " " + std::string{reader.fault()});
            if (reader.fault().empty()) out.rows.emplace_back(reader.row().begin(), reader.row().end());
        }
        require(reader.bytes_read() == text.size(), "the whole file is read");
    } catch (const model::invalid& why) {
        out.header_fault = why.faults.at(0).code;
    }
    return out;
}

void check_rows(const outcome& read, model::csv_limits limits) {
    for (const auto& row : read.rows) {
        require(row.size() == read.header.size() && row.size() <= limits.columns, "as many fields as the header");
        for (const auto& field : row) require(field.size() <= limits.field_bytes && model::utf8::is_valid(field), "bounded UTF-8");
    }
}

// A file written by us is read back as it was, but for the apostrophe before what a spreadsheet would run.
void check_written(const outcome& first, char delimiter) {
    std::string text;
    model::csv_writer writer(text, delimiter);
    writer.row(first.header);
    for (const auto& row : first.rows) writer.row(row);
    auto again = read(text, text.size(), {8, 128, 2048});
    // Two names may become one by the apostrophe: "=a" and "'=a".
    if (again.header_fault == "repeated") return;
    require(again.header_fault.empty() && again.header.size() == first.header.size(), "the same columns");
    require(again.faults.empty() && again.rows.size() == first.rows.size(), "as many rows");
    for (std::size_t at = 0; at < first.rows.size(); ++at) {
        for (std::size_t i = 0; i < first.header.size(); ++i) {
            const auto& cell = first.rows[at][i];
            auto shown = model::starts_formula(cell) ? "'" + cell : cell;
            require(again.rows[at][i] == shown, "what is written is read back");
        }
    }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto text = fuzz::view(data, size);
    model::csv_limits limits{8, 32, 64};
    auto whole = read(text, size + 1, limits);
    require(read(text, 1, limits) == whole, "byte by byte gives the same");
    require(read(text, 7, limits) == whole, "piece by piece gives the same");
    check_rows(whole, limits);
    if (whole.header_fault.empty()) check_written(whole, whole.header.size() > 4 ? ',' : ';');
    return 0;
}
