// SPDX-License-Identifier: EUPL-1.2
#include "api/reply_address.hpp"

#include "model/citizen.hpp"
#include "model/participant.hpp"
#include "model/reference.hpp"

#include <sodium/utils.h>

#include <algorithm>
#include <charconv>

namespace relais::api::reply_addresses {

namespace {

constexpr std::size_t signature_size = 32; // hexadecimal: 128 bits

std::string signature(const secrets& keys, std::string_view reference, std::int64_t generation) {
    auto signed_text = keys.sign("reply_address", std::string(reference) + "/" + std::to_string(generation));
    return sha256_hex(signed_text).substr(0, signature_size);
}

bool is_same(std::string_view a, std::string_view b) { return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0; }

} // namespace

std::string make(const secrets& keys, std::string_view base, std::string_view reference, std::int64_t generation) {
    auto at = base.rfind('@');
    std::string short_reference(reference);
    std::erase(short_reference, '-');
    return std::string(base.substr(0, at)) + "+" + model::citizens::lower_ascii(short_reference) + "." + std::to_string(generation) + "." +
           signature(keys, reference, generation) + std::string(base.substr(at));
}

std::optional<named> read(const secrets& keys, std::string_view base, std::string_view address) {
    auto text = model::citizens::lower_ascii(std::string(address)), own = model::citizens::lower_ascii(std::string(base));
    auto at = own.rfind('@');
    auto before = own.substr(0, at) + "+", domain = own.substr(at);
    if (!text.starts_with(before) || !text.ends_with(domain) || text.size() < before.size() + domain.size()) return std::nullopt;
    auto detail = std::string_view(text).substr(before.size(), text.size() - before.size() - domain.size());
    auto first = detail.find('.'), second = detail.rfind('.');
    if (first == std::string_view::npos || first == second) return std::nullopt;
    named out;
    auto number = detail.substr(first + 1, second - first - 1);
    auto read = std::from_chars(number.data(), number.data() + number.size(), out.generation);
    auto name = std::string(detail.substr(0, first));
    auto reference = model::participants::is_code(name) ? std::optional(name) : model::references::read(name);
    if (!reference || read.ec != std::errc{} || read.ptr != number.data() + number.size()) return std::nullopt;
    out.reference = *reference;
    if (!is_same(detail.substr(second + 1), signature(keys, out.reference, out.generation))) return std::nullopt;
    return out;
}

} // namespace relais::api::reply_addresses
