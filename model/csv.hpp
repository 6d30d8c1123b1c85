// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <istream>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model {

struct csv_limits {
    std::size_t columns = 256;
    std::size_t field_bytes = 16UL * 1024;
    std::size_t row_bytes = 64UL * 1024; // line ends inside quotes included
};

// Reads CSV (RFC 4180) as it comes, one row in memory: `;` or `,` found from the header line, UTF-8 with or without its mark, quoted
// fields that hold line ends, CR LF or LF. A bad row is told and the next line is read: one mistake never costs the rest of a file.
class csv_reader {
public:
    // Fills the buffer and returns how many bytes it wrote; 0 at the end.
    using source = std::function<std::size_t(char* into, std::size_t size_bytes)>;

    // Reads the header line. Throws: invalid (field "header", fault.csv.<code>), when there is none or it is a bad row or names a column
    // twice.
    explicit csv_reader(source from, csv_limits limits = {});

    const std::vector<std::string>& header() const { return header_; }
    // Where a column stands, in the order of the file.
    std::optional<std::size_t> column(std::string_view name) const;
    char delimiter() const { return delimiter_; }

    // Moves to the next row; false at the end. Empty lines are passed over.
    bool next();
    // Why the row is bad, empty when it is good: column_count, field_too_long, row_too_long, too_many_columns, not_utf8, nul_byte,
    // stray_quote, text_after_quote, quote_not_closed.
    std::string_view fault() const { return fault_; }
    // As many fields as the header when the row is good, none when it is bad. Valid until next().
    std::span<const std::string_view> row() const { return row_; }
    std::string_view field(std::size_t column) const { return row_[column]; }
    // The line of the file the row starts on; the header is on line 1.
    std::uint64_t line_number() const { return line_; }
    std::uint64_t bytes_read() const { return bytes_read_; }

private:
    void read_header();
    void fill();
    void read_row();
    void split_plain(std::string_view line);
    bool split_quoted(std::string_view window);
    std::size_t quoted_end(std::string_view window, std::size_t at);
    void unescape();
    void check_row(std::string_view record);
    void skip_line();
    void skip_blank_lines();
    void bad_row(std::string_view code);

    source from_;
    csv_limits limits_;
    std::vector<char> buffer_;
    std::size_t start_ = 0; // of what is not read yet
    std::size_t end_ = 0;   // of what the buffer holds
    bool ended_ = false;
    char delimiter_ = ';';
    std::vector<std::string> header_;
    std::vector<std::string_view> row_;
    std::vector<std::size_t> escaped_; // fields that hold doubled quotes
    std::size_t field_count_ = 0;
    std::string_view fault_;
    bool is_blank_ = false;
    std::uint64_t line_ = 0;
    std::uint64_t next_line_ = 1;
    std::uint64_t bytes_read_ = 0;
};

// A file or any other stream as a source; the stream must outlive the reader.
csv_reader::source csv_source(std::istream& from);

} // namespace relais::model
