// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

// The word that our agent says first, so that the citizen knows who rings. Drawn anew for each callback; words that cannot be misheard.
namespace relais::model::callback_words {

// "tilleul 47": a noun and two digits, one of 5,760.
std::string draw();

} // namespace relais::model::callback_words
