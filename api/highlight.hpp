// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

// A text with the words that matter in it marked, for templates: escaped there, never here.
namespace relais::api::highlight {

constexpr std::size_t excerpt_limit = 600; // bytes, cut at a space

// The words of a text, folded (no accent, no case), those of three letters and more.
std::vector<std::string> words_of(std::string_view text);

// [{"text": "Bonjour, ma ", "is_hit": false}, {"text": "photo", "is_hit": true}, ...]: a word is a hit when its folded form and one of
// `wanted` begin alike for as long as the shorter one, four letters at least (French endings come last).
nlohmann::json marked(std::string_view text, const std::vector<std::string>& wanted);

} // namespace relais::api::highlight
