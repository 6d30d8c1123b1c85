// SPDX-License-Identifier: EUPL-1.2
#include "model/phone.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

using namespace relais;
using fuzz::require;
using model::phones::purpose;

namespace {

bool is_e164(const std::string& number) {
    if (number.size() < 8 || number.size() > 16 || number[0] != '+') return false;
    return std::all_of(number.begin() + 1, number.end(), [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = fuzz::view(data, size);
    for (const char* department : {"", "75", "975", "987", "988", "99"}) {
        const auto callback = model::phones::check(input, department, purpose::callback);
        const auto contact = model::phones::check(input, department, purpose::contact);
        require(!callback.accepted() || contact.accepted(), "what can be called back is a way of contact");
        if (!callback.accepted()) continue;
        require(is_e164(callback.normalised), "a number to call is E.164");
        const auto again = model::phones::check(callback.normalised, "", purpose::callback);
        require(again.accepted() && again.normalised == callback.normalised, "a number that was read is read again");
        require(!model::phones::display(callback.normalised).empty(), "a number can be shown");
    }
    return 0;
}
