// SPDX-License-Identifier: EUPL-1.2
#include "model/neph.hpp"

#include "model/digits.hpp"
#include "model/licence_number.hpp"
#include "model/text.hpp"

#include <string>
#include <utility>

namespace relais::model::nephs {
namespace {

constexpr std::size_t usual_digits = 12;
constexpr std::size_t fewest_digits = 10; // the Ministry's Candilib accepted 10 to 19
constexpr std::size_t most_digits = 19;
constexpr int oldest_file_years = 85;

// Two digits cannot hold 971 or 2A; how those were coded is not established, so 20, 97, 98 and 99 pass.
bool is_department(int two_digits) { return two_digits >= 1 && (two_digits <= 95 || two_digits >= 97); }

// The century is not written: a number is of the future when it is not of this century yet and too old for the last one.
bool is_future(int year, int month, date::year_month today) {
    const auto written = date::year{static_cast<int>(today.year()) / 100 * 100 + year} / month;
    const int age_before = static_cast<int>(today.year()) - (static_cast<int>(written.year()) - 100);
    return written > today && age_before > oldest_file_years;
}

checked check_parts(std::string number, date::year_month today) {
    const auto part = [&number](std::size_t at) { return (number[at] - '0') * 10 + (number[at + 1] - '0'); };
    const int month = part(2);
    if (month < 1 || month > 12) return suspect(std::move(number), "month");
    if (is_future(part(0), month, today)) return suspect(std::move(number), "future");
    if (!is_department(part(4))) return suspect(std::move(number), "department");
    return valid(std::move(number));
}

checked check_digits(std::string number, date::year_month today) {
    if (number.size() < fewest_digits) return refused("short");
    if (number.size() > most_digits) return refused("long");
    if (number.size() != usual_digits) return suspect(std::move(number), "length");
    return check_parts(std::move(number), today);
}

checked refuse_letters(std::string_view number, date::year_month today) {
    if (licence_numbers::is_card_number(number)) return refused("card_number");
    auto meant = digits::from_lookalikes(number);
    if (!meant) return refused("characters");
    if (auto read = check_digits(*meant, today); !read.accepted()) return read;
    const bool has_letter_o = number.find('O') != std::string_view::npos;
    return refused(has_letter_o ? "letter_o" : "letter_i", std::move(*meant));
}

} // namespace

checked check(std::string_view typed, date::year_month today) {
    auto number = text::compact(typed);
    if (number.empty()) return refused("empty");
    if (!digits::all(number)) return refuse_letters(number, today);
    return check_digits(std::move(number), today);
}

} // namespace relais::model::nephs
