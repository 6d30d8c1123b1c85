// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/checked.hpp"

#include <bitset>
#include <optional>
#include <string_view>
#include <vector>

namespace relais::model {

// The shape a deployment gives to its dossier numbers: literal characters and classes [A-Z0-9-], each followed by {n} or {m,n} or nothing;
// \d is [0-9]; ^ and $ are allowed and change nothing. Matching takes bounded time whatever the pattern and the text.
class dossier_number_pattern {
public:
    // Nothing when the pattern is not of this small language.
    static std::optional<dossier_number_pattern> parse(std::string_view pattern);
    bool matches(std::string_view number) const;

private:
    struct element {
        std::bitset<128> allowed;
        int least = 1;
        int most = 1;
    };
    std::vector<element> elements_;
};

namespace dossier_numbers {

constexpr std::size_t longest = 64;
constexpr std::string_view default_pattern = "^[A-Z0-9][A-Z0-9-]{4,31}$";

// Opaque: upper case, spaces left out, nothing else is inferred from it.
// Suspect: shape (it does not look like the numbers of this deployment). Invalid: empty, long, characters (no letter nor digit).
// Source: docs/decisions/0009-identifiers-are-hints.md
checked check(std::string_view typed, const dossier_number_pattern& pattern);
checked check(std::string_view typed);

} // namespace dossier_numbers
} // namespace relais::model
