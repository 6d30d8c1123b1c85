// SPDX-License-Identifier: EUPL-1.2
#include "model/sensitive.hpp"

#include "model/character_groups.hpp"
#include "model/digits.hpp"
#include "model/iban.hpp"
#include "model/nir.hpp"
#include "model/payment_card.hpp"
#include "model/photo_code.hpp"

#include <algorithm>

namespace relais::model::sensitive {
namespace {

// A run of bytes to hide, and what stands in its place.
struct found {
    std::size_t end = 0; // 0: nothing to hide here
    std::string instead = {};
};

constexpr std::size_t nir_length = 15;
constexpr std::size_t longest_card = 19;
constexpr std::size_t shortest_card = 13;
constexpr std::size_t longest_password = 64;
constexpr std::size_t context_bytes = 48;
constexpr std::size_t password_stars = 8; // at most: what is masked fits where the text did

// Separators stay, letters and digits become stars, except the first and last ones to be kept.
std::string stars(std::string_view text, std::size_t keep_first, std::size_t keep_last) {
    const auto total = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_group_character));
    std::string out(text);
    std::size_t at = 0;
    for (char& c : out) {
        if (!is_group_character(c)) continue;
        if (at >= keep_first && at + keep_last < total) c = '*';
        ++at;
    }
    return out;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// The words just before, in lower case.
std::string context(std::string_view text, std::size_t at) {
    const auto from = at > context_bytes ? at - context_bytes : 0;
    std::string out(text.substr(from, at - from));
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

// Where the last of these words begins, or npos.
std::size_t last_of(const std::string& words, std::initializer_list<std::string_view> any) {
    std::size_t last = std::string::npos;
    for (auto each : any) {
        const auto at = words.rfind(each);
        if (at != std::string::npos && (last == std::string::npos || at > last)) last = at;
    }
    return last;
}

bool speaks_of(const std::string& words, std::initializer_list<std::string_view> any) { return last_of(words, any) != std::string::npos; }

found find_nir(std::string_view text, std::size_t at, const character_groups& groups) {
    // 1 84 12 76 451 089 46: groups end where the parts of the number do, which no telephone number's do.
    const auto is_part = [](std::size_t size) {
        return size == 1 || size == 2 || size == 3 || size == 5 || size == 6 || size == 10 || size == 13;
    };
    const auto hidden = [&](std::size_t count) -> found {
        const auto end = groups.end_after(count);
        const bool starts_alone = groups.end_after(1) != 0 || groups.end_after(13) != 0 || groups.end_after(nir_length) != 0;
        if (end == 0 || !starts_alone || !groups.groups_are(count, is_part)) return {};
        return {end, stars(text.substr(at, end - at), 0, 0)};
    };
    if (groups.size() >= nir_length && nirs::is_nir(groups.first(nir_length))) return hidden(nir_length);
    const bool has_shape = groups.end_after(13) != 0 && nirs::has_shape(groups.first(13));
    if (has_shape && speaks_of(context(text, at), {"secu", "s\u00E9cu", "social", "vitale", " nir ", "nir:"})) return hidden(13);
    return {};
}

found find_iban(std::string_view text, std::size_t at, const character_groups& groups) {
    const auto length = groups.size() < 4 ? 0 : ibans::length(groups.first(2));
    const auto end = groups.end_after(length);
    if (length == 0 || end == 0 || !ibans::is_iban(groups.first(length))) return {};
    return {end, stars(text.substr(at, end - at), 2, 0)};
}

found find_card(std::string_view text, std::size_t at, const character_groups& groups) {
    if (at > 0 && text[at - 1] == '+') return {}; // a telephone number
    for (std::size_t count = std::min(groups.size(), longest_card); count >= shortest_card; --count) {
        const auto end = groups.end_after(count);
        if (end == 0 || !payment_cards::is_card_number(groups.first(count))) continue;
        // Fours as on the card, or 4-6-5; never the twos of a telephone number or the sixes of a NEPH.
        const bool fours = groups.groups_are(count, [](std::size_t size) { return size == 4 || size == 8; });
        const bool four_six = groups.end_after(4) != 0 && groups.end_after(10) != 0;
        if (fours || four_six) return {end, stars(text.substr(at, end - at), 0, 4)};
    }
    return {};
}

bool mixes_letters_and_digits(std::string_view code) {
    const auto count = std::count_if(code.begin(), code.end(), digits::is_digit);
    return count >= 2 && static_cast<std::ptrdiff_t>(code.size()) - count >= 2;
}

found find_photo_code(std::string_view text, std::size_t at, const character_groups& groups) {
    for (std::size_t count = photo_codes::shortest; count <= photo_codes::longest; ++count) {
        const auto end = groups.end_after(count);
        if (end == 0 || !mixes_letters_and_digits(groups.first(count))) continue;
        const auto words = context(text, at);
        const auto photo = last_of(words, {"photo", "foto"});
        const auto dossier = last_of(words, {"dossier", "demande"});
        const bool is_said = photo != std::string::npos && (dossier == std::string::npos || photo > dossier);
        const bool is_one_word = end - at == count;
        const bool is_usual = count == photo_codes::usual_length;
        // Written in groups, they are equal: the words of a sentence are not.
        const auto size = groups.end_after(4) != 0 ? 4U : groups.end_after(2) != 0 ? 2U : 0U;
        const bool is_grouped = size != 0 && groups.groups_are(count, [size](std::size_t each) { return each == size; });
        const bool is_code = is_one_word ? is_said || (is_usual && dossier == std::string::npos) : is_said && is_usual && is_grouped;
        if (is_code) return {end, photo_codes::mask(groups.first(count))};
    }
    return {};
}

std::size_t skip_spaces(std::string_view text, std::size_t at) {
    for (;;) {
        if (text.substr(at).starts_with(' '))
            at += 1;
        else if (text.substr(at).starts_with("\u00A0"))
            at += 2;
        else if (text.substr(at).starts_with("\u202F"))
            at += 3;
        else
            return at;
    }
}

// "mot de passe : xxx": the word after the colon, when it has a digit, since "mot de passe : oublié" is not one.
found find_password(std::string_view text, std::size_t at, std::size_t word_end) {
    std::string word(text.substr(at, std::min<std::size_t>(word_end - at, 12)));
    std::transform(word.begin(), word.end(), word.begin(), lower);
    const bool is_named = word == "mdp" || word == "password" || (word == "passe" && context(text, at).ends_with("mot de "));
    if (!is_named) return {};
    auto from = skip_spaces(text, word_end);
    if (from == text.size() || (text[from] != ':' && text[from] != '=')) return {};
    from = skip_spaces(text, from + 1);
    const auto password = text.substr(from, longest_password + 1);
    const auto size = std::min(password.find_first_of(" \n\t"), password.size());
    const bool has_digit = std::any_of(password.begin(), password.begin() + static_cast<std::ptrdiff_t>(size), digits::is_digit);
    if (size > longest_password || !has_digit) return {};
    return {from + size, std::string(text.substr(at, from - at)) + std::string(std::min(size, password_stars), '*')};
}

// Whatever is a number or a code holds a digit, and is written within this many bytes.
constexpr std::size_t reach_bytes = character_groups::longest_bytes;

class any_finder {
public:
    found operator()(std::string_view text, std::size_t at, std::size_t word_end) {
        if (has_digit_ahead(text, at)) {
            const character_groups groups(text, at);
            if (auto hidden = find_nir(text, at, groups); hidden.end != 0) return hidden;
            if (auto hidden = find_iban(text, at, groups); hidden.end != 0) return hidden;
            if (auto hidden = find_card(text, at, groups); hidden.end != 0) return hidden;
            if (auto hidden = find_photo_code(text, at, groups); hidden.end != 0) return hidden;
        }
        return find_password(text, at, word_end);
    }

private:
    // Most words of most texts have no digit near, and need no more than this.
    bool has_digit_ahead(std::string_view text, std::size_t at) {
        if (digit_ < at || at == 0)
            digit_ = static_cast<std::size_t>(std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), digits::is_digit) -
                                              text.begin());
        return digit_ < std::min(text.size(), at + reach_bytes);
    }
    std::size_t digit_ = 0; // the next one
};

