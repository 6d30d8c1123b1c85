// SPDX-License-Identifier: EUPL-1.2
#include "model/mail_domain.hpp"

#include "model/digits.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <unicode/bytestream.h>
#include <unicode/idna.h>

namespace relais::model::mail_domains {
namespace {

constexpr std::size_t longest = 253;
constexpr std::size_t longest_label = 63;
// Shorter names resemble too many others.
constexpr std::size_t shortest_compared = 7;

// What French citizens use most, and a few neighbours of those that are right as they are.
constexpr auto well_known = std::to_array<std::string_view>({
    "gmail.com", "orange.fr",      "hotmail.fr",       "hotmail.com",  "wanadoo.fr",     "yahoo.fr",  "yahoo.com",      "free.fr",
    "sfr.fr",    "laposte.net",    "outlook.fr",       "outlook.com",  "live.fr",        "live.com",  "icloud.com",     "bbox.fr",
    "neuf.fr",   "numericable.fr", "club-internet.fr", "aliceadsl.fr", "protonmail.com", "proton.me", "googlemail.com", "mailo.com",
});
constexpr auto right_as_they_are = std::to_array<std::string_view>({
    "ymail.com",  "hotmail.be", "hotmail.it", "hotmail.es", "hotmail.de", "yahoo.es", "yahoo.it", "yahoo.de", "yahoo.ca",
    "outlook.es", "outlook.be", "outlook.de", "outlook.it", "live.be",    "live.ca",  "live.it",  "live.nl",  "live.cn",
    "free.com",   "orange.com", "email.com",  "laposte.fr", "mail.com",   "gmx.com",  "sfr.com",  "yahoo.be", "yahoo.in",
});
constexpr auto mistyped_endings = std::to_array<std::string_view>({".con", ".cmo", ".ocm", ".comm", ".vom", ".xom", ".coml"});

template <class List> bool is_among(const List& list, std::string_view domain) {
    return std::find(list.begin(), list.end(), domain) != list.end();
}

std::optional<std::string> to_ascii(std::string_view typed) {
    static const auto idna = [] {
        UErrorCode error = U_ZERO_ERROR;
        return std::unique_ptr<const icu::IDNA>(icu::IDNA::createUTS46Instance(UIDNA_NONTRANSITIONAL_TO_ASCII, error));
    }();
    if (!idna) return std::nullopt;
    UErrorCode error = U_ZERO_ERROR;
    icu::IDNAInfo info;
    std::string out;
    icu::StringByteSink<std::string> sink(&out);
    idna->nameToASCII_UTF8(icu::StringPiece(typed.data(), static_cast<int32_t>(typed.size())), sink, info, error);
    if (U_FAILURE(error) || info.hasErrors()) return std::nullopt;
    return out;
}

bool is_label(std::string_view label) {
    if (label.empty() || label.size() > longest_label || label.front() == '-' || label.back() == '-') return false;
    return std::all_of(label.begin(), label.end(), [](char c) { return (c >= 'a' && c <= 'z') || digits::is_digit(c) || c == '-'; });
}

bool is_domain(std::string_view domain) {
    if (domain.size() > longest || domain.find('.') == std::string_view::npos) return false;
    for (;;) {
        const auto dot = domain.find('.');
        const auto label = domain.substr(0, dot);
        if (!is_label(label)) return false;
        if (dot == std::string_view::npos) return label.size() >= 2 && !digits::is_digit(label.front());
        domain.remove_prefix(dot + 1);
    }
}

// One insertion, deletion, substitution or swap of neighbours apart.
bool is_one_mistake(std::string_view a, std::string_view b) {
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > 1) return false;
    const auto [from_a, from_b] = std::mismatch(a.begin(), a.end(), b.begin());
    const auto rest_a = a.substr(static_cast<std::size_t>(from_a - a.begin()));
    const auto rest_b = b.substr(static_cast<std::size_t>(from_b - b.begin()));
    if (b.size() > a.size()) return rest_a == rest_b.substr(1);
    if (rest_a.empty()) return false;
    if (rest_a.substr(1) == rest_b.substr(1)) return true;
    return rest_a.size() >= 2 && rest_a[0] == rest_b[1] && rest_a[1] == rest_b[0] && rest_a.substr(2) == rest_b.substr(2);
}

} // namespace

std::optional<std::string> canonical(std::string_view typed) {
    if (typed.empty() || typed.size() > longest) return std::nullopt;
    auto domain = to_ascii(typed);
    if (!domain || !is_domain(*domain)) return std::nullopt;
    return domain;
}

std::optional<std::string> probably_meant(std::string_view domain) {
    if (is_among(well_known, domain) || is_among(right_as_they_are, domain)) return std::nullopt;
    for (auto known : well_known) {
        if (known.size() >= shortest_compared && is_one_mistake(domain, known)) return std::string(known);
    }
    for (auto ending : mistyped_endings) {
        if (!domain.ends_with(ending)) continue;
        auto meant = std::string(domain.substr(0, domain.size() - ending.size())) + ".com";
        return probably_meant(meant).value_or(meant);
    }
    return std::nullopt;
}

} // namespace relais::model::mail_domains
