// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <boost/asio/ip/address.hpp>

#include <map>
#include <mutex>

namespace relais::server {

// How many connections are open, in all and from each address; an IPv6 customer is a /64, so it counts as one. Any thread.
class connection_counts {
public:
    connection_counts(int in_all, int per_address) : limit_(in_all), limit_per_address_(per_address) {}

    // False when it would be one too many. exempt: our own proxies carry everybody's connections.
    bool enter(const boost::asio::ip::address& peer, bool exempt) {
        std::lock_guard lock(mutex_);
        auto& here = of_[block_of(peer)];
        auto is_refused = all_ >= limit_ || (!exempt && here >= limit_per_address_);
        if (is_refused && here == 0) of_.erase(block_of(peer));
        if (is_refused) return false;
        ++all_;
        ++here;
        return true;
    }
    void leave(const boost::asio::ip::address& peer) {
        std::lock_guard lock(mutex_);
        --all_;
        auto found = of_.find(block_of(peer));
        if (--found->second == 0) of_.erase(found);
    }
    int all() const {
        std::lock_guard lock(mutex_);
        return all_;
    }

private:
    static boost::asio::ip::address block_of(const boost::asio::ip::address& peer) {
        if (peer.is_v4()) return peer;
        auto bytes = peer.to_v6().to_bytes();
        for (std::size_t i = 8; i < bytes.size(); ++i) bytes[i] = 0;
        return boost::asio::ip::make_address_v6(bytes);
    }

    const int limit_, limit_per_address_;
    mutable std::mutex mutex_;
    std::map<boost::asio::ip::address, int> of_;
    int all_ = 0;
};

} // namespace relais::server
