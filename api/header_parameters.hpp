// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace relais::api {

// A field value such as `form-data; name="x"; filename="y"`.
struct header_value {
    std::string value;                                           // lower case, before the first ';'
    std::vector<std::pair<std::string, std::string>> parameters; // names in lower case

    // The parameter, or null.
    const std::string* find(std::string_view name) const;
};

// Throws: malformed (parameter_syntax, parameter_repeated): a repeated one is how two parsers are made to disagree.
// Inside quotes, \" and \\ are escapes and any other backslash is itself: browsers send C:\file as it is.
// Source: RFC 9110 5.6.6; https://github.com/rack/rack/security/advisories/GHSA-vgpv-f759-9wx3
header_value parse_header_value(std::string_view text);

// RFC 5987 ext-value (UTF-8''na%C3%AFve), UTF-8 or ISO-8859-1; nothing when it is neither or badly written. The result is UTF-8.
std::optional<std::string> decode_extended_value(std::string_view text);

} // namespace relais::api
