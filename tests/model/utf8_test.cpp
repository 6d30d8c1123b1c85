// SPDX-License-Identifier: EUPL-1.2
#include "model/utf8.hpp"

#include <catch2/catch.hpp>

namespace utf8 = relais::model::utf8;

TEST_CASE("every code point is written and read back", "[utf8]") {
    std::size_t wrong = 0;
    for (char32_t point = 0; point < 0x110000; ++point) {
        if (point >= 0xD800 && point <= 0xDFFF) continue;
        std::string text;
        utf8::append(text, point);
        auto [read, size] = utf8::first(text);
        bool whole = read == point && size == text.size() && utf8::is_valid(text);
        bool cut = text.size() == 1 || !utf8::is_valid(text.substr(0, text.size() - 1));
        if (!whole || !cut) ++wrong;
    }
    CHECK(wrong == 0);
}

TEST_CASE("what is not UTF-8 is found where it stands", "[utf8]") {
    struct {
        std::string text;
        std::size_t at;
    } cases[] = {
        {"\x80", 0},
        {"abc\xFF", 3},
        {"0123456789\xC3", 10},
        {"01234567\xC3\xA9\xC0\xAF", 10}, // overlong '/'
        {"\xE0\x80\xAF", 0},              // overlong in three bytes
        {"\xF0\x80\x80\xAF", 0},          // overlong in four bytes
        {"\xED\xA0\x80", 0},              // surrogate
        {"\xF4\x90\x80\x80", 0},          // above U+10FFFF
        {"\xF8\x88\x80\x80\x80", 0},      // five bytes
        {"\xE2\x82", 0},
        {"\xE2\x28\xA1", 0},
    };
    for (const auto& one : cases) CHECK(utf8::find_invalid(one.text) == one.at);
    CHECK(utf8::is_valid("Zoé 😀 \xF4\x8F\xBF\xBF"));
    CHECK(utf8::is_valid(""));
}
