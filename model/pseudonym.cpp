// SPDX-License-Identifier: EUPL-1.2
#include "model/pseudonym.hpp"

#include "model/sensitive.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace relais::model::pseudonyms {

namespace {

constexpr std::string_view name_mark = "[nom]", number_mark = "[numéro]", address_mark = "[adresse]";

// Words of a text with what stands between them; offsets into the text.
struct piece {
    std::string_view text;
    bool is_word = false;
    std::string folded = {};
};

bool is_word_byte(char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The typographic apostrophe and spaces are bytes above 127 that part words.
std::size_t gap_size(std::string_view at) {
    for (std::string_view gap :
         {"\xe2\x80\x99", "\xe2\x80\x98", "\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x93", "\xe2\x80\x94", "\xc2\xab", "\xc2\xbb"})
        if (at.starts_with(gap)) return gap.size();
    return 0;
}

std::vector<piece> pieces_of(std::string_view text) {
    std::vector<piece> out;
    for (std::size_t at = 0; at < text.size();) {
        auto start = at;
        auto gap = gap_size(text.substr(at));
        auto is_word = gap == 0 && is_word_byte(text[at]);
        at += gap > 0 ? gap : 1;
        while (at < text.size() && is_word && gap_size(text.substr(at)) == 0 && is_word_byte(text[at])) ++at;
        while (at < text.size() && !is_word && (gap_size(text.substr(at)) > 0 || !is_word_byte(text[at])))
            at += std::max<std::size_t>(1, gap_size(text.substr(at)));
        piece one{text.substr(start, at - start), is_word};
        if (is_word) one.folded = text::fold(one.text);
        out.push_back(std::move(one));
    }
    return out;
}

std::size_t digits_in(std::string_view word) { return static_cast<std::size_t>(std::count_if(word.begin(), word.end(), is_digit)); }

template <std::size_t size> bool is_one_of(const std::array<std::string_view, size>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr auto streets = std::to_array<std::string_view>(
    {"rue",      "avenue",  "av",      "boulevard", "bd",     "bld",    "place",       "allee",     "allees",
     "chemin",   "impasse", "route",   "quai",      "square", "cours",  "lotissement", "residence", "lieu",
     "faubourg", "passage", "sentier", "villa",     "cite",   "hameau", "ter",         "bis",       "quater"});
constexpr auto titles =
    std::to_array<std::string_view>({"monsieur", "madame", "mademoiselle", "m", "mr", "mme", "mlle", "mrs", "ms", "prenom", "nom", "maitre",
                                     "docteur", "dr", "appelle", "nomme", "nommee", "soussigne", "soussignee"});
constexpr auto closings = std::to_array<std::string_view>(
    {"cordialement", "salutations", "sincerement", "respectueusement", "bien a vous", "regards", "sincerely", "faithfully"});

bool starts_with_capital(std::string_view word) {
    return !word.empty() && ((word[0] >= 'A' && word[0] <= 'Z') || static_cast<unsigned char>(word[0]) == 0xc3);
}

// Everything after a closing formula is a signature.
std::string_view without_signature(std::string_view text) {
    auto all = pieces_of(text);
    for (const auto& each : all)
        if (each.is_word && is_one_of(closings, each.folded)) {
            auto end = static_cast<std::size_t>(each.text.data() - text.data()) + each.text.size();
            return text.substr(0, end);
        }
    return text;
}

std::set<std::string> words_of(const std::vector<std::string>& known) {
    std::set<std::string> out;
    for (const auto& each : known)
        for (const auto& one : pieces_of(each))
            if (one.is_word && one.folded.size() >= 2) out.insert(one.folded);
    return out;
}

// A number, then at once the kind of a street: the rest of the line is somebody's address.
bool begins_address(const std::vector<piece>& all, std::size_t at) {
    if (!is_digit(all[at].text[0])) return false;
    for (std::size_t next = at + 1, seen = 0; next < all.size() && seen < 2; ++next) {
        if (!all[next].is_word) {
            if (all[next].text.find('\n') != std::string_view::npos) return false;
            continue;
        }
        ++seen;
        if (is_one_of(streets, all[next].folded)) return true;
    }
    return false;
}

} // namespace

std::string hide(std::string_view text, const std::vector<std::string>& known) {
    auto hidden = words_of(known);
    auto masked = sensitive::mask_for_export(without_signature(text));
    auto all = pieces_of(masked);
    std::string out;
    bool after_title = false;
    for (std::size_t at = 0; at < all.size(); ++at) {
        const auto& each = all[at];
        if (!each.is_word) {
            if (each.text.find_first_of("\n.") != std::string_view::npos && each.text != ". ") after_title = false;
            out += each.text;
            continue;
        }
        constexpr std::size_t long_number = 4;
        if (begins_address(all, at)) {
            out += address_mark;
            while (at + 1 < all.size() && all[at + 1].text.find('\n') == std::string_view::npos) ++at;
            after_title = false;
        } else if (hidden.contains(each.folded)) {
            out += name_mark;
        } else if (digits_in(each.text) >= long_number) {
            out += number_mark;
        } else if (after_title && starts_with_capital(each.text) && !is_one_of(titles, each.folded)) {
            out += name_mark;
            continue; // a first name, then a name
        } else {
            out += each.text;
        }
        after_title = is_one_of(titles, each.folded);
    }
    return out;
}

} // namespace relais::model::pseudonyms
