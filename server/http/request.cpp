// SPDX-License-Identifier: EUPL-1.2
#include "server/http/request.hpp"

#include "api/accept_language.hpp"
#include "api/cookies.hpp"
#include "api/url.hpp"

#include <fmt/format.h>
#include <sodium/randombytes.h>

#include <atomic>

namespace relais::server {
namespace {

// French unless the person chose English: by the link of a page, or by the choice kept from an earlier page. Programs say it in a header.
std::string language_of(const api::request& request) {
    if (request.is_api()) return std::string(api::choose_language(request.header("accept-language")));
    auto chosen = request.parameter("lang");
    if (chosen != "fr" && chosen != "en") chosen = request.cookie("lang");
    return chosen == "en" ? "en" : "fr";
}

} // namespace

std::string next_request_id() {
    static const auto process = randombytes_random();
    static std::atomic<std::uint32_t> count{0};
    return fmt::format("{:08x}-{:x}", process, count.fetch_add(1) + 1);
}

void fill_request(api::request& out, const gate_verdict& verdict, header_fields fields, const boost::asio::ip::address& peer,
                  const http_site& site) {
    out.method = verdict.method;
    out.headers = std::move(fields);
    out.remote_address = client_address(peer, out.header("x-forwarded-for"), site.proxies).to_string();
    auto target = api::parse_target(verdict.target);
    out.path = std::move(target.path);
    out.query = std::move(target.query);
    out.cookies = api::parse_cookies(out.header("cookie"));
    out.language = language_of(out);
}

} // namespace relais::server
