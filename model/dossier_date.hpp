// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/legal_clock.hpp"

#include <soci/soci.h>

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace relais::model {

// The dates of one dossier as the agency tells them, in the order of legal_clocks::kinds: nothing where it says nothing, an empty text
// where it says that there is none.
struct dossier_dates_told {
    std::int64_t dossier_id = 0;
    std::array<std::optional<std::string>, legal_clocks::kinds.size()> days;
    bool is_empty() const;
};

namespace dossier_dates {

// Keeps what is told. Returns the dossiers whose dates have changed. One question for some hundred dossiers, and nothing more when nothing
// has changed.
std::set<std::int64_t> keep(soci::session& sql, std::span<const dossier_dates_told> told);

// What the agency told of a dossier.
std::vector<legal_date> of(soci::session& sql, std::int64_t dossier_id);

} // namespace dossier_dates

} // namespace relais::model
