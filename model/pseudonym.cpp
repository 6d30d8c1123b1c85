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
// Those that mean little else: a street without its number.
constexpr auto plain_streets = std::to_array<std::string_view>({"rue", "avenue", "boulevard", "bd", "bld", "allee", "allees", "chemin",
                                                                "impasse", "quai", "lotissement", "residence", "faubourg", "hameau"});
constexpr auto street_links = std::to_array<std::string_view>({"de", "du", "des", "d", "la", "le", "les", "l", "saint", "sainte"});
constexpr auto titles = std::to_array<std::string_view>(
    {"monsieur",  "madame",   "mademoiselle", "m",         "mr",      "mme",   "mlle",   "mrs",       "ms",         "prenom",
     "nom",       "maitre",   "docteur",      "dr",        "appelle", "nomme", "nommee", "soussigne", "soussignee", "suis",
     "mari",      "epoux",    "epouse",       "femme",     "fils",    "fille", "frere",  "soeur",     "pere",       "mere",
     "compagnon", "compagne", "conjoint",     "conjointe", "ami",     "amie",  "cousin", "cousine"});
constexpr auto spoken_digits = std::to_array<std::string_view>(
    {"zero",  "un",     "deux",     "trois",  "quatre", "cinq",  "six",    "sept",   "huit",     "neuf",      "dix",      "onze",
     "douze", "treize", "quatorze", "quinze", "seize",  "vingt", "vingts", "trente", "quarante", "cinquante", "soixante", "et"});
constexpr auto closings = std::to_array<std::string_view>(
    {"cordialement", "salutations", "sincerement", "respectueusement", "bien a vous", "regards", "sincerely", "faithfully"});

bool starts_with_capital(std::string_view word) {
    return !word.empty() && ((word[0] >= 'A' && word[0] <= 'Z') || static_cast<unsigned char>(word[0]) == 0xc3);
}

// A group of digits, as people write them: "O6" begins a telephone number too.
bool is_digit_group(std::string_view word) {
    auto is_like_one = [](char c) { return is_digit(c) || c == 'O' || c == 'o' || c == 'l' || c == 'I'; };
    return digits_in(word) > 0 && std::all_of(word.begin(), word.end(), is_like_one);
}

// The last of the words that follow one another on the line from here on and are alike.
template <class Like> std::size_t last_alike(const std::vector<piece>& all, std::size_t at, Like is_alike) {
    constexpr std::string_view parts = "\n,;:";
    auto last = at;
    for (auto next = at + 1; next < all.size(); ++next) {
        if (!all[next].is_word && all[next].text.find_first_of(parts) != std::string_view::npos) break;
        if (all[next].is_word && !is_alike(all[next])) break;
        if (all[next].is_word) last = next;
    }
    return last;
}

// A telephone or a NEPH cut in any way, or spoken digit by digit; `at` itself when it is none. A date has eight digits.
std::size_t end_of_number(const std::vector<piece>& all, std::size_t at) {
    constexpr std::size_t long_number = 9, spoken_words = 5;
    if (is_digit_group(all[at].text)) {
        auto last = last_alike(all, at, [](const piece& one) { return is_digit_group(one.text); });
        std::size_t digits = 0;
        for (auto each = at; each <= last; ++each)
            if (all[each].is_word) digits += all[each].text.size();
        return digits >= long_number ? last : at;
    }
    auto is_spoken = [](const piece& one) { return is_one_of(spoken_digits, one.folded); };
    if (!is_spoken(all[at])) return at;
    auto last = last_alike(all, at, is_spoken);
    return (last - at) / 2 + 1 >= spoken_words ? last : at;
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

// "12", "rue" and "des" of somebody's address are everybody's words.
bool says_who(const std::string& word) {
    constexpr std::size_t shortest = 2, shortest_number = 4;
    auto is_common = is_one_of(streets, word) || is_one_of(street_links, word);
    return word.size() >= (digits_in(word) == word.size() ? shortest_number : shortest) && !is_common;
}

std::set<std::string> words_of(const std::vector<std::string>& known) {
    std::set<std::string> out;
    constexpr std::size_t run_together = 3; // "ndiaye", "jeanpierre", "zoendiaye"
    for (const auto& each : known) {
        std::vector<std::string> words;
        for (auto& one : pieces_of(each))
            if (one.is_word) words.push_back(std::move(one.folded));
        for (std::size_t from = 0; from < words.size(); ++from) {
            std::string joined;
            for (auto at = from; at < std::min(from + run_together, words.size()); ++at) {
                joined += words[at];
                if (says_who(joined)) out.insert(joined);
            }
        }
    }
    return out;
}

// A number, then soon the kind of a street; or a street by its name: the rest of the line is somebody's address.
bool begins_address(const std::vector<piece>& all, std::size_t at) {
    constexpr std::size_t soon = 2, soon_for_plain = 4; // words: "au 3 de la rue"
    auto is_numbered = is_digit(all[at].text[0]);
    if (!is_numbered && !is_one_of(plain_streets, all[at].folded)) return false;
    for (std::size_t next = at + 1, seen = 0; next < all.size() && seen < soon_for_plain; ++next) {
        if (!all[next].is_word) {
            if (all[next].text.find('\n') != std::string_view::npos) return false;
            continue;
        }
        if (!is_numbered) return is_one_of(street_links, all[next].folded) || starts_with_capital(all[next].text);
        ++seen;
        if (seen <= soon ? is_one_of(streets, all[next].folded) : is_one_of(plain_streets, all[next].folded)) return true;
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
            if (each.text.find('\n') != std::string_view::npos) after_title = false;
            out += each.text;
            continue;
        }
        constexpr std::size_t long_number = 4, zip_code = 5;
        if (auto end = end_of_number(all, at); end != at) {
            out += number_mark;
            at = end;
            after_title = false;
        } else if (begins_address(all, at)) {
            out += address_mark;
            while (at + 1 < all.size() && all[at + 1].text.find('\n') == std::string_view::npos) ++at;
            after_title = false;
        } else if (hidden.contains(each.folded)) {
            out += name_mark;
        } else if (digits_in(each.text) >= long_number) {
            out += number_mark;
            if (each.text.size() == zip_code && digits_in(each.text) == zip_code) { // a town follows
                after_title = true;
                continue;
            }
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

std::string hide_code(std::string_view code, const std::vector<std::string>& known) {
    constexpr std::size_t longest_code = 24, most_digits = 5;
    auto words = words_of(known);
    auto all = pieces_of(code);
    auto is_known = std::any_of(all.begin(), all.end(), [&](const piece& one) { return words.contains(one.folded); });
    auto is_one_word = code.size() <= longest_code && code.find_first_of(" @\n\t") == std::string_view::npos;
    return is_one_word && !is_known && digits_in(code) <= most_digits ? std::string(code) : hide(code, known);
}

} // namespace relais::model::pseudonyms
