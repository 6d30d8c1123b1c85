// SPDX-License-Identifier: EUPL-1.2
#include "api/live_hub.hpp"

#include "api/guards.hpp"
#include "api/routes.hpp"
#include "api/views.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <deque>
#include <map>

namespace relais::api {

namespace asio = boost::asio;
using steady = std::chrono::steady_clock;

namespace {

const std::string beat = ":\n\n";
const std::string over = "event: over\ndata: {}\n\n";        // signed out, or the account was closed: do not come back
const std::string incomplete = "event: reset\ndata: {}\n\n"; // more was missed than is kept: read everything again
const std::string mine = "event: mine\n";

// What is meant for a colleague says so.
std::string addressed(const audience& to, const model::live_event& what, const std::string& frame) {
    return to.is == audience::kind::staff && live_events::is_for(what.what, to.id) ? mine + frame : frame;
}

} // namespace

struct live_viewer::state {
    state(live_hub& all, asio::any_io_executor where, audience whose, std::function<asio::awaitable<bool>()> open)
        : hub(all), home(std::move(where)), who(std::move(whose)), still_open(std::move(open)),
          ends_at(steady::now() + all.bounds().longest) {}

    live_hub& hub;
    const asio::any_io_executor home;
    const audience who;
    const std::function<asio::awaitable<bool>()> still_open;
    asio::steady_timer* alarm = nullptr; // while next() waits; on the connection's thread only
    const steady::time_point ends_at;
    std::mutex mutex;
    std::deque<std::string> waiting;
    bool is_ended = false;

    // True when there is something to wake up for.
    bool put(const std::string& text) {
        std::lock_guard lock(mutex);
        if (is_ended) return false;
        is_ended = waiting.size() >= hub.bounds().queued;
        if (!is_ended) waiting.push_back(text);
        return true;
    }
    void end() {
        std::lock_guard lock(mutex);
        is_ended = true;
    }
    // Everything that waits, in one piece; nothing yet is an empty text.
    std::optional<std::string> take() {
        std::lock_guard lock(mutex);
        if (is_ended && waiting.empty()) return std::nullopt;
        std::string out;
        for (const auto& each : waiting) out += each;
        waiting.clear();
        return out;
    }
};

live_viewer::live_viewer(live_hub& hub, asio::any_io_executor home, audience who, std::function<asio::awaitable<bool>()> still_open)
    : state_(std::make_unique<state>(hub, std::move(home), std::move(who), std::move(still_open))) {}

live_viewer::~live_viewer() { state_->hub.leave(this); }

asio::awaitable<std::optional<std::string>> live_viewer::next() {
    auto& my = *state_;
    auto waiting = my.take();
    if (!waiting || !waiting->empty()) co_return waiting;
    boost::system::error_code interrupted;
    asio::steady_timer alarm(co_await asio::this_coro::executor, my.hub.bounds().heartbeat);
    my.alarm = &alarm;
    co_await alarm.async_wait(asio::redirect_error(asio::use_awaitable, interrupted));
    my.alarm = nullptr;
    waiting = my.take();
    if (!waiting || !waiting->empty()) co_return waiting;
    if (interrupted) co_return beat; // woken for what somebody else took: as good as a beat
    if (steady::now() >= my.ends_at) co_return std::nullopt;
    auto goes_on = co_await my.still_open();
    if (goes_on) co_return beat;
    my.end();
    co_return over;
}

void live_viewer::wake() {
    asio::post(state_->home, [kept = weak_from_this()] {
        auto still = kept.lock();
        if (still && still->state_->alarm != nullptr) still->state_->alarm->cancel();
    });
}

void live_viewer::replay(const std::vector<model::live_event>& missed) {
    if (missed.size() > model::live_events::replay_limit) {
        state_->put(incomplete);
        return;
    }
    const auto& who = state_->who;
    for (const auto& each : missed)
        if (live_events::may_see(who.role, each.what)) state_->put(addressed(who, each, live_events::frame(who.role, each)));
}

std::shared_ptr<live_viewer> live_hub::open(const asio::any_io_executor& home, const audience& who,
                                            std::function<asio::awaitable<bool>()> still_open) {
    auto out = std::make_shared<live_viewer>(*this, home, who, std::move(still_open));
    std::lock_guard lock(mutex_);
    if (is_closed_ || viewers_.size() >= limits_.viewers) {
        out->state_->end();
        return out;
    }
    auto is_same = [&](const live_viewer* each) {
        const auto& other = each->state_->who;
        return other.is == who.is && other.id == who.id && other.session_hash == who.session_hash;
    };
    if (static_cast<std::size_t>(std::count_if(viewers_.begin(), viewers_.end(), is_same)) >= limits_.of_one_audience) {
        auto oldest = std::find_if(viewers_.begin(), viewers_.end(), is_same);
        (*oldest)->state_->end();
        (*oldest)->wake();
        viewers_.erase(oldest);
    }
    viewers_.push_back(out.get());
    return out;
}

void live_hub::leave(live_viewer* who) {
    std::lock_guard lock(mutex_);
    std::erase(viewers_, who);
}

// Under the lock all along: a viewer cannot go, nor its thread, while we speak to it.
void live_hub::publish(const std::vector<model::live_event>& news) {
    std::lock_guard lock(mutex_);
    std::map<std::string, std::vector<std::string>, std::less<>> frames; // by role: written once for all of the role
    for (auto* each : viewers_) {
        auto& viewer = *each->state_;
        auto& written = frames[viewer.who.role];
        if (written.empty())
            for (const auto& what : news)
                written.push_back(live_events::may_see(viewer.who.role, what.what) ? live_events::frame(viewer.who.role, what) : "");
        auto wakes = false;
        for (std::size_t i = 0; i < news.size(); ++i) {
            if (written[i].empty()) continue;
            wakes = viewer.put(addressed(viewer.who, news[i], written[i])) || wakes;
        }
        if (wakes) each->wake();
    }
}

void live_hub::close() {
    std::lock_guard lock(mutex_);
    is_closed_ = true;
    for (auto* each : viewers_) {
        each->state_->end();
        each->wake();
    }
}

std::size_t live_hub::viewers() const {
    std::lock_guard lock(mutex_);
    return viewers_.size();
}

namespace live_events {

bool may_see(std::string_view role, const model::event& what) {
    if ((role_bit(role) & (admin | dpo)) != 0) return true;
    if (what.action.ends_with(".read") || what.action == "ticket.file_read") return false;
    return what.object_kind != "user" && what.object_kind != "token" && what.object_kind != "webhook";
}

std::string frame(std::string_view role, const model::live_event& news) {
    lens through;
    through.sees = sight_of(role);
    auto item = views::event(news.what, through);
    item["object"]["reference"] = news.reference.empty() ? nlohmann::json(nullptr) : nlohmann::json(news.reference);
    auto text = item.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return "id: " + std::to_string(news.what.id) + "\ndata: " + text + "\n\n";
}

bool is_for(const model::event& what, std::int64_t user) {
    if (what.data.find("\"agents\"") == std::string::npos) return false;
    auto data = nlohmann::json::parse(what.data, nullptr, false);
    if (!data.is_object() || !data["agents"].is_array()) return false;
    return std::any_of(data["agents"].begin(), data["agents"].end(), [user](const auto& each) { return each == user; });
}

} // namespace live_events

} // namespace relais::api
