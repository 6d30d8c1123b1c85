// SPDX-License-Identifier: EUPL-1.2
#include "api/live_stream.hpp"

#include "api/guards.hpp"
#include "api/live_hub.hpp"
#include "model/database.hpp"
#include "model/error.hpp"

#include <charconv>

namespace relais::api {

namespace {

// The last event that the reader knows; nothing for a first visit.
std::optional<std::int64_t> last_known(const request& request) {
    auto text = request.header("last-event-id");
    if (text.empty()) text = request.parameter("after");
    if (text.empty()) return std::nullopt;
    std::int64_t out = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size() || out < 0)
        throw model::invalid({{"after", "malformed", "fault.parameter.malformed"}});
    return out;
}

// Asks again who this is, as at the start: a session that ended, an account that was closed or a role that changed ends the stream.
asio::awaitable<bool> is_same_audience(std::shared_ptr<const request> asked, app& app) {
    auto at = *asked;
    at.now = app.now();
    auto out = false;
    try {
        auto who = co_await identify(at, app);
        out = who.is == asked->who.is && who.id == asked->who.id && who.role == asked->who.role;
    } catch (const unauthenticated&) {
    } catch (const model::busy&) {
        out = true; // the database is away for a moment: that says nothing about the person
    }
    co_return out;
}

} // namespace

asio::awaitable<reply> stream_events(const request& request, app& app) {
    auto last = last_known(request);
    auto home = co_await asio::this_coro::executor;
    auto asked = std::make_shared<const api::request>(request);
    auto still_open = [asked, &app]() { return is_same_audience(asked, app); };
    auto viewer = app.live->open(home, request.who, std::move(still_open));
    if (last) {
        auto look = [last = *last, now = request.now](soci::session& sql) { return model::live_events::since(sql, last, now); };
        auto missed = co_await app.database.read(std::move(look));
        viewer->replay(missed);
    }
    reply out;
    out.content_type = "text/event-stream";
    out.headers.emplace_back("X-Accel-Buffering", "no"); // nginx would wait for a full buffer
    out.live = viewer;
    co_return out;
}

} // namespace relais::api
