// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace relais::api {

// What introduces one part of a multipart form.
struct part_head {
    std::string name;         // of the field: letters, digits and _ . - [ ]
    bool is_file = false;     // a filename was given, even an empty one (a file input left empty: such a part has no data)
    std::string filename;     // safe to show (model/file_name.hpp); never a name on disk
    std::string content_type; // what the sender claims, lower case; the truth is model/file_type.hpp
};

// Receives the parts as they arrive. part_data may be called any number of times, with pieces of any size; the view lives until it returns.
class multipart_sink {
public:
    virtual ~multipart_sink() = default;
    virtual void part_begin(const part_head& head) = 0;
    virtual void part_data(std::string_view data) = 0;
    virtual void part_end() = 0;
};

// Source of the numbers: security.md 2 line 10 and 3.4.
struct multipart_limits {
    std::size_t parts = 220;
    std::size_t files = 10; // those that have a name
    std::size_t head_bytes = 4UL * 1024;
    std::size_t name_bytes = 64;
    std::uint64_t field_bytes = 128UL * 1024;
    std::uint64_t file_bytes = 10UL * 1024 * 1024;
    std::uint64_t total_bytes = 26UL * 1024 * 1024;
};

// Reads a multipart/form-data body as it arrives and keeps at most one boundary and one part head in memory. Strict: CRLF only, no
// preamble, no epilogue, no padding after a boundary. A line that starts with the boundary without being a delimiter is an error, after
// a bare CR or LF too, since other programs read it as one. A name comes once, unless it ends in "[]" (files too: "pieces[]").
// Every function throws malformed: 400 (multipart_*, part_*), or 413 with file_too_large, form_value_too_long, form_too_large,
// too_many_files, multipart_too_many_parts. After an error the parser is of no more use.
// Source: RFC 7578, RFC 2046 5.1; security.md 1.5 (Rack GHSA-vgpv-f759-9wx3).
class multipart_parser {
public:
    // content_type: the request's field, with exactly one boundary. The sink must outlive the parser.
    multipart_parser(std::string_view content_type, multipart_sink& sink, const multipart_limits& limits = {});

    void feed(std::string_view input);
    // To be called once the body has ended: the closing boundary must have been read.
    void finish() const;

private:
    enum class place { opening, delimiter_end, delimiter_lf, delimiter_dash, head, data, closing, closing_lf, done };
    void read_byte(char c);
    void read_opening(char c);
    void read_delimiter_end(char c);
    void read_head(char c);
    void begin_part();
    std::size_t read_data(std::string_view input);
    std::size_t continue_match(std::string_view input);
    void emit(std::string_view data);
    void check_line_starts(std::string_view data);
    void end_part();

    multipart_sink& sink_;
    multipart_limits limits_;
    std::string delimiter_; // CR LF - - boundary
    std::string head_;
    std::string recent_; // the last bytes of the part, as many as a boundary line may need
    part_head current_;
    std::set<std::string, std::less<>> names_;
    place place_ = place::opening;
    std::size_t matched_ = 2; // bytes of the delimiter seen so far; the first one comes without its CR LF
    std::size_t parts_ = 0;
    std::size_t files_ = 0;
    std::uint64_t part_bytes_ = 0;
    std::uint64_t total_bytes_ = 0;
};

// The boundary of a multipart/form-data Content-Type. Throws: malformed (multipart_content_type, multipart_boundary, parameter_*).
std::string multipart_boundary(std::string_view content_type);

// Reads the fields of one part, each ended by CR LF, without the empty line. Throws: malformed.
part_head parse_part_head(std::string_view head, std::size_t name_limit_bytes);

} // namespace relais::api
