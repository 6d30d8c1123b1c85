// SPDX-License-Identifier: EUPL-1.2
#include "api/multipart.hpp"

#include "api/malformed.hpp"

#include <algorithm>

namespace relais::api {

namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";

// True when a line starts with this text, whatever ended the line before; the very first bytes are not looked at.
bool starts_a_line(std::string_view text, std::string_view start) {
    for (auto at = text.find(start, 1); at != std::string_view::npos; at = text.find(start, at + 1)) {
        if (text[at - 1] == '\n' || text[at - 1] == '\r') return true;
    }
    return false;
}

void require(bool good, const char* code, int status = 400) {
    if (!good) throw malformed(code, 0, status);
}

} // namespace

multipart_parser::multipart_parser(std::string_view content_type, multipart_sink& sink, const multipart_limits& limits)
    : sink_(sink), limits_(limits), delimiter_("\r\n--" + multipart_boundary(content_type)) {}

void multipart_parser::feed(std::string_view input) {
    total_bytes_ += input.size();
    require(total_bytes_ <= limits_.total_bytes, "form_too_large", 413);
    while (!input.empty()) {
        if (place_ == place::data) {
            input.remove_prefix(read_data(input));
        } else {
            read_byte(input.front());
            input.remove_prefix(1);
        }
    }
}

void multipart_parser::finish() const { require(place_ == place::done || place_ == place::closing, "multipart_truncated"); }

void multipart_parser::read_byte(char c) {
    switch (place_) {
    case place::opening:
        return read_opening(c);
    case place::delimiter_end:
        return read_delimiter_end(c);
    case place::delimiter_lf:
        require(c == '\n', "multipart_line_end");
        place_ = place::head;
        return;
    case place::delimiter_dash:
        require(c == '-', "multipart_boundary_line");
        place_ = place::closing;
        return;
    case place::head:
        return read_head(c);
    case place::closing:
        require(c == '\r', "multipart_epilogue");
        place_ = place::closing_lf;
        return;
    case place::closing_lf:
        require(c == '\n', "multipart_epilogue");
        place_ = place::done;
        return;
    case place::done:
        return require(false, "multipart_epilogue");
    case place::data:
        return;
    }
}

void multipart_parser::read_opening(char c) {
    require(c == delimiter_[matched_], "multipart_preamble");
    if (++matched_ < delimiter_.size()) return;
    matched_ = 0;
    place_ = place::delimiter_end;
}

void multipart_parser::read_delimiter_end(char c) {
    require(c == '\r' || c == '-', "multipart_boundary_line");
    place_ = c == '\r' ? place::delimiter_lf : place::delimiter_dash;
}

void multipart_parser::read_head(char c) {
    head_ += c;
    require(head_.size() <= limits_.head_bytes, "part_head_too_large", 413);
    require(head_ != "\r\n", "part_head_empty");
    if (c == '\n' && head_.ends_with(head_end)) begin_part();
}

void multipart_parser::begin_part() {
    require(++parts_ <= limits_.parts, "multipart_too_many_parts", 413);
    // The second CR LF is the empty line.
    current_ = parse_part_head(std::string_view{head_}.substr(0, head_.size() - 2), limits_.name_bytes);
    head_.clear();
    bool is_new = names_.insert(current_.name).second;
    require(is_new || current_.name.ends_with("[]"), "form_repeated");
    if (current_.is_file && !current_.filename.empty()) require(++files_ <= limits_.files, "too_many_files", 413);
    part_bytes_ = 0;
    recent_ = line_end;
    place_ = place::data;
    sink_.part_begin(current_);
}

// Gives the sink what is certainly data, keeps the rest in matched_: the bytes held back are those of the delimiter itself.
std::size_t multipart_parser::read_data(std::string_view input) {
    if (matched_ > 0) return continue_match(input);
    if (auto found = input.find(delimiter_); found != std::string_view::npos) {
        emit(input.substr(0, found));
        end_part();
        return found + delimiter_.size();
    }
    // A boundary holds no CR, so only the last one may start a delimiter that the next piece completes.
    auto last = input.rfind('\r');
    auto data = input;
    if (last != std::string_view::npos && std::string_view{delimiter_}.starts_with(input.substr(last))) {
        data = input.substr(0, last);
        matched_ = input.size() - last;
    }
    emit(data);
    return input.size();
}

std::size_t multipart_parser::continue_match(std::string_view input) {
    if (input.front() == delimiter_[matched_]) {
        if (++matched_ == delimiter_.size()) end_part();
        return 1;
    }
    auto held = std::string_view{delimiter_}.substr(0, matched_);
    matched_ = 0;
    emit(held);
    return 0;
}

void multipart_parser::emit(std::string_view data) {
    if (data.empty()) return;
    require(!current_.is_file || !current_.filename.empty(), "file_without_name");
    auto left = (current_.is_file ? limits_.file_bytes : limits_.field_bytes) - part_bytes_;
    // Only what fits is looked at, so that the first fault of the body is the one told, in whatever pieces it comes.
    check_line_starts(data.substr(0, std::min<std::uint64_t>(left, data.size())));
    require(data.size() <= left, current_.is_file ? "file_too_large" : "form_value_too_long", 413);
    part_bytes_ += data.size();
    sink_.part_data(data);
}

// Python and werkzeug cut a part at a boundary after a bare CR or LF: a form that says one thing to them and another to us is refused.
void multipart_parser::check_line_starts(std::string_view data) {
    auto boundary_line = std::string_view{delimiter_}.substr(line_end.size());
    recent_.append(data.substr(0, boundary_line.size()));
    bool found = starts_a_line(recent_, boundary_line) || starts_a_line(data, boundary_line);
    require(!found, "multipart_boundary_line");
    if (data.size() > boundary_line.size()) recent_ = data.substr(data.size() - boundary_line.size());
    if (recent_.size() > boundary_line.size()) recent_.erase(0, recent_.size() - boundary_line.size());
}

void multipart_parser::end_part() {
    matched_ = 0;
    place_ = place::delimiter_end;
    sink_.part_end();
}

} // namespace relais::api
