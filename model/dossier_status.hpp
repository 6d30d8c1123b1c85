// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

// Where a dossier stands on the agency's side. The label in either language is the locale key dossier_status.<code>.
namespace relais::model::dossier_statuses {

// In the order of a dossier's life.
inline constexpr auto all = std::to_array<std::string_view>({
    "DRAFT",
    "AWAITING_APPLICANT_VALIDATION",
    "SUBMITTED",
    "AWAITING_PHOTO",
    "UNDER_ASSESSMENT",
    "SUPPLEMENT_REQUESTED",
    "SUPPLEMENT_RECEIVED",
    "ACCEPTED",
    "REFUSED",
    "CLOSED_NO_ACTION",
    "CANCELLED",
    "IN_PRODUCTION",
    "SHIPPED",
    "DELIVERED",
    "RETURNED",
    "DESTROYED",
});

constexpr bool is_known(std::string_view code) { return std::find(all.begin(), all.end(), code) != all.end(); }

// True when nothing more is expected: refused, closed, cancelled, delivered, destroyed. An accepted dossier still awaits its card.
constexpr bool is_final(std::string_view code) {
    constexpr auto ends = std::to_array<std::string_view>({"REFUSED", "CLOSED_NO_ACTION", "CANCELLED", "DELIVERED", "DESTROYED"});
    return std::find(ends.begin(), ends.end(), code) != ends.end();
}

// True when the dossier waits for the person rather than for the administration.
constexpr bool waits_for_citizen(std::string_view code) {
    constexpr auto waits =
        std::to_array<std::string_view>({"DRAFT", "AWAITING_APPLICANT_VALIDATION", "AWAITING_PHOTO", "SUPPLEMENT_REQUESTED"});
    return std::find(waits.begin(), waits.end(), code) != waits.end();
}

} // namespace relais::model::dossier_statuses
