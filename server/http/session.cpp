// SPDX-License-Identifier: EUPL-1.2
#include "server/http/session.hpp"

#include "api/contact_page.hpp"
#include "api/contact_pressure.hpp"
#include "api/guards.hpp"
#include "api/malformed.hpp"
#include "api/metrics.hpp"
#include "model/attachment_store.hpp"
#include "server/http/body.hpp"
#include "server/http/request.hpp"
#include "server/log.hpp"

#include <spdlog/spdlog.h>

namespace relais::server {
namespace {

steady::time_point in_ms(int ms) { return steady::now() + std::chrono::milliseconds(ms); }

// The length of the head at the start of the text, its empty line included; 0 when it has not ended. A bare LF ends it too, so that
// the gate can refuse it at once.
std::size_t head_length(std::string_view text) {
    for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
        auto rest = text.substr(at + 1);
        if (rest.starts_with('\n')) return at + 2;
        if (rest.starts_with("\r\n")) return at + 3;
    }
    return 0;
}

void wait_before_retry(api::reply& reply) {
    std::erase_if(reply.headers, [](const auto& each) { return each.first == "Retry-After"; });
    reply.headers.emplace_back("Retry-After", std::to_string(admission::retry_after_s()));
}

} // namespace

asio::awaitable<void> http_session::run() {
    error_code error;
    client_.deadline = in_ms(site_.limits.header_deadline_ms);
    co_await client_.greet(error);
    for (bool goes_on = !error; goes_on;) {
        auto head_bytes = co_await receive_head();
        goes_on = head_bytes > 0 && co_await serve_one(head_bytes);
    }
    client_.is_idle = false;
    if (!is_gone_) co_await finish();
}

// The head's deadline runs from accept, or from the first byte on a connection kept alive: one byte at a time gains nothing.
asio::awaitable<std::size_t> http_session::receive_head() {
    client_.is_idle = received_.is_empty();
    auto waits_for_first_byte = client_.is_idle && !is_first_;
    if (!is_first_) client_.deadline = in_ms(waits_for_first_byte ? site_.limits.keep_alive_ms : site_.limits.header_deadline_ms);
    is_first_ = false;
    for (;;) {
        auto size = head_length(received_.view());
        if (size == 0 && received_.is_full()) size = received_.view().size();
        if (size > 0) {
            client_.deadline = steady::time_point::max();
            co_return size;
        }
        error_code error;
        auto got = co_await client_.read_some(received_.room(), error);
        received_.received(got);
        client_.is_idle = false;
        if (error) {
            is_gone_ = true;
            co_return std::size_t{0};
        }
        if (waits_for_first_byte) client_.deadline = in_ms(site_.limits.header_deadline_ms);
        waits_for_first_byte = false;
    }
}

// False when the connection is not to be used again.
asio::awaitable<bool> http_session::serve_one(std::size_t head_bytes) {
    exchange at;
    at.request.id = next_request_id();
    at.request.now = site_.app.now();
    std::exception_ptr fault;
    try {
        if (admit_head(at, head_bytes)) co_await answer(at);
        if (!at.is_gone) co_await send(at);
    } catch (...) {
        fault = std::current_exception();
    }
    if (fault && at.sent_bytes == 0) {
        at.reply = api::error_reply(at.request, fault);
        at.asset = {};
        at.must_close = true;
        co_await send(at);
    }
    note(at);
    co_return keeps_alive(at) && !fault;
}

bool http_session::admit_head(exchange& at, std::size_t head_bytes) {
    auto head = received_.view().substr(0, head_bytes);
    at.verdict = check_head(head, site_.gate);
    auto fields = at.verdict.accepted() ? parse_fields(head) : header_fields{};
    if (!at.verdict.accepted())
        refuse(at, at.verdict.status, at.verdict.code);
    else if (!fields)
        refuse(at, 400, "head_syntax");
    else {
        try {
            fill_request(at.request, at.verdict, std::move(*fields), client_.peer, site_);
            received_.consume(head_bytes);
            return true;
        } catch (const api::malformed& error) {
            refuse(at, error.status, error.code);
        }
    }
    received_.consume(head_bytes);
    return false;
}

