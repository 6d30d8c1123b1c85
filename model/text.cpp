// SPDX-License-Identifier: EUPL-1.2
#include "model/text.hpp"

#include "model/utf8.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <cstdint>

namespace relais::model::text {
namespace {

enum class kind { line, message };

// UAX 15 "stream-safe": no language puts more marks on a letter. It also keeps normalisation linear on hostile input.
constexpr int marks_limit = 30;
constexpr UChar32 first_mark = 0x0300;
// NFC never shrinks a text more than this, so a longer one is refused before any work is done on it.
constexpr std::size_t bytes_per_code_point = 4 * 3;

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// The next code point, or a negative value when the bytes are malformed. Moves past it. Expects at < text.size().
UChar32 next(std::string_view text, std::size_t& at) {
    if (const auto byte = static_cast<unsigned char>(text[at]); byte < 0x80) return ++at, byte; // nearly all
    const auto found = utf8::first(text.substr(at));
    at += std::max<std::size_t>(found.size_bytes, 1);
    return found.size_bytes == 0 ? -1 : static_cast<UChar32>(found.code_point);
}

void append(std::string& out, UChar32 point) { utf8::append(out, static_cast<char32_t>(point)); }

bool is_bidi_control(UChar32 point) {
    return point == 0x061C || point == 0x200E || point == 0x200F || (point >= 0x202A && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069);
}

bool is_hyphen(UChar32 point) { return u_charType(point) == U_DASH_PUNCTUATION || point == 0x2212 || point == 0x00AD; }

bool is_apostrophe(UChar32 point) {
    return point == '\'' || point == '`' || point == 0x00B4 || point == 0x02BC || point == 0x02B9 || point == 0x2018 || point == 0x2019 ||
           point == 0x201B || point == 0x2032 || point == 0xFF07;
}

bool is_space(UChar32 point) {
    if (point > ' ' && point < 0x7F) return false; // nearly all
    return u_isUWhiteSpace(point) || point == 0x200B || point == 0xFEFF;
}

// A run of combining marks is cut after marks_limit of them.
struct mark_counter {
    int run = 0;
    bool too_many(UChar32 point) {
        run = point < first_mark || u_getCombiningClass(point) == 0 ? 0 : run + 1;
        return run > marks_limit;
    }
};

std::string normalise(const icu::Normalizer2* form, std::string_view text) {
    UErrorCode error = U_ZERO_ERROR;
    std::string out;
    out.reserve(text.size() + 16);
    icu::StringByteSink<std::string> sink(&out);
    form->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), sink, nullptr, error);
    return U_SUCCESS(error) ? out : std::string(text);
}

const icu::Normalizer2* nfc() {
    static const icu::Normalizer2* const form = [] {
        UErrorCode error = U_ZERO_ERROR;
        return icu::Normalizer2::getNFCInstance(error);
    }();
    return form;
}

const icu::Normalizer2* nfd() {
    static const icu::Normalizer2* const form = [] {
        UErrorCode error = U_ZERO_ERROR;
        return icu::Normalizer2::getNFDInstance(error);
    }();
    return form;
}

const icu::Normalizer2* compatible_caseless() {
    static const icu::Normalizer2* const form = [] {
        UErrorCode error = U_ZERO_ERROR;
        return icu::Normalizer2::getNFKCCasefoldInstance(error);
    }();
    return form;
}

std::string_view trim(std::string_view text) {
    std::size_t begin = 0;
    for (std::size_t at = 0; at < text.size(); begin = at) {
        if (auto point = next(text, at); point < 0 || !is_space(point)) break;
    }
    std::size_t end = begin;
    for (std::size_t at = begin; at < text.size();) {
        if (auto point = next(text, at); point < 0 || !is_space(point)) end = at;
    }
    return text.substr(begin, end - begin);
}

// Refuses, strips and copies code point by code point; returns the code of the refusal, or an empty text.
std::string_view filter(std::string_view typed, kind as, std::string& out) {
    mark_counter marks;
    for (std::size_t at = 0; at < typed.size();) {
        auto point = next(typed, at);
        if (point < 0 || point == 0xFFFE || point == 0xFFFF) return "malformed"; // the last two cannot be written in XML
        if (as == kind::message && point == '\r') {
            if (at < typed.size() && typed[at] == '\n') ++at;
            point = '\n';
        }
        if (point >= ' ' && point <= '~') { // nearly all
            marks.run = 0;
            out += static_cast<char>(point);
            continue;
        }
        const bool is_layout = as == kind::message && (point == '\n' || point == '\t');
        if (!is_layout && u_charType(point) == U_CONTROL_CHAR) return "control";
        if (as == kind::line && (point == 0x2028 || point == 0x2029)) return "control";
        if (as == kind::line && is_bidi_control(point)) continue;
        if (!marks.too_many(point)) append(out, point);
    }
    return {};
}

