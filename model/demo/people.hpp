// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/demo/catalogue.hpp"

#include <string>

namespace relais::model::demo {

struct person {
    bool female = false;
    std::size_t place = 0; // in catalogue.places
    std::string origin;
    std::string birth_name, usual_name, first_names;
    std::string birth_date; // YYYY-MM-DD with 00 for what is unknown
    int birth_year = 1980;
    std::string town, postcode, street; // street: number, street and building
    std::string building;               // empty for a house
    std::string email, phone;           // phone in E.164, always in a range kept for fiction by ARCEP
};

// What a person must be for the dossier to make sense. about: may be null.
struct person_wish {
    std::string_view procedure;
    const topic* about = nullptr;
    std::size_t place = 0;
};

// A department by its population, or one of those the topic strikes.
std::size_t pick_place(const topic* about, dice& roll);

// Somebody who does not exist. now gives the age.
person make_person(const person_wish& wish, sys_seconds now, dice& roll);

// The same number as people type it: 06 39 98 12 34, +33639981234, 06.39.98.12.34...
std::string typed_phone(std::string_view e164, dice& roll);
std::string postal_address(const person& who);

} // namespace relais::model::demo
