// SPDX-License-Identifier: EUPL-1.2
// How a session writes its answers: whole, or in pieces made by a worker.
#include "api/json_body.hpp"
#include "api/site.hpp"
#include "api/workers.hpp"
#include "server/http/answer.hpp"
#include "server/http/session.hpp"

#include <fmt/format.h>

namespace relais::server {
namespace {

struct body_text {
    std::string text;
    std::string_view type;
};

// A page for people, JSON for programs, or what the handler wrote itself. Uses the data up: a list of fifty tickets is not copied.
body_text body_of(const api::request& request, api::reply& reply, const http_site& site) {
    if (!reply.content_type.empty()) return {std::move(reply.text), reply.content_type};
    if (!has_body(reply.status) || reply.status == 303) return {};
    if (!reply.page.empty() && !request.wants_json() && site.render)
        return {site.render(request, reply.page, std::move(reply.data)), "text/html; charset=utf-8"};
    auto data = api::data_for_programs(request, std::move(reply.data), site.app);
    return {api::json_body::dump(data), "application/json; charset=utf-8"};
}

std::string framed_piece(std::string_view piece, bool in_chunks) {
    return in_chunks ? fmt::format("{:x}\r\n{}\r\n", piece.size(), piece) : std::string(piece);
}

} // namespace

asio::awaitable<void> http_session::send(exchange& at) {
    auto body = body_of(at.request, at.reply, site_);
    auto view = at.asset.empty() ? std::string_view(body.text) : at.asset;
    auto circumstances = answer_circumstances{};
    circumstances.request_id = at.request.id;
    circumstances.keep_alive = keeps_alive(at);
    circumstances.is_http_1_0 = at.verdict.http_1_0;
    circumstances.strict_transport = site_.strict_transport;
    if (!at.reply.stream && !at.reply.live)
        circumstances.length_bytes = view.size();
    else if (at.reply.stream_size_bytes >= 0)
        circumstances.length_bytes = static_cast<std::uint64_t>(at.reply.stream_size_bytes);
    auto is_endless = !circumstances.length_bytes && at.verdict.http_1_0;
    if (is_endless) at.must_close = true, circumstances.keep_alive = false;
    auto head = answer_head(at.reply, body.type, circumstances);
    if (at.request.method == "HEAD" || !has_body(at.reply.status)) view = {};
    at.sent_bytes = head.size() + view.size();
    if (at.reply.stream && at.request.method != "HEAD")
        co_return co_await send_stream(at, head, !circumstances.length_bytes && !is_endless);
    if (at.reply.live && at.request.method != "HEAD") co_return co_await send_live(at, head, !is_endless);
    co_await write(head, view);
}

// A worker makes a piece, then the connection's thread writes it: memory stays at one piece a client, and a slow one holds no worker.
asio::awaitable<void> http_session::send_stream(exchange& at, const std::string& head, bool in_chunks) {
    auto goes_on = co_await write(head, {});
    while (goes_on) {
        auto next = [&at] { return at.reply.stream(); };
        auto piece = co_await api::run_on(site_.app.workers, std::move(next));
        if (!piece) break;
        if (piece->empty()) continue; // an empty chunk would end them
        auto framed = framed_piece(*piece, in_chunks);
        goes_on = co_await write(framed, {});
        at.sent_bytes += framed.size();
    }
    if (goes_on && in_chunks) co_await write("0\r\n\r\n", {});
}

// A client that left is noticed at the next piece, which the source's heartbeat brings.
asio::awaitable<void> http_session::send_live(exchange& at, const std::string& head, bool in_chunks) {
    auto goes_on = co_await write(head, {});
    while (goes_on) {
        auto piece = co_await at.reply.live->next();
        if (!piece) break;
        auto framed = framed_piece(*piece, in_chunks);
        goes_on = co_await write(framed, {});
        at.sent_bytes += framed.size();
    }
    if (goes_on && in_chunks) co_await write("0\r\n\r\n", {});
    at.reply.live.reset();
}

asio::awaitable<bool> http_session::write(std::string_view first, std::string_view second) {
    error_code error;
    while (!is_gone_ && first.size() + second.size() > 0) {
        client_.deadline = steady::now() + std::chrono::milliseconds(site_.limits.write_progress_ms);
        auto pieces = std::array<asio::const_buffer, 2>{asio::buffer(first), asio::buffer(second)};
        auto size = co_await client_.write_some(pieces, error);
        auto of_first = std::min(size, first.size());
        first.remove_prefix(of_first);
        second.remove_prefix(size - of_first);
        is_gone_ = static_cast<bool>(error);
    }
    client_.deadline = steady::time_point::max();
    co_return !is_gone_;
}

// Closing while the client still sends would reset the connection and lose our answer: we say goodbye, then drop what comes for a while.
asio::awaitable<void> http_session::finish() {
    constexpr auto patience = std::chrono::milliseconds(1'000);
    constexpr std::size_t dropped_limit_bytes = 1024 * 1024;
    client_.deadline = steady::now() + patience;
    co_await client_.say_goodbye();
    error_code error;
    std::size_t dropped = 0;
    while (!error && dropped < dropped_limit_bytes) {
        received_.consume(received_.view().size());
        dropped += co_await client_.read_some(received_.room(), error);
    }
    client_.deadline = steady::time_point::max();
}

} // namespace relais::server
