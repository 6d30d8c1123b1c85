// SPDX-License-Identifier: EUPL-1.2
#include "api/form_fields.hpp"
#include "api/header_parameters.hpp"
#include "api/malformed.hpp"
#include "api/multipart.hpp"
#include "model/file_name.hpp"

#include <algorithm>

namespace relais::api {

namespace {

constexpr std::size_t boundary_limit_bytes = 70;
constexpr std::size_t head_limit_lines = 8;

void require(bool good, const char* code) {
    if (!good) throw malformed(code);
}

// RFC 2046 bcharsnospace; a space is legal inside, and no program sends one.
bool is_boundary(std::string_view text) {
    static constexpr std::string_view marks = "'()+_,-./:=?";
    auto allowed = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || marks.find(c) != std::string_view::npos;
    };
    return !text.empty() && text.size() <= boundary_limit_bytes && std::all_of(text.begin(), text.end(), allowed);
}

std::string lower(std::string_view text) {
    std::string out{text};
    for (auto& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    }
    return out;
}

// Browsers write a quote of a file's name as %22, and line ends as %0D %0A (HTML, "multipart form data").
std::string unescape_quotes(std::string text) {
    for (auto at = text.find("%22"); at != std::string::npos; at = text.find("%22", at + 1)) text.replace(at, 3, "\"");
    return text;
}

void read_disposition(part_head& out, std::string_view value) {
    auto disposition = parse_header_value(value);
    require(disposition.value == "form-data", "part_disposition");
    auto name = disposition.find("name");
    require(name != nullptr, "part_name_missing");
    out.name = *name;
    auto plain = disposition.find("filename");
    auto extended = disposition.find("filename*");
    out.is_file = plain != nullptr || extended != nullptr;
    if (plain != nullptr) out.filename = model::file_names::safe(unescape_quotes(*plain));
    // RFC 6266 4.3: the extended form is the better one when both are there.
    if (extended == nullptr) return;
    auto decoded = decode_extended_value(*extended);
    require(decoded.has_value(), "part_filename");
    out.filename = model::file_names::safe(*decoded);
}

// Reads one "Name: value"; the names already seen are checked by the caller.
void read_line(part_head& out, std::string_view line, std::string& seen) {
    auto colon = line.find(':');
    require(colon != std::string_view::npos && colon > 0, "part_head_line");
    auto name = lower(line.substr(0, colon));
    auto is_name_byte = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    require(std::all_of(name.begin(), name.end(), is_name_byte), "part_head_line");
    require(seen.find("|" + name + "|") == std::string::npos, "part_head_repeated");
    seen += "|" + name + "|";
    auto value = line.substr(colon + 1);
    auto is_clean = [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F); };
    require(std::all_of(value.begin(), value.end(), is_clean), "part_head_line");
    if (name == "content-disposition") read_disposition(out, value);
    if (name == "content-type") out.content_type = parse_header_value(value).value;
    if (name != "content-transfer-encoding") return;
    // RFC 7578 4.7 forbids encoding; taking base64 for the file itself would store another file than the one sent.
    auto encoding = parse_header_value(value).value;
    require(encoding == "binary" || encoding == "8bit" || encoding == "7bit", "part_encoding");
}

} // namespace

std::string multipart_boundary(std::string_view content_type) {
    auto header = parse_header_value(content_type);
    require(header.value == "multipart/form-data", "multipart_content_type");
    auto boundary = header.find("boundary");
    require(boundary != nullptr && is_boundary(*boundary), "multipart_boundary");
    return *boundary;
}

part_head parse_part_head(std::string_view head, std::size_t name_limit_bytes) {
    part_head out;
    std::string seen;
    for (std::size_t lines = 0; !head.empty(); ++lines) {
        require(lines < head_limit_lines, "part_head_too_many_lines");
        auto end = head.find("\r\n");
        require(end != std::string_view::npos, "part_head_line");
        read_line(out, head.substr(0, end), seen);
        head.remove_prefix(end + 2);
    }
    require(seen.find("|content-disposition|") != std::string::npos, "part_disposition");
    require(is_field_name(out.name, name_limit_bytes), "form_name");
    return out;
}

} // namespace relais::api
