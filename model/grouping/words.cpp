// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/words.hpp"

#include "model/grouping/letters.hpp"

#include <algorithm>
#include <array>

namespace relais::model::grouping {
namespace {

constexpr std::size_t longest_word = 40;       // letters; longer is not a word
constexpr std::size_t longest_kept_digits = 5; // 404, 75001 and 2024 mean something; a longer number names one person or one file
constexpr std::size_t shortest_secret = 10;    // letters and digits mixed: "PGA-2101" is a fact, "7O4KD2M9OPQ1" is one person's

bool is_space(char32_t point) { return point == ' ' || (point >= 9 && point <= 13) || point == 0xA0 || point == 0x202F || point == 0x2009; }

// A line that begins what the writer did not write: an answer quoted, a signature.
bool begins_quote(std::string_view line) {
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
    if (line == "--" || line == "-- ") return true;
    const bool is_french_reply = line.starts_with("Le ") && line.ends_with("a \xC3\xA9"
                                                                           "crit :");
    const bool is_english_reply = line.starts_with("On ") && line.ends_with(" wrote:");
    return is_french_reply || is_english_reply || line.starts_with("-----Original Message") || line.starts_with("-----Message d'origine") ||
           line.starts_with("Envoy\xC3\xA9 de mon ") || line.starts_with("Sent from my ");
}

// The text without its quoted lines, nor what follows a signature.
std::string own_words(std::string_view text) {
    std::string kept;
    kept.reserve(text.size());
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        if (begins_quote(line)) break;
        if (!line.starts_with('>')) kept.append(line).push_back('\n');
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return kept;
}

class reader {
public:
    reader(std::string_view text, language in) : letters_(lower_letters(text)), in_(in) {}

    std::vector<word> read() {
        while (at_ < letters_.size() && words_.size() < words_limit) {
            if (is_space(letters_[at_].shape)) {
                ++at_;
                continue;
            }
            read_chunk();
        }
        return std::move(words_);
    }

private:
    // What stands between two spaces.
    void read_chunk() {
        auto end = at_;
        bool has_at = false;
        for (; end < letters_.size() && !is_space(letters_[end].shape); ++end) has_at = has_at || letters_[end].shape == '@';
        if (has_at && end - at_ > 4) return keep_kind("<mail>", end);
        if (starts_with("http://") || starts_with("https://") || starts_with("www.")) return keep_kind("<link>", end);
        while (at_ < end && words_.size() < words_limit) {
            if (letters_[at_].kind == letter_kind::digit && read_number()) {
                end = std::max(end, at_);
                continue;
            }
            if (letters_[at_].kind == letter_kind::other) {
                ++at_;
                continue;
            }
            read_word(end);
        }
    }

    bool starts_with(std::string_view wanted) const {
        if (letters_.size() - at_ < wanted.size()) return false;
        return std::equal(wanted.begin(), wanted.end(), letters_.begin() + static_cast<std::ptrdiff_t>(at_),
                          [](char one, const letter& other) { return static_cast<char32_t>(one) == other.shape; });
    }

    void keep_kind(const char* kind, std::size_t end) {
        words_.push_back({kind, kind});
        at_ = end;
    }

    bool is_digit(std::size_t where) const { return where < letters_.size() && letters_[where].kind == letter_kind::digit; }
    bool is_letter(std::size_t where) const { return where < letters_.size() && letters_[where].kind == letter_kind::letter; }

    // Digits, and groups of digits with one separator between: a telephone, a date, a version, a price. False: letters follow, so it is a
    // word that holds digits.
    bool read_number() {
        auto end = at_;
        std::size_t digits = 0, groups = 0, first_end = at_;
        bool has_slash = false, has_space = false;
        for (auto group = at_;;) {
            const auto begin = group;
            while (is_digit(group)) ++group;
            digits += group - begin;
            end = group;
            if (++groups == 1) first_end = end;
            const auto separator = group < letters_.size() ? letters_[group].shape : U' ';
            if (!is_digit(group + 1) || group - begin > 4 || groups > 8) break;
            if (separator == '/' || separator == '-')
                has_slash = true;
            else if (is_space(separator))
                has_space = true;
            else if (separator != '.' && separator != ',' && separator != ':')
                break;
            ++group;
        }
        if (has_space && digits < 9) { // two numbers side by side
            end = first_end;
            digits = end - at_;
            has_slash = false;
        }
        if (is_letter(end)) return false;
        if (digits > longest_kept_digits && digits != 8)
            keep_kind("<number>", end);
        else if (has_slash || digits == 8)
            keep_kind("<date>", end);
        else
            keep_word(end);
        return true;
    }

    // A word; hyphens stay inside when a digit stands beside them ("PGA-2101"), and part words otherwise.
    void read_word(std::size_t limit) {
        auto end = at_;
        std::size_t digits = 0;
        while (end < limit) {
            const bool joins = letters_[end].shape == '-' && end + 1 < limit && letters_[end + 1].kind != letter_kind::other &&
                               (is_digit(end + 1) || (end > at_ && is_digit(end - 1)));
            if (letters_[end].kind == letter_kind::other && !joins) break;
            digits += letters_[end].kind == letter_kind::digit;
            ++end;
        }
        if (end == at_) ++end;
        const auto length = end - at_;
        if (digits >= 3 && length >= shortest_secret) return keep_kind("<code>", end);
        const bool is_elided =
            end < letters_.size() && letters_[end].kind == letter_kind::other && letters_[end].shape == '\'' && length <= 2;
        if (is_elided || length > longest_word) {
            at_ = end;
            return;
        }
        keep_word(end);
    }

    void keep_word(std::size_t end) {
        word found;
        char32_t before = 0, twice = 0;
        for (; at_ < end; ++at_) {
            const auto& letter = letters_[at_];
            const bool is_third = letter.kind == letter_kind::letter && letter.shape == before && letter.shape == twice;
            twice = before;
            before = letter.shape;
            if (is_third) continue; // "urgenttttt"
            append_shape(found.shape, letter);
            append_folded(found.folded, letter);
        }
        if (found.folded.size() < 2 || is_stop_word(found.folded, in_)) return;
        words_.push_back(std::move(found));
    }

    std::vector<letter> letters_;
    language in_;
    std::size_t at_ = 0;
    std::vector<word> words_;
};

} // namespace

std::vector<word> read_words(std::string_view text, language in) { return reader(own_words(text), in).read(); }

} // namespace relais::model::grouping
