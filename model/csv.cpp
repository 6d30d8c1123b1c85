// SPDX-License-Identifier: EUPL-1.2
#include "model/csv.hpp"

#include "model/error.hpp"
#include "model/utf8.hpp"

#include <algorithm>
#include <cstring>
#include <set>

namespace relais::model {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
// The buffer holds this many of the longest rows, so that moving a started row to its beginning costs little.
constexpr std::size_t rows_in_buffer = 16;
constexpr auto npos = std::string_view::npos;

[[noreturn]] void refuse_header(std::string_view code) { throw invalid({{"header", std::string{code}, "fault.csv." + std::string{code}}}); }

std::string_view without_cr(std::string_view line) { return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line; }

// The one of the two that stands more often in the first record, outside quotes; `;` in doubt, as French spreadsheets write it.
char find_delimiter(std::string_view text) {
    std::size_t semicolons = 0;
    std::size_t commas = 0;
    bool quoted = false;
    for (char c : text) {
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '\n') break;
        if (c == ';') ++semicolons;
        if (c == ',') ++commas;
    }
    return commas > semicolons ? ',' : ';';
}

std::string_view trim(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    return text.substr(0, text.find_last_not_of(" \t") + 1);
}

} // namespace

csv_reader::csv_reader(source from, csv_limits limits)
    : from_(std::move(from)), limits_(limits), buffer_(limits.row_bytes * rows_in_buffer) {
    fill();
    if (std::string_view{buffer_.data(), end_}.starts_with(byte_order_mark)) start_ = byte_order_mark.size();
    read_header();
}

void csv_reader::read_header() {
    skip_blank_lines();
    delimiter_ = find_delimiter({buffer_.data() + start_, std::min(end_ - start_, limits_.row_bytes + 3)});
    if (!next()) refuse_header("missing");
    if (!fault_.empty()) refuse_header(fault_);
    std::set<std::string_view> seen;
    for (auto name : row_) {
        if (!seen.insert(trim(name)).second) refuse_header("repeated");
        header_.emplace_back(trim(name));
    }
}

std::optional<std::size_t> csv_reader::column(std::string_view name) const {
    auto found = std::find(header_.begin(), header_.end(), name);
    if (found == header_.end()) return {};
    return static_cast<std::size_t>(found - header_.begin());
}

bool csv_reader::next() {
    do {
        fill();
        if (start_ == end_) return false;
        line_ = next_line_;
        read_row();
    } while (is_blank_);
    return true;
}

// Makes the longest row allowed, and a little more, stand whole in the buffer: every decision below is then taken on the same bytes,
// however the source cuts them.
void csv_reader::fill() {
    auto wanted = limits_.row_bytes + 3;
    if (ended_ || end_ - start_ >= wanted) return;
    std::memmove(buffer_.data(), buffer_.data() + start_, end_ - start_);
    end_ -= start_;
    start_ = 0;
    while (!ended_ && end_ < wanted) {
        auto size = from_(buffer_.data() + end_, buffer_.size() - end_);
        ended_ = size == 0;
        end_ += size;
        bytes_read_ += size;
    }
}

void csv_reader::read_row() {
    row_.clear();
    escaped_.clear();
    fault_ = {};
    is_blank_ = false;
    std::string_view window{buffer_.data() + start_, end_ - start_};
    auto line = window.substr(0, window.find('\n'));
    if (without_cr(line).size() > limits_.row_bytes) {
        skip_line();
        return bad_row("row_too_long");
    }
    if (line.find('"') == npos) {
        skip_line();
        is_blank_ = without_cr(line).empty();
        split_plain(without_cr(line));
        return check_row(line);
    }
    // A quote that is never closed would take the rest of the file with it: after a fault the very next line is read.
    if (!split_quoted(window.substr(0, limits_.row_bytes + 3))) skip_line();
}

void csv_reader::split_plain(std::string_view line) {
    field_count_ = 0;
    for (std::size_t at = 0;;) {
        auto end = std::min(line.find(delimiter_, at), line.size());
        if (++field_count_ <= limits_.columns) row_.push_back(line.substr(at, end - at));
        if (end == line.size()) return;
        at = end + 1;
    }
}

