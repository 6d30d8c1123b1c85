// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/dossier_likeness.hpp"
#include "model/dossier_match.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

// Which of the dossiers looked at a contact is about. Pure.
// Source: docs/decisions/0012-a-wrong-link-is-worse-than-none.md
namespace relais::model::dossiers {

struct considered {
    dossier_identity row;
    dossier_facts facts;
};

// The dossier whose number or NEPH was typed exactly and whose person does not contradict it; nothing when that does not settle it.
std::optional<dossier_link> decide_by_identifier(const std::vector<considered>& all);

struct person_decision {
    dossier_link link;
    std::string person_neph; // when a person was recognised by name and date, so that all the dossiers of that NEPH are looked at
};

// The person recognised by names and birth date, then the dossier among that person's. is_complete: false when rows were left unread, so
// that a namesake may be among them and names alone link nobody.
person_decision decide_by_person(const std::vector<considered>& all, bool is_complete);

// The dates under which a birth date may be held: itself, day and month swapped, without its day or month, the stand-ins of its year.
// Some may be the same.
std::array<std::string, 5> possible_birth_dates(const std::string& birth_date);

} // namespace relais::model::dossiers
