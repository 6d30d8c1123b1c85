// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

// Who can end the cause of an incident: the agency does not control the whole chain. The label is the locale key cause_owner.<code>.
namespace relais::model::cause_owners {

inline constexpr auto all = std::to_array<std::string_view>({
    "AGENCY_PORTAL",
    "NATIONAL_SYSTEM",
    "CERT",
    "PREFECTURE",
    "THEORY_OPERATOR",
    "PHOTO_PROVIDER",
    "CARD_MANUFACTURER",
    "CARRIER",
    "PAYMENT",
    "IDENTITY_PROVIDER",
    "FOREIGN_AUTHORITY",
    "PROXY",
    "APPLICANT",
});

constexpr bool is_known(std::string_view code) { return std::find(all.begin(), all.end(), code) != all.end(); }

} // namespace relais::model::cause_owners
