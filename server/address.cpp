// SPDX-License-Identifier: EUPL-1.2
#include "server/address.hpp"

#include <algorithm>
#include <charconv>

namespace relais::server {

namespace ip = boost::asio::ip;

namespace {

std::optional<int> to_int(std::string_view text, int most) {
    int value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value < 0 || value > most) return std::nullopt;
    return value;
}

std::optional<ip::address> to_address(std::string_view text) {
    boost::system::error_code error;
    auto address = ip::make_address(std::string(text), error);
    if (error) return std::nullopt;
    return plain_address(address);
}

template <class Bytes> bool same_prefix(const Bytes& a, const Bytes& b, int bits) {
    for (std::size_t i = 0; bits > 0; ++i, bits -= 8) {
        auto kept = static_cast<unsigned>(bits >= 8 ? 0xFF : 0xFF << (8 - bits)) & 0xFFU;
        if ((a[i] & kept) != (b[i] & kept)) return false;
    }
    return true;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

bool is_proxy(const ip::address& address, const std::vector<network>& proxies) {
    return std::any_of(proxies.begin(), proxies.end(), [&](const network& each) { return each.contains(address); });
}

} // namespace

bool network::contains(const ip::address& address) const {
    if (base.is_v4() != address.is_v4()) return false;
    if (base.is_v4()) return same_prefix(base.to_v4().to_bytes(), address.to_v4().to_bytes(), prefix_bits);
    return same_prefix(base.to_v6().to_bytes(), address.to_v6().to_bytes(), prefix_bits);
}

std::optional<network> parse_network(std::string_view text) {
    auto slash = text.find('/');
    auto base = to_address(text.substr(0, slash));
    if (!base) return std::nullopt;
    auto most = base->is_v4() ? 32 : 128;
    if (slash == std::string_view::npos) return network{*base, most};
    auto bits = to_int(text.substr(slash + 1), most);
    if (!bits) return std::nullopt;
    return network{*base, *bits};
}

std::optional<ip::tcp::endpoint> parse_endpoint(std::string_view text) {
    auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    auto host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string_view::npos)
        return std::nullopt;
    boost::system::error_code error;
    auto address = ip::make_address(std::string(host == "localhost" ? "127.0.0.1" : host), error);
    auto port = to_int(text.substr(colon + 1), 65'535);
    if (error || !port) return std::nullopt;
    return ip::tcp::endpoint{address, static_cast<std::uint16_t>(*port)};
}

ip::address plain_address(const ip::address& address) {
    if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
    return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

ip::address client_address(const ip::address& peer, std::string_view forwarded_for, const std::vector<network>& proxies) {
    auto client = plain_address(peer);
    while (is_proxy(client, proxies) && !forwarded_for.empty()) {
        auto comma = forwarded_for.rfind(',');
        auto last = trimmed(comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1));
        forwarded_for = comma == std::string_view::npos ? std::string_view{} : forwarded_for.substr(0, comma);
        auto named = to_address(last);
        if (!named) return client;
        client = *named;
    }
    return client;
}

} // namespace relais::server
