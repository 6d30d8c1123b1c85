// SPDX-License-Identifier: EUPL-1.2
#include "model/password.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <fstream>

namespace relais::model::passwords {

namespace {

constexpr unsigned long long passes = 3;
constexpr std::size_t memory_bytes = 65536UL * 1024;
constexpr std::size_t own_characters_min = 6; // what must remain of a password once the common words are taken out

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// "M0t-de-P@sse" reads as "motdepasse": capitals, separators and the usual substitutions hide nothing from those who guess.
std::string flatten(std::string_view clear, bool reads_substitutions) {
    constexpr std::string_view from = "0134578@$!+", to = "oieasibasit";
    std::string out;
    for (auto c : clear) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        auto at = from.find(c);
        if (reads_substitutions && at != std::string_view::npos) c = to[at];
        if ((c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80) out.push_back(c);
    }
    return out;
}

// The characters that are neither digits, separators, common words nor a repetition of what came before.
std::size_t own_characters(std::string rest, std::string_view login, const std::vector<std::string>& common) {
    auto words = common;
    if (login.size() >= 3) words.push_back(flatten(login, false));
    std::sort(words.begin(), words.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
    for (const auto& word : words)
        for (auto at = rest.find(word); !word.empty() && at != std::string::npos; at = rest.find(word)) rest.erase(at, word.size());
    std::string distinct;
    for (auto c : rest)
        if (distinct.find(c) == std::string::npos) distinct.push_back(c);
    return std::min(rest.size(), distinct.size());
}

} // namespace

std::string hash(const std::string& clear) {
    std::array<char, crypto_pwhash_STRBYTES> out{};
    if (crypto_pwhash_str_alg(out.data(), clear.data(), clear.size(), passes, memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw busy();
    return out.data();
}

bool verify(const std::string& hash, const std::string& clear) {
    return crypto_pwhash_str_verify(hash.c_str(), clear.data(), clear.size()) == 0;
}

bool needs_rehash(const std::string& hash) { return crypto_pwhash_str_needs_rehash(hash.c_str(), passes, memory_bytes) != 0; }

// Of 32 random bytes that were thrown away, with the settings above.
const std::string& dummy_hash() {
    static const std::string made = "$argon2id$v=19$m=65536,t=3,p=1$DWJt5vD61XZhx7O8N2jeXA$21+6QTddQC4eFu8BqlK2fJ2q+UqCzgy8CQwuzC+UlVM";
    return made;
}

std::vector<field_fault> faults(std::string_view clear, std::string_view login, const std::vector<std::string>& common) {
    auto length = code_points(clear);
    if (length < length_min) return {{"password", "too_short", "fault.password.too_short", std::to_string(length_min)}};
    if (length > length_max) return {{"password", "too_long", "fault.password.too_long", std::to_string(length_max)}};
    // Digits may stand for letters or for nothing: the poorer reading counts.
    auto own = std::min(own_characters(flatten(clear, true), login, common), own_characters(flatten(clear, false), login, common));
    if (own < own_characters_min) return {{"password", "too_common", "fault.password.too_common"}};
    return {};
}

std::vector<std::string> read_common(const std::string& file) {
    std::ifstream in(file);
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);) {
        auto word = flatten(line.substr(0, line.find('#')), false);
        if (!word.empty()) out.push_back(std::move(word));
    }
    return out;
}

} // namespace relais::model::passwords
