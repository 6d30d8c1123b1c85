// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/checked.hpp"

#include <array>
#include <string_view>

// What citizens do on the agency's portal. The label in either language is the locale key procedure.<code>.
namespace relais::model::procedures {

// In the order of a form's list.
inline constexpr auto all = std::to_array<std::string_view>({
    "REGISTRATION",
    "TITLE_AFTER_EXAM",
    "TITLE_AFTER_TRAINING",
    "RENEWAL",
    "LOSS",
    "THEFT",
    "DAMAGE",
    "MEDICAL_RENEWAL",
    "CIVIL_STATUS_CHANGE",
    "POST_SUSPENSION",
    "POST_CANCELLATION",
    "EXCHANGE_EU",
    "EXCHANGE_NON_EU",
    "EXCHANGE_COM",
    "MILITARY_CONVERSION",
    "DIPLOMA_VALIDATION",
    "RESTRICTION_CHANGE",
    "ERROR_REPORT",
    "REGISTRATION_CHANGE",
    "INTERNATIONAL_PERMIT",
    "DIGITAL_LICENCE",
    "ACCOUNT",
    "NONE",
});

bool is_known(std::string_view code);

// The code in capitals. Invalid: empty, unknown.
checked check(std::string_view typed);

} // namespace relais::model::procedures
