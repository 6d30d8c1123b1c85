// SPDX-License-Identifier: EUPL-1.2
#include "model/birth_date.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace relais;
using namespace date::literals;
using fuzz::require;
namespace birth_dates = model::birth_dates;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = fuzz::view(data, size);
    constexpr auto today = 2026_y / 11 / 15;
    const auto read = birth_dates::check(input, today);
    if (read.accepted()) {
        require(birth_dates::precision(read.normalised).has_value(), "what is kept has a precision");
        require(birth_dates::compatible(read.normalised, read.normalised), "a date is compatible with itself");
        require(birth_dates::check(birth_dates::display(read.normalised), today).normalised == read.normalised,
                "what is shown is read again");
        require(birth_dates::check(read.normalised, today).normalised == read.normalised, "what is kept is read again");
    }
    if (!read.suggestion.empty()) require(birth_dates::check(read.suggestion, today).accepted(), "what is proposed is accepted");
    const auto half = input.substr(0, size / 2);
    const auto rest = input.substr(size / 2);
    require(birth_dates::compatible(half, rest) == birth_dates::compatible(rest, half), "compatible is the same both ways");
    return 0;
}