checked check(std::string_view typed, std::size_t limit, kind as) {
    const auto body = trim(typed);
    if (body.size() / bytes_per_code_point > limit) return refused(utf8::is_valid(body) ? "too_long" : "malformed");
    std::string kept;
    kept.reserve(body.size());
    if (auto code = filter(body, as, kept); !code.empty()) return refused(std::string(code));
    if (!is_ascii(kept)) kept = normalise(nfc(), kept);
    kept = std::string(trim(kept)); // once more: a control that was left out may have hidden a space
    if (code_points(kept) > limit) return refused("too_long");
    return valid(std::move(kept));
}

std::optional<std::string> only_valid(checked value) {
    if (!value.accepted()) return std::nullopt;
    return std::move(value.normalised);
}

// Letters that carry no separable accent, so that decomposition leaves them as they are.
std::string_view plain_letters(UChar32 point) {
    switch (point) {
    case 0x00E6:
        return "ae";
    case 0x0153:
        return "oe";
    case 0x00F8:
        return "o";
    case 0x0142:
        return "l";
    case 0x0111:
        return "d";
    case 0x00F0:
        return "d";
    case 0x00FE:
        return "th";
    case 0x0127:
        return "h";
    case 0x0131:
        return "i";
    case 0x0167:
        return "t";
    case 0x014B:
        return "n";
    default:
        return {};
    }
}

bool separates(UChar32 point) { return is_space(point) || is_hyphen(point) || is_apostrophe(point) || u_charType(point) == U_CONTROL_CHAR; }

struct folded {
    std::string text;
    bool gap = false;
    void put(UChar32 point) {
        const bool is_plain = (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9'); // nearly all
        if (!is_plain && separates(point)) {
            gap = true;
            return;
        }
        if (!is_plain && u_charType(point) == U_NON_SPACING_MARK) return;
        if (gap && !text.empty()) text += ' ';
        gap = false;
        if (auto plain = plain_letters(point); !plain.empty())
            text += plain;
        else
            append(text, point);
    }
};

std::string without_excess_marks(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    mark_counter marks;
    for (std::size_t at = 0; at < text.size();) {
        auto point = next(text, at);
        if (point < 0) point = 0xFFFD;
        // The soft hyphen is dropped by case folding, but separates the parts of a name here.
        if (!marks.too_many(point)) append(out, point == 0x00AD ? '-' : point);
    }
    return out;
}

template <class Test> std::string upper_without(std::string_view typed, Test&& is_left_out) {
    std::string out;
    out.reserve(typed.size());
    for (std::size_t at = 0; at < typed.size();) {
        auto point = next(typed, at);
        if (point < 0) point = 0xFFFD;
        if (is_left_out(point) || is_bidi_control(point)) continue;
        append(out, point >= 'a' && point <= 'z' ? point - 'a' + 'A' : point);
    }
    return out;
}

} // namespace

checked check_line(std::string_view typed, std::size_t limit) { return check(typed, limit, kind::line); }
checked check_message(std::string_view typed, std::size_t limit) { return check(typed, limit, kind::message); }
std::optional<std::string> clean_line(std::string_view typed, std::size_t limit) { return only_valid(check_line(typed, limit)); }
std::optional<std::string> clean_message(std::string_view typed, std::size_t limit) { return only_valid(check_message(typed, limit)); }

std::string fold(std::string_view text) {
    folded out;
    out.text.reserve(text.size());
    if (is_ascii(text)) {
        for (char c : text) out.put(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        return std::move(out.text);
    }
    const auto decomposed = normalise(nfd(), normalise(compatible_caseless(), without_excess_marks(text)));
    for (std::size_t at = 0; at < decomposed.size();) {
        auto point = next(decomposed, at);
        out.put(point < 0 ? 0xFFFD : point);
    }
    return std::move(out.text);
}

std::size_t code_points(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count) next(text, at);
    return count;
}

std::string upper_without_spaces(std::string_view typed) { return upper_without(typed, is_space); }

std::string compact(std::string_view typed) {
    return upper_without(typed, [](UChar32 point) { return point == '.' || is_space(point) || is_hyphen(point); });
}

} // namespace relais::model::text
