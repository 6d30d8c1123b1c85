// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/dossier_match.hpp"
#include "model/name_likeness.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

// What agrees and what differs between a contact and one dossier. Pure: the decision is in model/dossier_match.cpp.
namespace relais::model {

// The columns of a dossier that tell whose and which it is.
struct dossier_identity {
    std::int64_t id = 0;
    std::string number_key, neph, person_key, birth_date, procedure_code, status, department, email, phone;
    static constexpr auto columns = "id, number_key, neph, person_key, birth_date, procedure_code, status, department, email, phone";
    auto fields() { return std::tie(id, number_key, neph, person_key, birth_date, procedure_code, status, department, email, phone); }
};

// From worst to best. near: one typing error; part: the end, or all but a few characters; other: of the same shape, and different.
enum class id_likeness { other, unknown, part, near, exact };
// swapped: day for month; near: one typing error; compatible: domain.md 2.9.
enum class date_likeness { other, unknown, near, swapped, compatible, equal };

// One way of reading the names that were typed.
struct name_reading {
    words name, first_names;
    bool is_usual = false; // from a full name beside a birth name of its own
};

constexpr std::size_t most_identifiers = 6; // of one contact

// A contact made ready to be compared with many dossiers.
struct read_evidence {
    std::vector<std::string> identifiers; // whole fields first, then what may be a number inside them
    std::size_t fields = 0;               // how many of identifiers are whole fields
    std::vector<name_reading> names;
    words birth_name;
    std::string birth_date, email, phone, department, procedure_code;
};

read_evidence read(const dossier_evidence& typed);

struct dossier_facts {
    id_likeness number = id_likeness::unknown, neph = id_likeness::unknown;
    likeness name = likeness::unknown, first_names = likeness::unknown;
    date_likeness birth_date = date_likeness::unknown;
    bool is_vague_date = false; // compatible only because one of the two is not known to the day
    bool email = false, phone = false, department = false, procedure = false;

    bool same_person() const { return name == likeness::same && first_names == likeness::same; }
    bool near_identifier() const { return number >= id_likeness::part || neph >= id_likeness::part; }
    bool strong() const { return near_identifier() || email || phone; }
    int weak() const { return (department ? 1 : 0) + (procedure ? 1 : 0); }
    bool other_identifier() const { return number == id_likeness::other || neph == id_likeness::other; }
};

dossier_facts compare(const read_evidence& contact, const dossier_identity& dossier);
// Names alone, against a person_key: cheap enough for everybody born on a day.
void compare_person(const read_evidence& contact, std::string_view person_key, dossier_facts& facts);
date_likeness compare_birth_dates(std::string_view typed, std::string_view held, bool& is_vague);

// "number+name+birth_date-neph": what agrees after "+", what differs after "-".
std::string explain(const dossier_facts& facts);

} // namespace relais::model
