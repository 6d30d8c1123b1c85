// SPDX-License-Identifier: EUPL-1.2
#include "server/http/chunked_decoder.hpp"

#include "server/http/head_syntax.hpp"

#include <algorithm>

namespace relais::server {

namespace {

constexpr std::size_t size_limit_digits = 8;
constexpr std::size_t extension_limit_bytes = 64;
// Many small chunks with an extension each would make the body cost far more than it weighs.
constexpr std::size_t all_extensions_limit_bytes = 4096;

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

} // namespace

chunked_decoder::step chunked_decoder::next(std::string_view input) {
    step out;
    while (state_ == state::need_more && out.consumed < input.size()) {
        if (place_ == place::data) {
            auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size() - out.consumed));
            out.data = input.substr(out.consumed, size);
            out.consumed += size;
            left_ -= size;
            if (left_ == 0) place_ = place::data_cr;
            return out;
        }
        read_byte(input[out.consumed++]);
    }
    return out;
}

std::size_t chunked_decoder::feed(std::string_view input, std::string& out) {
    std::size_t used = 0;
    while (state_ == state::need_more && used < input.size()) {
        auto piece = next(input.substr(used));
        used += piece.consumed;
        out.append(piece.data);
    }
    return used;
}

void chunked_decoder::read_byte(char c) {
    switch (place_) {
    case place::size:
        return read_size_byte(c);
    case place::extension:
        if (c == '\r') return expect(c, '\r', place::size_lf);
        if (++extension_bytes_ > extension_limit_bytes || ++all_extension_bytes_ > all_extensions_limit_bytes)
            return fail(400, "chunk_extension_too_long");
        if (c != ';' && c != '=' && !head_syntax::is_token({&c, 1})) return fail(400, "chunk_extension");
        return;
    case place::size_lf:
        return c == '\n' ? end_size_line() : fail(400, "chunk_line_end");
    case place::data_cr:
        return expect(c, '\r', place::data_lf);
    case place::data_lf:
        return expect(c, '\n', place::size);
    case place::last_cr:
        return c == '\r' ? expect(c, '\r', place::last_lf) : fail(400, "trailer_field");
    case place::last_lf:
        if (c != '\n') return fail(400, "chunk_line_end");
        state_ = state::done;
        return;
    case place::data:
        return;
    }
}

void chunked_decoder::read_size_byte(char c) {
    if (auto value = hex_value(c); value >= 0) {
        if (++digits_ > size_limit_digits) return fail(400, "chunk_size");
        left_ = left_ * 16 + static_cast<std::uint64_t>(value);
        return;
    }
    if (digits_ == 0) return fail(400, "chunk_size");
    extension_bytes_ = 0;
    if (c == '\r') return expect(c, '\r', place::size_lf);
    if (c == ';') return expect(c, ';', place::extension);
    fail(400, "chunk_size");
}

void chunked_decoder::end_size_line() {
    digits_ = 0;
    if (left_ == 0) {
        place_ = place::last_cr;
        return;
    }
    total_ += left_;
    if (total_ > body_limit_bytes_) return fail(413, "body_too_large");
    place_ = place::data;
}

void chunked_decoder::expect(char c, char wanted, place next_place) {
    if (c != wanted) return fail(400, "chunk_line_end");
    place_ = next_place;
}

void chunked_decoder::fail(int status, std::string_view code) {
    state_ = state::bad;
    status_ = status;
    code_ = code;
}

} // namespace relais::server
