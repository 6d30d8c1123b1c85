// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace relais::model {

// Usual first names, folded, five letters or more, that one typing error turns into one another: Marine and Martine may be twins, while
// "Mqrtine" is nobody. Spellings of one name (Mathieu, Matthieu) stand once, under the more frequent. In alphabetical order.
inline constexpr auto close_first_names = std::to_array<std::string_view>({
    "adele",    "adrian",   "adrien",   "alain",    "alban",    "albane",   "alexia",    "alexis",   "aline",     "alixe",    "amalia",
    "amelia",   "amelie",   "andrea",   "andree",   "anita",    "annie",    "arlette",   "armand",   "armande",   "arnaud",   "arnold",
    "axelle",   "bastien",  "camila",   "camille",  "carine",   "carla",    "carlo",     "carlos",   "carole",    "caroline", "celia",
    "celine",   "celina",   "chloe",    "claire",   "clara",    "claude",   "claudia",   "claudie",  "colin",     "coline",   "colette",
    "corine",   "cyril",    "cyrille",  "damien",   "damian",   "daniel",   "daniela",   "daniele",  "davide",    "denis",    "denise",
    "dorian",   "doriane",  "edouard",  "elena",    "elias",    "elina",    "eliane",    "elise",    "elisa",     "eliza",    "ellie",
    "elodie",   "emile",    "emilia",   "emilie",   "emilien",  "emilio",   "emmanuel",  "enora",    "erwan",     "estelle",  "ethan",
    "evelyne",  "fabien",   "fabian",   "fabrice",  "faustin",  "faustine", "fernand",   "fernande", "flavie",    "flavien",  "flora",
    "flore",    "florian",  "floriane", "francis",  "francois", "gabriel",  "gabriele",  "gaelle",   "germain",   "germaine", "gilles",
    "gustave",  "hamid",    "hamida",   "hassan",   "hassane",  "helena",   "helene",    "henri",    "henriette", "ibrahim",  "ibrahima",
    "irene",    "ismael",   "jamal",    "jamila",   "janine",   "jeanne",   "joanna",    "joelle",   "josiane",   "juliana",  "juliane",
    "julie",    "julien",   "juliette", "justin",   "justine",  "karim",    "karima",    "karine",   "khaled",    "laura",    "laure",
    "laurent",  "leandre",  "lenna",    "leonie",   "liliane",  "lilian",   "lionel",    "lisa",     "louis",     "louisa",   "louise",
    "lucas",    "lucia",    "lucie",    "lucien",   "lucile",   "maeva",    "malik",     "malika",   "manon",     "marcel",   "marcelin",
    "maria",    "mariam",   "marie",    "mariel",   "marin",    "marina",   "marine",    "mario",    "marion",    "marlon",   "martin",
    "martine",  "mathias",  "mathieu",  "mathis",   "maurice",  "maxime",   "maxine",    "melina",   "melanie",   "michel",   "michele",
    "milan",    "mireille", "morgan",   "morgane",  "mourad",   "myriam",   "nadia",     "nadine",   "nathan",    "nicole",   "nicolas",
    "noemie",   "noelle",   "olivia",   "olivier",  "pascal",   "pascale",  "patrice",   "patricia", "patrick",   "paule",    "pauline",
    "paulin",   "rachid",   "rachida",  "raymond",  "raymonde", "regine",   "renee",     "roland",   "rolande",   "romain",   "romane",
    "ronan",    "rosalie",  "sabine",   "sabrina",  "samir",    "samira",   "sandra",    "sandrine", "selena",    "selim",    "severin",
    "severine", "silvia",   "simon",    "simone",   "sonia",    "sophia",   "sophie",    "stephane", "stephanie", "sylvain",  "sylvaine",
    "sylvia",   "sylvie",   "tatiana",  "theodora", "thomas",   "valentin", "valentine", "valeria",  "valerie",   "victor",   "victoria",
    "viviane",  "vivien",   "xavier",   "yannick",  "yasmina",  "yasmine",  "yoann",     "yohanna",  "yolaine",   "yolande",  "youcef",
});

// True when both are names that people are given, so that one is no typing error for the other.
constexpr bool are_two_first_names(std::string_view a, std::string_view b) {
    auto is_given = [](std::string_view name) {
        return std::find(close_first_names.begin(), close_first_names.end(), name) != close_first_names.end();
    };
    return a != b && is_given(a) && is_given(b);
}

} // namespace relais::model
