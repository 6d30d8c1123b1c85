// SPDX-License-Identifier: EUPL-1.2
#include "api/urlencoded.hpp"

#include "api/url.hpp"

#include <algorithm>

namespace relais::api {

form_fields parse_urlencoded(std::string_view body, const form_limits& limits) {
    form_fields out;
    std::size_t count = 0;
    for (std::size_t at = 0; at < body.size();) {
        auto end = std::min(body.find('&', at), body.size());
        auto pair = body.substr(at, end - at);
        at = end + 1;
        if (pair.empty()) continue;
        auto equals = std::min(pair.find('='), pair.size());
        auto name = decode_component(pair.substr(0, equals), true);
        auto value = decode_component(pair.substr(std::min(equals + 1, pair.size())), true);
        add_field(out, count++, name, value, limits);
    }
    return out;
}

} // namespace relais::api
