// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string_view>

namespace relais::api {

// "fr" or "en": the better liked by an Accept-Language field, French when it says nothing of either or cannot be read.
// Source: RFC 9110 12.5.4; French first is the service's choice.
std::string_view choose_language(std::string_view accept_language);

} // namespace relais::api
