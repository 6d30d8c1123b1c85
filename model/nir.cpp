// SPDX-License-Identifier: EUPL-1.2
#include "model/nir.hpp"

#include "model/digits.hpp"

#include <cstdint>
#include <string>

namespace relais::model::nirs {
namespace {

constexpr std::size_t without_key = 13;
constexpr std::size_t with_key = 15;

// Only digits: Corsica's letters replaced as the key wants.
std::string as_digits(std::string_view number) {
    std::string out(number);
    if (out.size() > 6 && out[5] == '2' && (out[6] == 'A' || out[6] == 'B')) out.replace(5, 2, out[6] == 'A' ? "19" : "18");
    return out;
}

// 20 and above stand for months that the civil status did not know.
bool is_month(int month) { return (month >= 1 && month <= 12) || month == 20 || (month >= 30 && month <= 42) || month >= 50; }

} // namespace

bool has_shape(std::string_view number) {
    if (number.size() != without_key || std::string_view("123478").find(number[0]) == std::string_view::npos) return false;
    return digits::all(as_digits(number)) && is_month(*digits::value(number.substr(3, 2)));
}

bool is_nir(std::string_view number) {
    if (number.size() != with_key || !has_shape(number.substr(0, without_key))) return false;
    const auto key = digits::value(number.substr(without_key));
    std::int64_t value = 0;
    for (char c : as_digits(number.substr(0, without_key))) value = value * 10 + (c - '0');
    return key && *key == 97 - value % 97;
}

} // namespace relais::model::nirs
