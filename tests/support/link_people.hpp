// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/dossier_store.hpp"

#include <array>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

// The people and dossiers of tests/support/link_contacts.hpp.
namespace relais::tests {

struct link_person {
    std::string birth_name, usual_name, first_names, birth_date, neph, email, phone, department;
    std::vector<std::size_t> dossiers; // places in link_people::dossiers
};

class link_people {
public:
    explicit link_people(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t limit) { return random_() % limit; }
    bool one_in(std::size_t n) { return below(n) == 0; }
    template <class List> const auto& one_of(const List& list) { return list[below(list.size())]; }

    // Somebody new: nobody else has this name and birth date, nor this name with a neighbouring spelling on that day.
    link_person somebody();
    // Keeps a person with a dossier a procedure.
    std::size_t settle(link_person who, const std::vector<std::pair<std::string, std::string>>& procedures_and_statuses);

    std::string digits(std::size_t count);
    std::string birth_date();
    std::string neph();
    std::string number();

    std::vector<link_person> people;
    std::vector<model::dossier_news> dossiers;

    static std::string without_accents(const std::string& name);
    static std::string capitals(const std::string& name);
    static const std::vector<std::string> surnames, first_names, procedures;

private:
    std::mt19937 random_;
    std::set<std::pair<std::string, std::string>> taken_; // birth date and first letters of the name
    std::set<std::string> identifiers_;
};

} // namespace relais::tests
