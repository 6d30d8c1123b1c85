// SPDX-License-Identifier: EUPL-1.2
#include "model/person_name.hpp"
#include "model/text.hpp"
#include "model/utf8.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace relais;
using fuzz::require;
namespace text = model::text;

namespace {

void check_clean(const std::optional<std::string>& kept, bool is_message) {
    if (!kept) return;
    require(model::utf8::is_valid(*kept), "what is kept is UTF-8");
    for (char c : *kept) {
        const bool is_layout = is_message && (c == '\n' || c == '\t');
        require(is_layout || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F), "no control character is kept");
    }
    const auto again = is_message ? text::clean_message(*kept) : text::clean_line(*kept, text::subject_limit);
    require(again == kept, "cleaning twice changes nothing");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = fuzz::view(data, size);
    check_clean(text::clean_line(input, text::subject_limit), false);
    check_clean(text::clean_message(input), true);
    const auto folded = text::fold(input);
    require(model::utf8::is_valid(folded), "what is folded is UTF-8");
    require(text::fold(folded) == folded, "folding twice changes nothing");
    require(text::compact(text::compact(input)) == text::compact(input), "compacting twice changes nothing");
    const auto half = input.substr(0, size / 2);
    const auto rest = input.substr(size / 2);
    require(model::person_names::same_name(half, rest) == model::person_names::same_name(rest, half), "a name is the same both ways");
    return 0;
}
