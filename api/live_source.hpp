// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace relais::api {

// What a reply goes on sending after its head: pieces as they come, until the source ends or the client leaves.
class live_source {
public:
    virtual ~live_source() = default;
    // The next piece, as it goes out; nothing when the source has ended. Awaited on the connection's own thread.
    virtual boost::asio::awaitable<std::optional<std::string>> next() = 0;
};

} // namespace relais::api
