// SPDX-License-Identifier: EUPL-1.2
#include "api/cookies.hpp"
#include "api/malformed.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <stdexcept>
#include <string>

using namespace relais;
using fuzz::require;

namespace {

// Whatever is asked, a Set-Cookie is one field of one line, or nothing.
void check_set_cookie(std::string_view text) {
    auto equals = std::min(text.find('='), text.size());
    try {
        auto field = api::set_cookie(text.substr(0, equals), text.substr(std::min(equals + 1, text.size())));
        require(field.find_first_of(std::string{"\r\n\0", 3}) == std::string::npos, "one line");
        require(field.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax") && field.starts_with(text), "nothing slips in");
        require(text.find(';') == std::string_view::npos, "no attribute slips in");
    } catch (const std::invalid_argument&) {
    }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto input = fuzz::view(data, size);
    check_set_cookie(input);
    api::cookie_map cookies;
    try {
        cookies = api::parse_cookies(input);
    } catch (const api::malformed& why) {
        require(why.code == "cookie_repeated" && why.position < size, "only a repeated cookie is refused");
        return 0;
    }
    std::string field;
    for (const auto& [name, value] : cookies) {
        require(api::set_cookie(name, value).starts_with(name + "=" + value + ";"), "what is read could have been set");
        field += name + "=" + value + "; ";
    }
    require(api::parse_cookies(field) == cookies, "what is sent back is read again");
    return 0;
}
