// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/dossier.hpp"
#include "model/legal_clock.hpp"

#include <array>
#include <bitset>
#include <cstdint>
#include <span>
#include <string>

namespace relais::model {

// What a dossier is found by: folded names and the columns of migration 002.
struct dossier_keys {
    std::string number, birth_name, usual_name, first_names, person, usual;
};

// A dossier as somebody else tells it. `told`: which columns were told, as positions in dossier_told::columns; the others keep what they
// hold. Without an updated_at of its own the news is taken as of now.
struct dossier_news {
    dossier values;                                            // id and public_id are not read
    std::array<std::string, legal_clocks::kinds.size()> dates; // YYYY-MM-DD, in the order of legal_clocks::kinds
    std::bitset<32> told = std::bitset<32>{}.set();
    bool is_dated = true;
    dossier_keys keys = {}; // made by dossiers::prepare
    bool is_prepared = false;
};

struct dossier_store_counts {
    std::int64_t added = 0, updated = 0, unchanged = 0;
    dossier_store_counts& operator+=(const dossier_store_counts& other) {
        added += other.added, updated += other.updated, unchanged += other.unchanged;
        return *this;
    }
};

namespace dossiers {

// Columns that news may tell, in the order of the file of contract.md without updated_at.
enum class column : std::size_t {
    number,
    neph,
    birth_name,
    usual_name,
    first_names,
    birth_date,
    procedure_code,
    status,
    status_since,
    step,
    error_code,
    portal_release,
    centre,
    department,
    email,
    phone,
    driving_school,
    exam_on, // from here on: dossier_news::dates
    filed_on,
    medical_on,
    suspension_end_on
};
constexpr auto first_date = static_cast<std::size_t>(column::exam_on);

// Makes the keys, so that the thread that reads a file does it rather than the one that writes.
void prepare(dossier_news& news);

// Puts news into the mirror: the key is the number, the newer updated_at wins, the same again changes nothing. Values are normalised by the
// caller; the folded columns and keys are made here, so every writer of dossiers comes through this function. A few thousand rows a call.
dossier_store_counts store(soci::session& sql, std::span<const dossier_news> news, sys_seconds now);

} // namespace dossiers

} // namespace relais::model
