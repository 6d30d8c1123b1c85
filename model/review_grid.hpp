// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <span>
#include <string_view>

namespace relais::model {

// What a reviewer looks at in an answer: fourteen criteria in writing, fifteen on the telephone. Their words are the texts
// review.criterion.<code>. Source: domain.md 4.6, K19; the mystery-shopper grids of 4.3.
struct review_grid {
    std::string_view code; // reply, call
    std::span<const std::string_view> criteria;
};

namespace review_grids {

// The grid of the tickets of a channel: that of calls for telephone and callbacks, that of replies for everything written.
const review_grid& of_channel(std::string_view channel);
// Throws std::out_of_range for another code.
const review_grid& get(std::string_view code);

} // namespace review_grids

} // namespace relais::model
