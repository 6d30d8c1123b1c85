// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/dossier.hpp"
#include "model/event.hpp"

#include <soci/soci.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// A date from which the law counts, noted for a dossier: exam (passed on), filing (of an exchange), medical (fit until), suspension
// (until).
struct legal_date {
    std::string kind, day; // YYYY-MM-DD
    auto fields() { return std::tie(kind, day); }
};

// What ends, and when: provisional_certificate, filing_certificate, medical, suspension.
struct legal_deadline {
    std::string kind;
    std::string on;          // the last day, YYYY-MM-DD
    bool is_assumed = false; // counted from the first state known of the dossier: nobody noted the date itself
};

namespace legal_clocks {

inline constexpr auto kinds = std::to_array<std::string_view>({"exam", "filing", "medical", "suspension"});
constexpr int provisional_months = 4;          // of the certificate of the practical exam, while the card is awaited
constexpr int filing_months = 8;               // of the secure filing certificate of an exchange
constexpr std::int64_t never = 32'503'680'000; // 1 January 3000

// The deadlines of a dossier, the first to end first; none once nothing more is expected of it. first_known: the earliest day on which a
// state of it was told. Months end on the same day, or on the last of a shorter month. Pure. Source: domain.md (CEPC, ADS)
std::vector<legal_deadline> read(const dossier& of, const std::vector<legal_date>& noted, std::string_view first_known);
// The same, from what is kept.
std::vector<legal_deadline> of(soci::session& sql, const dossier& what);
// The dates that somebody noted by hand.
std::vector<legal_date> noted(soci::session& sql, std::int64_t dossier_id);
// These, and for the other kinds what the agency tells (dossier_date.hpp).
std::vector<legal_date> known(soci::session& sql, std::int64_t dossier_id);

// Whole days until that day has passed, in Paris; negative once it has.
int days_left(std::string_view on, sys_seconds now);
// The same of the instant at which that day has passed, as a ticket keeps it (legal_at).
int days_left(sys_seconds passed_at, sys_seconds now);

// The version of the dates that were noted by hand.
std::int64_t version(soci::session& sql, std::int64_t dossier_id);
// Notes a date, or takes it back (empty day), and puts the tickets of the dossier at their place. seen: the version of the dates that was
// changed; 0: whatever it is now. Throws: invalid on "kind" or "day"; conflict("conflict.dates") when a colleague was first.
void note(soci::session& sql, std::int64_t dossier_id, std::string_view kind, std::string_view day, const actor& who, sys_seconds now,
          std::int64_t seen = 0);
// Puts a ticket at its place in the order of legal deadlines.
void place(soci::session& sql, std::int64_t ticket_id);

} // namespace legal_clocks
} // namespace relais::model
