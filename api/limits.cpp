// SPDX-License-Identifier: EUPL-1.2
#include "api/limits.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cmath>

namespace relais::api {

namespace {

double refilled(double missing, std::chrono::steady_clock::duration since, const allowance& given) {
    auto elapsed_s = std::chrono::duration<double>(since).count();
    return std::max(0.0, missing - elapsed_s * given.count / given.window_s);
}

} // namespace

int limits::take(std::string_view bucket, const allowance& given, steady::time_point now) {
    auto& own = shard_of(bucket);
    std::lock_guard lock(own.mutex);
    // Forgetting everything is rare and lets a few requests through: better than growing without end.
    if (own.buckets.size() >= shard_limit) own.buckets.clear();
    auto& state = own.buckets.try_emplace(std::string(bucket), bucket_state{0, now}).first->second;
    state.missing = refilled(state.missing, now - state.at, given);
    state.at = now;
    auto excess = state.missing + 1 - given.burst;
    if (excess > 1e-9) return std::max(1, static_cast<int>(std::ceil(excess * given.window_s / given.count)));
    state.missing += 1;
    return 0;
}

void limits::give_back(std::string_view bucket) {
    auto& own = shard_of(bucket);
    std::lock_guard lock(own.mutex);
    auto found = own.buckets.find(std::string(bucket));
    if (found != own.buckets.end()) found->second.missing = std::max(0.0, found->second.missing - 1);
}

int limits::taken(std::string_view bucket, const allowance& given, steady::time_point now) const {
    const auto& own = shard_of(bucket);
    std::lock_guard lock(own.mutex);
    auto found = own.buckets.find(std::string(bucket));
    if (found == own.buckets.end()) return 0;
    return static_cast<int>(std::ceil(refilled(found->second.missing, now - found->second.at, given) - 1e-9));
}

std::string limited_address(std::string_view remote_address) {
    boost::system::error_code error;
    auto address = boost::asio::ip::make_address(std::string(remote_address), error);
    if (error || address.is_v4()) return std::string(remote_address);
    auto v6 = address.to_v6();
    if (v6.is_v4_mapped()) return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6).to_string();
    auto bytes = v6.to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    return boost::asio::ip::address_v6(bytes).to_string() + "/64";
}

} // namespace relais::api
