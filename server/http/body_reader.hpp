// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/http/chunked_decoder.hpp"
#include "server/http/connection.hpp"
#include "server/http/limits.hpp"
#include "server/http/receive_buffer.hpp"
#include "server/http/request_gate.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace relais::server {

// The body of one request, piece by piece, within its limit and no slower than the limits allow.
class body_reader {
public:
    struct bounds {
        std::uint64_t size_bytes = 0;
        int deadline_ms = 0; // for the whole body
    };
    body_reader(connection& client, receive_buffer& received, const http_limits& limits, const gate_verdict& verdict, bounds most);

    // The next bytes, valid until the next call; empty at the end or when the body failed.
    asio::awaitable<std::string_view> next();
    // All of it; what was read so far when it failed.
    asio::awaitable<std::string> all();

    bool is_done() const { return is_chunked_ ? decoder_.is() == chunked_decoder::state::done : left_ == 0; }
    bool is_gone() const { return is_gone_; } // the client left, or was cut for being slow
    // 0, or what to answer: 400 for chunks that cannot be read, 413 for a body that is too large.
    int refusal() const { return refusal_; }
    std::string_view code() const { return code_; }

private:
    asio::awaitable<bool> receive();
    std::string_view take();
    void refuse(int status, std::string_view code);

    connection& client_;
    receive_buffer& received_;
    const http_limits& limits_;
    bounds most_;
    chunked_decoder decoder_;
    bool is_chunked_;
    bool wants_continue_;
    std::uint64_t left_ = 0;
    std::uint64_t wire_bytes_ = 0;
    std::size_t taken_ = 0; // bytes of the buffer given to the caller by the last call
    steady::time_point started_at_ = steady::now();
    bool is_gone_ = false;
    int refusal_ = 0;
    std::string_view code_;
};

} // namespace relais::server
