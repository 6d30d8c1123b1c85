// SPDX-License-Identifier: EUPL-1.2
#include "model/phone.hpp"

#include "model/digits.hpp"
#include "model/numbering_plan.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <array>
#include <phonenumbers/phonenumberutil.h>
#include <utility>

namespace relais::model::phones {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr std::size_t longest_typed_bytes = 100;
constexpr std::size_t fewest_international = 7; // with the country code
constexpr std::size_t most_international = 15;  // E.164
constexpr std::size_t longest_short_number = 4;

bool is_known_to_library(const std::string& e164) {
    PhoneNumber number;
    const auto& library = *PhoneNumberUtil::GetInstance();
    return library.Parse(e164, "ZZ", &number) == PhoneNumberUtil::NO_PARSING_ERROR && library.IsValidNumber(number);
}

checked with_library(std::string e164) {
    if (is_known_to_library(e164)) return valid(std::move(e164));
    return suspect(std::move(e164), "unassigned");
}

// Digits with a leading + or nothing; spaces, dots, hyphens, slashes, brackets and the "(0)" of "+33 (0)1" left out.
std::string only_dialled(std::string_view typed) {
    auto out = text::compact(typed);
    if (out.starts_with("TEL:")) out.erase(0, 4);
    const bool is_international = out.starts_with("+") || out.starts_with("00");
    if (const auto at = out.find("(0)"); is_international && at != std::string::npos) out.erase(at, 3);
    std::erase_if(out, [](char c) { return c == '(' || c == ')' || c == '/'; });
    if (out.starts_with("00")) out.replace(0, 2, "+");
    return out;
}

checked special(std::string number, std::string_view code, purpose use) {
    if (use == purpose::callback) return refused(std::string(code));
    return suspect(std::move(number), std::string(code));
}

// Nine digits after the 0: the zone comes from the prefix.
checked check_national(std::string_view nine, purpose use) {
    auto e164 = numbering_plan::e164(nine);
    if (const auto code = numbering_plan::special_code(nine); !code.empty()) return special(std::move(e164), code, use);
    if (numbering_plan::is_reserved_for_fiction(nine)) return valid(std::move(e164));
    return with_library(std::move(e164));
}

// What the person probably meant; that it cannot be called at all matters more.
checked propose(checked meant, std::string code) {
    const bool may_be_called = meant.code.empty() || meant.code == "unassigned";
    if (!meant.accepted() || !may_be_called) return meant;
    auto number = meant.normalised;
    return suspect(std::move(meant.normalised), std::move(code), std::move(number));
}

// A zone of the French plan: what follows its country code. The Pacific has local numbers only.
checked check_zone(const numbering_plan::zone& zone, std::string_view number, purpose use) {
    const auto local = numbering_plan::local_digits(zone.department);
    if (number.size() == local) return with_library(std::string(zone.country_code) + std::string(number));
    if (zone.is_pacific) return refused(number.size() < local ? "short" : "long");
    const bool has_trunk_zero = number.starts_with('0') && number.size() == numbering_plan::national_digits + 1;
    if (has_trunk_zero) number.remove_prefix(1);
    if (number.size() != numbering_plan::national_digits) {
        return refused(number.size() < numbering_plan::national_digits ? "short" : "long");
    }
    auto meant = check_national(number, use);
    if (has_trunk_zero) return propose(std::move(meant), "trunk_zero");
    return meant.normalised.starts_with(zone.country_code) ? meant : propose(std::move(meant), "other_zone");
}

checked check_international(std::string dialled, purpose use) {
    const auto size = dialled.size() - 1;
    if (size < fewest_international) return refused("short");
    if (size > most_international + 1) return refused("long");
    for (const auto& zone : numbering_plan::zones()) {
        if (dialled.starts_with(zone.country_code)) {
            return check_zone(zone, std::string_view(dialled).substr(zone.country_code.size()), use);
        }
    }
    if (size > most_international) return refused("long");
    return with_library(std::move(dialled));
}

checked check_domestic(std::string dialled, std::string_view department, purpose use) {
    if (dialled.size() == numbering_plan::local_digits(department)) {
        return with_library(std::string(numbering_plan::country_code(department)) + dialled);
    }
    if (dialled.size() <= longest_short_number) return special(std::move(dialled), "short_number", use);
    const auto size = dialled.size();
    if (dialled[0] == '0') {
        if (size < numbering_plan::national_digits + 1) return refused("short");
        if (size > numbering_plan::national_digits + 1) return refused("long");
        return check_national(std::string_view(dialled).substr(1), use);
    }
    if (size == numbering_plan::national_digits) return propose(check_national(dialled, use), "missing_zero");
    return refused(size < numbering_plan::national_digits ? "short" : "no_prefix");
}

} // namespace

checked check(std::string_view typed, std::string_view department, purpose use) {
    if (typed.size() > longest_typed_bytes) return refused("long");
    auto dialled = only_dialled(typed);
    if (dialled.empty() || dialled == "+") return refused("empty");
    const bool is_international = dialled[0] == '+';
    if (!digits::all(std::string_view(dialled).substr(is_international ? 1 : 0))) {
        std::string meant = dialled;
        std::replace(meant.begin(), meant.end(), 'O', '0');
        if (meant == dialled) return refused("characters");
        auto read = check(meant, department, use);
        return read.accepted() ? refused("letter_o", std::move(meant)) : read;
    }
    if (is_international) return check_international(std::move(dialled), use);
    return check_domestic(std::move(dialled), department, use);
}

std::string display(std::string_view e164) {
    PhoneNumber number;
    const auto& library = *PhoneNumberUtil::GetInstance();
    const std::string text(e164);
    if (!e164.starts_with('+') || library.Parse(text, "ZZ", &number) != PhoneNumberUtil::NO_PARSING_ERROR) return text;
    const bool is_french = numbering_plan::is_french(e164);
    const bool has_ten_digits = is_french && number.national_number() >= 100'000'000;
    std::string out;
    if (!has_ten_digits) {
        library.Format(number, PhoneNumberUtil::INTERNATIONAL, &out);
        return out;
    }
    const auto digits = "0" + std::to_string(number.national_number());
    for (std::size_t at = 0; at < digits.size(); at += 2) out += (at ? " " : "") + digits.substr(at, 2);
    return out;
}

std::string ending(std::string_view e164) {
    std::string out;
    for (char c : e164.substr(e164.size() > 4 ? e164.size() - 4 : 0)) {
        if (digits::is_digit(c)) out += c;
    }
    return out;
}

} // namespace relais::model::phones
