// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/letters.hpp"

#include "model/utf8.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <array>

namespace relais::model::grouping {
namespace {

char32_t straight(char32_t point) {
    switch (point) {
    case 0x2018:
    case 0x2019:
    case 0x201B:
    case 0x02BC:
    case 0x00B4:
    case '`':
    case 0xFF07:
        return '\'';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2212:
        return '-';
    default:
        return point;
    }
}

// The letter under the accents; the ligatures that a canonical decomposition does not open.
void fold(letter& one) {
    switch (one.shape) {
    case 0x0153:
        one.folded = 'o', one.folded_second = 'e';
        return;
    case 0x00E6:
        one.folded = 'a', one.folded_second = 'e';
        return;
    case 0x00DF:
        one.folded = 's', one.folded_second = 's';
        return;
    case 0x00F8:
        one.folded = 'o';
        return;
    case 0x0142:
        one.folded = 'l';
        return;
    default:
        break;
    }
    UErrorCode error = U_ZERO_ERROR;
    const auto* forms = icu::Normalizer2::getNFDInstance(error);
    icu::UnicodeString parts;
    const bool is_composed = U_SUCCESS(error) && forms->getDecomposition(static_cast<UChar32>(one.shape), parts);
    one.folded = is_composed ? static_cast<char32_t>(parts.char32At(0)) : one.shape;
}

letter describe(char32_t point) {
    letter one;
    const auto straightened = static_cast<UChar32>(straight(point));
    one.shape = static_cast<char32_t>(u_tolower(straightened));
    one.was_upper = static_cast<UChar32>(one.shape) != straightened;
    const bool is_mark = u_getCombiningClass(straightened) != 0;
    if (u_isalpha(straightened) || is_mark) one.kind = letter_kind::letter;
    if (u_isdigit(straightened)) one.kind = letter_kind::digit;
    if (!is_mark) fold(one);
    return one;
}

// Nearly every letter people type here is below this.
constexpr char32_t table_size = 0x250;

const std::array<letter, table_size>& table() {
    static const auto made = [] {
        std::array<letter, table_size> all;
        for (char32_t point = 0; point < table_size; ++point) all[point] = describe(point);
        return all;
    }();
    return made;
}

std::string compose(std::string_view text) {
    UErrorCode error = U_ZERO_ERROR;
    const auto* form = icu::Normalizer2::getNFCInstance(error);
    std::string out;
    icu::StringByteSink<std::string> sink(&out);
    form->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), sink, nullptr, error);
    return U_SUCCESS(error) ? out : std::string(text);
}

// Combining marks (U+0300 to U+036F) begin with these bytes: without them, what people type is composed already.
bool has_marks(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return c == '\xCC' || c == '\xCD'; });
}

} // namespace

std::vector<letter> lower_letters(std::string_view text) {
    std::string composed;
    if (has_marks(text)) {
        composed = compose(text);
        text = composed;
    }
    std::vector<letter> letters;
    letters.reserve(text.size());
    while (!text.empty()) {
        const auto found = utf8::first(text);
        const auto point = found.size_bytes == 0 ? U' ' : found.code_point;
        text.remove_prefix(std::max<std::size_t>(found.size_bytes, 1));
        letters.push_back(point < table_size ? table()[point] : describe(point));
    }
    return letters;
}

void append_shape(std::string& out, const letter& one) { utf8::append(out, one.shape); }

void append_folded(std::string& out, const letter& one) {
    if (one.folded != 0) utf8::append(out, one.folded);
    if (one.folded_second != 0) utf8::append(out, one.folded_second);
}

} // namespace relais::model::grouping