// Where the quote that closes the field opened at `at` stands, or npos.
std::size_t csv_reader::quoted_end(std::string_view window, std::size_t at) {
    bool has_doubled = false;
    for (at = window.find('"', at + 1); at != npos && at + 1 < window.size() && window[at + 1] == '"'; at = window.find('"', at + 2)) {
        has_doubled = true;
    }
    if (has_doubled) escaped_.push_back(row_.size());
    return at;
}

// Reads one record that holds quotes. False, with a fault, when it is not written as RFC 4180 says.
bool csv_reader::split_quoted(std::string_view window) {
    auto fail = [this](std::string_view code) {
        bad_row(code);
        return false;
    };
    field_count_ = 0;
    std::size_t at = 0;
    for (bool more = true; more; ++at) {
        auto start = at;
        bool quoted = at < window.size() && window[at] == '"';
        auto end = quoted ? quoted_end(window, at) : window.find_first_of(std::string{delimiter_, '\n'}, at);
        if (quoted && end == npos) return fail(window.size() > limits_.row_bytes ? "row_too_long" : "quote_not_closed");
        end = std::min(end, window.size());
        auto field = quoted ? window.substr(start + 1, end - start - 1) : window.substr(start, end - start);
        at = quoted ? end + 1 : end;
        if (quoted && window.substr(at).starts_with("\r\n")) ++at;
        if (quoted && window.substr(at) == "\r") ++at;
        more = at < window.size() && window[at] == delimiter_;
        if (!more && at < window.size() && window[at] != '\n') return fail("text_after_quote");
        if (!more && !quoted) field = without_cr(field);
        if (!quoted && field.find('"') != npos) return fail("stray_quote");
        if (at > limits_.row_bytes) return fail("row_too_long");
        if (++field_count_ <= limits_.columns) row_.push_back(field);
    }
    auto record = window.substr(0, std::min(at, window.size()));
    start_ += record.size();
    next_line_ += static_cast<std::uint64_t>(std::count(record.begin(), record.end(), '\n'));
    check_row(record);
    unescape();
    return true;
}

// Turns "" into " inside the buffer. Done last: had the row been bad, its next lines would have been read again.
void csv_reader::unescape() {
    for (auto index : escaped_) {
        if (index >= row_.size()) return;
        auto first = buffer_.data() + (row_[index].data() - buffer_.data());
        auto last = first + row_[index].size();
        auto out = first;
        for (auto in = first; in < last; ++in) {
            *out++ = *in;
            if (*in == '"') ++in;
        }
        row_[index] = {first, static_cast<std::size_t>(out - first)};
    }
}

void csv_reader::check_row(std::string_view record) {
    auto too_long = [this](std::string_view field) { return field.size() > limits_.field_bytes; };
    if (field_count_ > limits_.columns) return bad_row("too_many_columns");
    if (record.find('\0') != npos) return bad_row("nul_byte");
    if (!utf8::is_valid(record)) return bad_row("not_utf8");
    if (std::any_of(row_.begin(), row_.end(), too_long)) return bad_row("field_too_long");
    if (!header_.empty() && row_.size() != header_.size()) return bad_row("column_count");
}

void csv_reader::skip_blank_lines() {
    while (true) {
        fill();
        std::string_view window{buffer_.data() + start_, end_ - start_};
        if (!window.starts_with('\n') && !window.starts_with("\r\n")) return;
        skip_line();
    }
}

// Moves past the end of the line, wherever it is.
void csv_reader::skip_line() {
    ++next_line_;
    while (true) {
        auto found = std::string_view{buffer_.data() + start_, end_ - start_}.find('\n');
        if (found != npos) {
            start_ += found + 1;
            return;
        }
        start_ = end_;
        if (ended_) return;
        fill();
    }
}

void csv_reader::bad_row(std::string_view code) {
    fault_ = code;
    row_.clear();
}

csv_reader::source csv_source(std::istream& from) {
    return [&from](char* into, std::size_t size_bytes) {
        from.read(into, static_cast<std::streamsize>(size_bytes));
        return static_cast<std::size_t>(from.gcount());
    };
}

} // namespace relais::model
