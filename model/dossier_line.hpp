// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/csv.hpp"
#include "model/dossier_store.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace relais::model::dossiers {

// Turns a line of a file of dossiers, or a row of the registry, into news: every value checked and normalised.
struct line_fault {
    std::string_view field, code;
};

// Puts one value where it belongs; the fault's code when it cannot be. value: as the file has it.
std::string_view read_value(dossier_news& into, column which, std::string_view value);

constexpr std::size_t columns_count = first_date + legal_clocks::kinds.size();

// Seconds UTC of an RFC 3339 time, with "T" or a space, a zone or none (UTC), a fraction or none; or of a day alone.
std::optional<sys_seconds> read_time(std::string_view text);

// The columns of a file, found once from its header.
class line_reader {
public:
    // Throws: invalid (field "header", code no_number), when the file has no column `number`.
    explicit line_reader(const csv_reader& file);
    // The news of the present row, or the first fault found in it.
    std::optional<line_fault> read(const csv_reader& file, dossier_news& into) const;

private:
    std::array<std::optional<std::size_t>, columns_count> places_;
    std::optional<std::size_t> updated_at_;
};

} // namespace relais::model::dossiers
