// SPDX-License-Identifier: EUPL-1.2
#include "server/http_post.hpp"

#include "server/address.hpp"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

namespace relais::server {
namespace {

constexpr std::size_t answer_limit_bytes = 256 * 1024;
constexpr long connect_limit_ms = 5'000, whole_limit_ms = 15'000;

std::size_t keep(char* bytes, std::size_t size, std::size_t count, void* to) {
    auto& body = *static_cast<std::string*>(to);
    if (body.size() + size * count > answer_limit_bytes) return 0;
    body.append(bytes, size * count);
    return size * count;
}

// The networks that are not the Internet. Source: the special-purpose address registries (RFC 6890).
constexpr std::array<std::string_view, 21> special_networks = {
    "0.0.0.0/8",    "10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8",     "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",   "::/128",
    "::1/128",      "64:ff9b::/96",   "100::/64",      "2001:db8::/32",   "fc00::/7",       "fe80::/10",     "ff00::/8"};

bool is_special(const boost::asio::ip::address& address) {
    auto plain = plain_address(address);
    return std::any_of(special_networks.begin(), special_networks.end(), [&](auto each) { return parse_network(each)->contains(plain); });
}

// Sees the address itself, after the name was resolved: a name that changes its mind between two look-ups gains nothing.
curl_socket_t open_public(void*, curlsocktype, curl_sockaddr* to) {
    boost::asio::ip::tcp::endpoint endpoint;
    if (to->addrlen > endpoint.capacity()) return CURL_SOCKET_BAD;
    std::memcpy(endpoint.data(), &to->addr, to->addrlen);
    endpoint.resize(to->addrlen);
    if (is_special(endpoint.address())) return CURL_SOCKET_BAD;
    return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

struct list_cleanup {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

} // namespace

http_answer_received post_json(const std::string& url, const std::vector<std::string>& headers, const std::string& body,
                               const post_options& options) {
    http_answer_received out;
    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(), curl_easy_cleanup);
    curl_slist* list = curl_slist_append(nullptr, "Content-Type: application/json");
    for (const auto& each : headers) list = curl_slist_append(list, each.c_str());
    std::unique_ptr<curl_slist, list_cleanup> owned(list);
    auto* with = handle.get();
    curl_easy_setopt(with, CURLOPT_URL, url.c_str());
    curl_easy_setopt(with, CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(with, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(with, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(with, CURLOPT_CONNECTTIMEOUT_MS, connect_limit_ms);
    curl_easy_setopt(with, CURLOPT_TIMEOUT_MS, whole_limit_ms);
    curl_easy_setopt(with, CURLOPT_HTTPHEADER, owned.get());
    curl_easy_setopt(with, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(with, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(with, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(with, CURLOPT_WRITEDATA, &out.body);
    if (options.is_public_only) {
        curl_easy_setopt(with, CURLOPT_PROXY, ""); // or its address would be the only one seen
        curl_easy_setopt(with, CURLOPT_OPENSOCKETFUNCTION, open_public);
    }
    auto result = curl_easy_perform(with);
    if (result == CURLE_OK)
        curl_easy_getinfo(with, CURLINFO_RESPONSE_CODE, &out.status);
    else
        out.error = curl_easy_strerror(result);
    return out;
}

} // namespace relais::server
