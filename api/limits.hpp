// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace relais::api {

// So much, so often: a bucket of `burst` that refills with `count` every `window_s`.
struct allowance {
    int count = 5;
    int window_s = 600;
    int burst = 10;
};

// Buckets by name ("contact:192.0.2.7", "token:12"), in the memory of this node. Every function may be called on any thread.
// Source: security.md 3.4 and line 13.
class limits {
public:
    using steady = std::chrono::steady_clock;

    // Takes one from the bucket. Returns 0 when it was there, otherwise the seconds until there is one.
    int take(std::string_view bucket, const allowance& given, steady::time_point now = steady::now());
    // Gives back one that was taken and not used.
    void give_back(std::string_view bucket);
    // How many were taken from the bucket and have not come back: asks for a proof of work before the bucket is empty.
    int taken(std::string_view bucket, const allowance& given, steady::time_point now = steady::now()) const;

private:
    static constexpr std::size_t shard_count = 16;
    static constexpr std::size_t shard_limit = 20'000; // buckets kept a shard: strangers must not fill the memory
    struct bucket_state {
        double missing = 0; // taken and not yet refilled
        steady::time_point at;
    };
    struct shard {
        mutable std::mutex mutex;
        std::unordered_map<std::string, bucket_state> buckets;
    };
    shard& shard_of(std::string_view bucket) { return shards_[std::hash<std::string_view>{}(bucket) % shard_count]; }
    const shard& shard_of(std::string_view bucket) const { return shards_[std::hash<std::string_view>{}(bucket) % shard_count]; }

    std::array<shard, shard_count> shards_;
};

// What one address is for the limits: an IPv4 address, or the /64 an IPv6 address stands in, which one subscriber has whole.
std::string limited_address(std::string_view remote_address);

} // namespace relais::api
