// SPDX-License-Identifier: EUPL-1.2
#include "server/http/body_reader.hpp"

#include <algorithm>

namespace relais::server {

body_reader::body_reader(connection& client, receive_buffer& received, const http_limits& limits, const gate_verdict& verdict, bounds most)
    : client_(client), received_(received), limits_(limits), most_(most), decoder_(most.size_bytes), is_chunked_(verdict.chunked),
      wants_continue_(verdict.expects_continue), left_(verdict.content_length.value_or(0)) {
    if (left_ > most_.size_bytes) refuse(413, "body_too_large");
}

void body_reader::refuse(int status, std::string_view code) {
    refusal_ = status;
    code_ = code;
}

asio::awaitable<bool> body_reader::receive() {
    error_code error;
    auto allowed = std::chrono::milliseconds(limits_.body_grace_ms) +
                   std::chrono::milliseconds(wire_bytes_ * 1000 / static_cast<std::uint64_t>(limits_.body_bytes_per_s));
    client_.deadline = started_at_ + std::min<steady::duration>(allowed, std::chrono::milliseconds(most_.deadline_ms));
    if (wants_continue_) {
        static constexpr std::string_view line = "HTTP/1.1 100 Continue\r\n\r\n";
        auto pieces = std::array<asio::const_buffer, 2>{asio::buffer(line), asio::const_buffer{}};
        wants_continue_ = false;
        // A few bytes on a socket with nothing waiting: they leave whole.
        co_await client_.write_some(pieces, error);
    }
    auto size = co_await client_.read_some(received_.room(), error);
    client_.deadline = steady::time_point::max();
    received_.received(size);
    wire_bytes_ += size;
    is_gone_ = static_cast<bool>(error);
    co_return !is_gone_;
}

std::string_view body_reader::take() {
    if (!is_chunked_) {
        auto piece = received_.view().substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, received_.view().size())));
        left_ -= piece.size();
        taken_ = piece.size();
        return piece;
    }
    auto step = decoder_.next(received_.view());
    taken_ = step.consumed;
    if (decoder_.is() == chunked_decoder::state::bad) refuse(decoder_.status(), decoder_.code());
    return step.data;
}

asio::awaitable<std::string_view> body_reader::next() {
    while (refusal_ == 0 && !is_gone_) {
        received_.consume(taken_);
        taken_ = 0;
        if (is_done()) break;
        if (received_.is_empty() && !co_await receive()) break;
        auto piece = take();
        if (!piece.empty() && refusal_ == 0) co_return piece;
    }
    co_return std::string_view{};
}

asio::awaitable<std::string> body_reader::all() {
    std::string body;
    // A client may announce more than it sends: room is made as the bytes arrive.
    for (auto piece = co_await next(); !piece.empty(); piece = co_await next()) body.append(piece);
    co_return body;
}

} // namespace relais::server
