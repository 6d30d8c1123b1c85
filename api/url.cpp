// SPDX-License-Identifier: EUPL-1.2
#include "api/url.hpp"

#include "api/malformed.hpp"
#include "model/utf8.hpp"

#include <algorithm>

namespace relais::api {

namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_unreserved(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~';
}

// C0, DEL and C1: they have no business in an address.
bool has_control(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        auto [point, size] = model::utf8::first(text.substr(at));
        if (point < 0x20 || (point >= 0x7F && point < 0xA0)) return true;
        at += size;
    }
    return false;
}

std::string decode_segment(std::string_view raw, std::size_t at) {
    auto segment = decode_component(raw, false);
    if (segment == "." || segment == "..") throw malformed("path_dot_segment", at);
    if (segment.find_first_of("/\\") != std::string::npos) throw malformed("path_encoded_slash", at);
    if (has_control(segment)) throw malformed("path_control", at);
    return segment;
}

void add_parameter(parameters& out, std::string_view pair, std::size_t at) {
    auto equals = std::min(pair.find('='), pair.size());
    auto name = decode_component(pair.substr(0, equals), true);
    auto value = decode_component(pair.substr(std::min(equals + 1, pair.size())), true);
    if (name.empty() || name.size() > query_limit_name_bytes) throw malformed("query_name", at);
    if (value.size() > query_limit_value_bytes) throw malformed("query_value_too_long", at);
    if (has_control(name) || has_control(value)) throw malformed("query_control", at);
    if (out.size() == query_limit_parameters) throw malformed("query_too_many", at);
    if (!out.emplace(std::move(name), std::move(value)).second) throw malformed("query_repeated", at);
}

} // namespace

target parse_target(std::string_view text) {
    if (text.find('#') != std::string_view::npos) throw malformed("target_fragment", text.find('#'));
    auto mark = std::min(text.find('?'), text.size());
    auto query = text.substr(std::min(mark + 1, text.size()));
    return {parse_path(text.substr(0, mark)), parse_query(query)};
}

std::string parse_path(std::string_view raw) {
    if (!raw.starts_with('/')) throw malformed("path_start");
    std::string out;
    std::size_t segments = 0;
    for (std::size_t at = 1;; ++segments) {
        if (segments == path_limit_segments) throw malformed("path_too_deep", at);
        auto end = std::min(raw.find('/', at), raw.size());
        // An empty segment in the middle ("//host") reads as another authority once it is put in a link.
        if (end == at && end < raw.size()) throw malformed("path_empty_segment", at);
        out += '/';
        out += decode_segment(raw.substr(at, end - at), at);
        if (end == raw.size()) return out;
        at = end + 1;
    }
}

parameters parse_query(std::string_view raw) {
    parameters out;
    for (std::size_t at = 0; at < raw.size();) {
        auto end = std::min(raw.find('&', at), raw.size());
        if (end > at) add_parameter(out, raw.substr(at, end - at), at);
        at = end + 1;
    }
    return out;
}

std::string decode_component(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '+' && plus_is_space) {
            out += ' ';
        } else if (text[at] != '%') {
            out += text[at];
        } else {
            auto high = at + 2 < text.size() ? hex_value(text[at + 1]) : -1;
            auto low = at + 2 < text.size() ? hex_value(text[at + 2]) : -1;
            if (high < 0 || low < 0) throw malformed("bad_escape", at);
            out += static_cast<char>(high * 16 + low);
            at += 2;
        }
    }
    if (out.find('\0') != std::string::npos) throw malformed("nul_byte");
    if (auto bad = model::utf8::find_invalid(out); bad != std::string::npos) throw malformed("not_utf8", bad);
    return out;
}

std::string encode_component(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (char c : text) {
        if (is_unreserved(c)) {
            out += c;
            continue;
        }
        auto byte = static_cast<unsigned char>(c);
        out += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
    return out;
}

} // namespace relais::api
