// SPDX-License-Identifier: EUPL-1.2
#include "model/callback_word.hpp"

#include <sodium.h>

#include <array>
#include <string_view>

namespace relais::model::callback_words {
namespace {

constexpr auto nouns = std::to_array<std::string_view>(
    {"abricot",   "avion",    "balcon",  "bateau",  "biscuit", "bouton",    "cabane",  "carotte",  "castor",  "cerise",   "chapeau",
     "citron",    "clairon",  "comète",  "crayon",  "dauphin", "dragon",    "écharpe", "éléphant", "étoile",  "fenêtre",  "fontaine",
     "framboise", "girafe",   "guitare", "horloge", "jardin",  "jonquille", "lavande", "lézard",   "lucarne", "marmite",  "melon",
     "mésange",   "montagne", "moulin",  "muguet",  "navire",  "noisette",  "orange",  "palmier",  "panier",  "papillon", "parasol",
     "pivoine",   "platane",  "renard",  "rivière", "sablier", "sapin",     "soleil",  "tambour",  "tilleul", "tomate",   "tortue",
     "tournesol", "tulipe",   "valise",  "verger",  "violon",  "voilier",   "volcan",  "wagon",    "zèbre"});
constexpr std::uint32_t lowest = 10, numbers = 90;

} // namespace

std::string draw() {
    auto noun = nouns[randombytes_uniform(nouns.size())];
    return std::string(noun) + " " + std::to_string(lowest + randombytes_uniform(numbers));
}

} // namespace relais::model::callback_words