std::size_t end_of_word(std::string_view text, std::size_t at) {
    while (at < text.size() && is_group_character(text[at])) ++at;
    return at;
}

// Looks at each place where a group of letters and digits begins, once.
template <class Finder> std::string replace_words(std::string_view text, Finder&& find) {
    std::string out;
    out.reserve(text.size() + 16);
    for (std::size_t at = 0; at < text.size();) {
        if (!is_group_character(text[at])) {
            out += text[at++];
            continue;
        }
        const auto word_end = end_of_word(text, at);
        const auto hidden = find(text, at, word_end);
        if (hidden.end == 0)
            out += text.substr(at, word_end - at);
        else
            out += hidden.instead;
        at = hidden.end == 0 ? word_end : hidden.end;
    }
    return out;
}

// A NEPH (12 digits, also 6 and 6, or 4 2 2 4...) or a telephone: 9 to 15 digits that begin as one.
found find_number(std::string_view text, std::size_t at, std::size_t) {
    const character_groups groups(text, at);
    const bool is_international = at > 0 && text[at - 1] == '+';
    for (std::size_t count = std::min<std::size_t>(groups.size(), 15); count >= 9; --count) {
        const auto end = groups.end_after(count);
        if (end == 0 || !digits::all(groups.first(count))) continue;
        const bool is_telephone = is_international || (count == 10 && groups.first(1) == "0") || groups.first(2) == "00";
        if (is_telephone || count == 12) return {end, stars(text.substr(at, end - at), 0, 2)};
    }
    return {};
}

bool is_address_character(char c) { return is_group_character(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%' || c == '\''; }

std::string mask_addresses(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool is_at_sign = text[at] == '@' && at + 1 < text.size() && is_group_character(text[at + 1]);
        if (!is_at_sign || out.empty() || !is_address_character(out.back())) {
            out += text[at];
            continue;
        }
        while (!out.empty() && is_address_character(out.back())) out.pop_back();
        out += "***@***";
        while (at + 1 < text.size() && is_address_character(text[at + 1])) ++at;
        if (text[at] == '.') out += '.'; // the end of the sentence
    }
    return out;
}

} // namespace

std::string mask(std::string_view text) { return replace_words(text, any_finder{}); }

std::string mask_for_export(std::string_view text) { return mask_addresses(replace_words(mask(text), find_number)); }

} // namespace relais::model::sensitive
