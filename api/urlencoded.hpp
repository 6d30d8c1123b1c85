// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/form_fields.hpp"

#include <string_view>

namespace relais::api {

// Reads an application/x-www-form-urlencoded body. Decoded once, UTF-8 checked, repeated names refused (but "name[]").
// Throws: malformed.
// Source: https://url.spec.whatwg.org/#application/x-www-form-urlencoded, made strict.
form_fields parse_urlencoded(std::string_view body, const form_limits& limits = {});

} // namespace relais::api
