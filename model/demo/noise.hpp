// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/demo/random.hpp"

#include <string>

// What hands and keyboards do to a text. Words that hold a digit or @ (numbers, codes, addresses) are never touched.
namespace relais::model::demo {

// As typed with thumbs: no accents nor capitals, abbreviations, sounds written down, few stops.
std::string as_texted(const std::string& text, dice& roll);
// As written by somebody who is learning French: articles and negations lost, genders mixed.
std::string as_learner(const std::string& text, dice& roll);
// Slips of the fingers and of spelling, on about so many words in a thousand.
std::string with_slips(const std::string& text, std::uint32_t words_in_thousand, dice& roll);
// The whole text without accents, capitals or neat marks, by chance: how a machine is set up, not how one spells.
// careful: only the marks change.
std::string as_keyboard(std::string text, bool careful, dice& roll);
// Some words shouted, stops multiplied.
std::string as_angry(const std::string& text, dice& roll);

} // namespace relais::model::demo
