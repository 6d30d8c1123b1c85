// SPDX-License-Identifier: EUPL-1.2
#include "model/sensitive.hpp"
#include "model/utf8.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace relais;
using fuzz::require;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = fuzz::view(data, size);
    const auto masked = model::sensitive::mask(input);
    require(masked.size() <= input.size() + 8 * (1 + input.size() / 5),
            "masking adds little"); // a password of one digit becomes eight stars
    require(!model::utf8::is_valid(input) || model::utf8::is_valid(masked), "masked text is still text");
    const auto exported = model::sensitive::mask_for_export(input);
    require(!model::utf8::is_valid(input) || model::utf8::is_valid(exported), "masked text is still text");
    return 0;
}