void http_session::refuse(exchange& at, int status, std::string_view code) {
    site_.app.counters.add(api::counter::requests_refused);
    spdlog::info("request {} refused: {} {}", at.request.id, status, code);
    at.reply = api::error_reply(at.request, status, code);
    at.must_close = true;
    if (status == 503) wait_before_retry(at.reply);
}

void http_session::shed(exchange& at) {
    site_.app.counters.add(api::counter::requests_shed);
    at.reply = api::error_reply(at.request, 503, "busy");
    wait_before_retry(at.reply);
}

asio::awaitable<void> http_session::answer(exchange& at) {
    // What has a body and is answered without reading it cannot be followed by another request.
    at.must_close = at.verdict.has_body();
    if (site_.administration) {
        at.reply = site_.administration(at.request);
    } else if (auto state = health(at.request, site_)) {
        at.reply = std::move(*state);
    } else if (static_files::is_asset(at.request.path)) {
        auto found = site_.assets.find(at.request);
        at.reply = std::move(found.reply);
        at.asset = found.body;
    } else {
        co_await answer_route(at);
    }
}

asio::awaitable<void> http_session::answer_route(exchange& at) {
    at.match = site_.find(at.request.method, at.request.path);
    if (at.match.found) {
        auto lane = at.match.found->lane;
        if (site_.lanes.is_full(lane)) co_return shed(at);
        if (auto wait_s = wait_before_upload(at); wait_s > 0) {
            at.reply = api::contact_pages::too_many(at.request, wait_s);
            co_return;
        }
        if (at.verdict.has_body() && !co_await receive_body(at)) co_return;
        auto place = site_.lanes.enter(lane);
        if (place)
            at.reply = co_await site_.answer(at.request, site_.app);
        else
            shed(at);
        if (!place || at.reply.status == 403 || at.reply.status == 429) drop_files(at.request);
        co_return;
    }
    at.reply = co_await site_.answer(at.request, site_.app); // 404 or 405, as a page
}

// Files that anybody may send are held to the limit of their address before they are received.
int http_session::wait_before_upload(const exchange& at) const {
    constexpr std::uint64_t words_bytes = 256 * 1024; // the form of who joins no file
    const auto& route = *at.match.found;
    auto has_files = at.verdict.chunked || at.verdict.content_length.value_or(0) > words_bytes;
    auto is_limited = route.body == api::body_kind::upload && api::is_for_everyone(route) && has_files;
    return is_limited ? api::contact_pressure::upload_wait(at.request, site_.app) : 0;
}

// Files that were received for nothing: what is refused like this was kept by nobody.
void http_session::drop_files(const api::request& request) {
    for (const auto& each : request.files) site_.app.attachments.remove(each.storage_name);
}

// False when the request ends here: refused, or the client is gone.
asio::awaitable<bool> http_session::receive_body(exchange& at) {
    auto kind = at.match.found->body;
    auto slow = kind == api::body_kind::upload ? site_.limits.upload_deadline_ms : site_.limits.body_deadline_ms;
    auto most = body_reader::bounds{api::body_limit_bytes(kind), slow};
    auto body = body_reader(client_, received_, site_.limits, at.verdict, most);
    auto fault = body_fault{};
    if (body.refusal() == 0) fault = co_await read_body(at.request, kind, body, site_.app);
    at.is_gone = is_gone_ = body.is_gone();
    at.must_close = !body.is_done();
    if (body.refusal() != 0) fault = {body.refusal(), std::string(body.code())};
    if (fault.status != 0) refuse(at, fault.status, fault.code);
    co_return fault.status == 0 && !at.is_gone;
}

bool http_session::keeps_alive(const exchange& at) const {
    return !is_gone_ && !at.must_close && at.verdict.keep_alive && !site_.is_draining.load(std::memory_order_relaxed);
}

void http_session::note(const exchange& at) {
    auto taken = std::chrono::duration<double>(steady::now() - at.started_at).count();
    auto route = at.match.found ? at.match.found->pattern : static_files::is_asset(at.request.path) ? std::string_view("/assets") : "";
    site_.app.counters.request(at.request.method, route, at.reply.status, taken);
    constexpr std::string_view kinds[] = {"anonymous", "staff", "token"};
    auto kind = kinds[static_cast<std::size_t>(at.request.who.is)];
    journals::access({at.request.id, at.request.method, route, at.reply.status, at.sent_bytes, taken * 1000, kind, at.request.who.id});
}

} // namespace relais::server
