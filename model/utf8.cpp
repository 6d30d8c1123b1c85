// SPDX-License-Identifier: EUPL-1.2
#include "model/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace relais::model::utf8 {

namespace {

constexpr std::uint64_t high_bits = 0x8080808080808080U;

unsigned byte_at(std::string_view text, std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; }
bool is_tail(unsigned byte) { return (byte & 0xC0U) == 0x80U; }

} // namespace

decoded first(std::string_view text) {
    if (text.empty()) return {};
    auto a = byte_at(text, 0);
    if (a < 0x80) return {static_cast<char32_t>(a), 1};
    auto b = byte_at(text, 1);
    if (a < 0xC2 || a > 0xF4 || !is_tail(b)) return {};
    if (a < 0xE0) return {static_cast<char32_t>((a & 0x1FU) << 6U | (b & 0x3FU)), 2};
    auto c = byte_at(text, 2);
    if (!is_tail(c)) return {};
    if (a < 0xF0) {
        auto point = static_cast<char32_t>((a & 0x0FU) << 12U | (b & 0x3FU) << 6U | (c & 0x3FU));
        bool surrogate = point >= 0xD800 && point <= 0xDFFF;
        return point < 0x800 || surrogate ? decoded{} : decoded{point, 3};
    }
    auto d = byte_at(text, 3);
    if (!is_tail(d)) return {};
    auto point = static_cast<char32_t>((a & 0x07U) << 18U | (b & 0x3FU) << 12U | (c & 0x3FU) << 6U | (d & 0x3FU));
    return point < 0x10000 || point > 0x10FFFF ? decoded{} : decoded{point, 4};
}

std::size_t find_invalid(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        // Most text is ASCII: eight bytes at once.
        std::uint64_t word = 0;
        while (at + sizeof word <= text.size()) {
            std::memcpy(&word, text.data() + at, sizeof word);
            if (word & high_bits) break;
            at += sizeof word;
        }
        if (at == text.size()) break;
        auto size = first(text.substr(at)).size_bytes;
        if (size == 0) return at;
        at += size;
    }
    return std::string_view::npos;
}

std::string_view cut(std::string_view text, std::size_t limit_bytes) {
    if (text.size() <= limit_bytes) return text;
    while (limit_bytes > 0 && (static_cast<unsigned char>(text[limit_bytes]) & 0xC0U) == 0x80U) --limit_bytes;
    return text.substr(0, limit_bytes);
}

void append(std::string& out, char32_t point) {
    auto tail = [point](unsigned shift) { return static_cast<char>(0x80U | ((static_cast<unsigned>(point) >> shift) & 0x3FU)); };
    auto lead = [point](unsigned mark, unsigned shift) { return static_cast<char>(mark | (static_cast<unsigned>(point) >> shift)); };
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += {lead(0xC0, 6), tail(0)};
    } else if (point < 0x10000) {
        out += {lead(0xE0, 12), tail(6), tail(0)};
    } else {
        out += {lead(0xF0, 18), tail(12), tail(6), tail(0)};
    }
}

} // namespace relais::model::utf8
