// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"
#include "server/http/body_reader.hpp"
#include "server/http/connection.hpp"
#include "server/http/receive_buffer.hpp"
#include "server/http/site.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace relais::server {

// The requests of one connection, one after the other, until it closes. Runs on the connection's I/O thread.
class http_session {
public:
    http_session(connection& client, http_site& site) : client_(client), site_(site) {}
    // Never throws: whatever happens is answered or ends the connection.
    asio::awaitable<void> run();

private:
    // One request on its way to its answer.
    struct exchange {
        api::request request;
        gate_verdict verdict; // its views hold until the body is read
        api::match match;
        api::reply reply;
        std::string_view asset;
        bool must_close = false;
        bool is_gone = false;
        std::uint64_t sent_bytes = 0;
        steady::time_point started_at = steady::now();
    };

    asio::awaitable<std::size_t> receive_head();
    asio::awaitable<bool> serve_one(std::size_t head_bytes);
    asio::awaitable<void> answer(exchange& at);
    asio::awaitable<void> answer_route(exchange& at);
    asio::awaitable<bool> receive_body(exchange& at);
    int wait_before_upload(const exchange& at) const;
    void drop_files(const api::request& request);
    bool admit_head(exchange& at, std::size_t head_bytes);
    void shed(exchange& at);
    void refuse(exchange& at, int status, std::string_view code);
    bool keeps_alive(const exchange& at) const;

    asio::awaitable<void> send(exchange& at);
    asio::awaitable<void> send_stream(exchange& at, const std::string& head, bool in_chunks);
    asio::awaitable<void> send_live(exchange& at, const std::string& head, bool in_chunks);
    asio::awaitable<bool> write(std::string_view first, std::string_view second);
    asio::awaitable<void> finish();
    void note(const exchange& at);

    connection& client_;
    http_site& site_;
    receive_buffer received_;
    bool is_first_ = true;
    bool is_gone_ = false; // nothing more can be written
};

} // namespace relais::server
