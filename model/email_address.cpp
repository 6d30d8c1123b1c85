// SPDX-License-Identifier: EUPL-1.2
#include "model/email_address.hpp"

#include "model/digits.hpp"
#include "model/mail_domain.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace relais::model::email_addresses {
namespace {

bool is_atom(char c) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return is_letter || digits::is_digit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

// Atoms separated by single dots.
bool is_local_part(std::string_view local) {
    if (local.empty() || local.size() > longest_local) return false;
    if (local.front() == '.' || local.back() == '.' || local.find("..") != std::string_view::npos) return false;
    return std::all_of(local.begin(), local.end(), [](char c) { return c == '.' || is_atom(c); });
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// The address that the person meant, offered only when it is itself acceptable.
std::string offer(std::string_view local, const std::string& domain) {
    return is_local_part(local) ? std::string(local) + '@' + domain : std::string();
}

checked refuse_local(std::string_view local, const std::string& domain) {
    if (!is_ascii(local)) return refused("accent", offer(text::fold(local), domain));
    const auto first = local.find_first_not_of('.');
    const auto last = local.find_last_not_of('.');
    if (first == std::string_view::npos) return refused("local");
    return refused("local", offer(local.substr(first, last - first + 1), domain));
}

} // namespace

checked check(std::string_view typed) {
    if (typed.size() > longest * 4) return refused("too_long");
    const auto line = text::clean_line(typed, longest * 4);
    if (!line) return refused("control");
    std::string_view address = *line;
    if (address.starts_with("mailto:")) address.remove_prefix(7);
    if (address.empty()) return refused("empty");
    if (address.find(' ') != std::string_view::npos) {
        std::string joined(address);
        std::erase(joined, ' ');
        return refused("space", check(joined).result == verdict::valid ? joined : std::string());
    }
    const auto at = address.find('@');
    if (at == std::string_view::npos || address.find('@', at + 1) != std::string_view::npos) return refused("at_sign");
    const auto local = address.substr(0, at);
    const auto domain = mail_domains::canonical(address.substr(at + 1));
    if (!domain) return refused("domain");
    if (!is_local_part(local)) return local.size() > longest_local ? refused("too_long") : refuse_local(local, *domain);
    auto normalised = std::string(local) + '@' + *domain;
    if (normalised.size() > longest) return refused("too_long");
    if (const auto meant = mail_domains::probably_meant(*domain)) {
        return suspect(std::move(normalised), "typo", std::string(local) + '@' + *meant);
    }
    return valid(std::move(normalised));
}

} // namespace relais::model::email_addresses
