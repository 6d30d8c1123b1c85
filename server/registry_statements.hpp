// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/dossier_store.hpp"
#include "server/registry_options.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace relais::server {

// The SELECT texts for an operator's view, with the columns that there are.
struct registry_statements {
    static constexpr std::size_t rows_limit = 20;
    // Throws std::runtime_error when a name is not made of letters, digits and "_".
    explicit registry_statements(const registry_options& options);

    std::vector<model::dossiers::column> columns; // in the order of the result; then updated_at, when there is one
    std::vector<std::string> labels;              // the view's names of these columns, updated_at at the end
    bool has_updated_at = false;
    std::string by_number, by_neph; // one value
    std::string by_person;          // the birth date, then the name in name_spellings ways (each twice when there is a usual name)
    std::size_t names = 0;          // how many values follow the birth date
};

// A name as it may stand in a register: as it was typed, in capitals without accents, and without apostrophes, hyphens or spaces either.
std::vector<std::string> name_spellings(const std::string& name);

} // namespace relais::server
