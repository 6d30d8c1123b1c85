// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_keys.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

namespace relais::model::dossiers {

namespace {

constexpr std::size_t number_key_limit = 40, key_limit_bytes = 240;

constexpr std::array<std::string_view, 14> titles = {"m",  "mr",  "mme", "mlle",   "monsieur", "madame", "mademoiselle",
                                                     "ne", "nee", "ep",  "epouse", "vve",      "veuve",  "dit"};

bool is_letter_or_digit(unsigned char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80; }

void add_word(std::vector<std::string>& words, std::string word) {
    if (std::find(titles.begin(), titles.end(), word) != titles.end()) return;
    if (word == "st") word = "saint";
    if (word == "ste") word = "sainte";
    words.push_back(std::move(word));
}

std::string joined(std::initializer_list<std::string_view> parts) {
    std::string out;
    for (auto part : parts) {
        for (char c : part) out += c == '|' ? ' ' : c;
        out += '|';
    }
    out.pop_back();
    if (out.size() <= key_limit_bytes) return out;
    auto end = key_limit_bytes;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0U) == 0x80U) --end; // never inside a character
    out.resize(end);
    return out;
}

} // namespace

std::string number_key(std::string_view typed) {
    std::string out;
    for (char c : typed) {
        if (c >= 'a' && c <= 'z') out += static_cast<char>(c - 'a' + 'A');
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) out += c;
        if (out.size() > number_key_limit) return {};
    }
    return out;
}

std::string person_key(std::string_view birth_name_folded, std::string_view usual_name_folded, std::string_view first_names_folded) {
    return joined({birth_name_folded, usual_name_folded, first_names_folded});
}

std::string usual_key(std::string_view usual_name_folded, std::string_view first_names_folded) {
    return usual_name_folded.empty() ? "" : joined({usual_name_folded, first_names_folded});
}

std::vector<std::string> name_words(std::string_view folded) {
    std::vector<std::string> all, words;
    std::string word;
    for (char c : folded) {
        if (is_letter_or_digit(static_cast<unsigned char>(c)))
            word += c;
        else if (!word.empty())
            all.push_back(std::exchange(word, {}));
    }
    if (!word.empty()) all.push_back(std::move(word));
    for (const auto& each : all) add_word(words, each);
    // Somebody is really called "Né": a title alone is a name.
    return words.empty() ? all : words;
}

std::string squeezed(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& each : words) out += each;
    return out;
}

} // namespace relais::model::dossiers
