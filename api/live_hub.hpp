// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/live_source.hpp"
#include "api/request.hpp"
#include "model/event_watch.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace relais::api {

class live_viewer;

// Who looks at live updates on this node, and how news reach them. publish() is called by the task that follows the event table; each
// viewer has a bounded queue of its own, and one that does not keep up is let go: it comes back and says what it read last.
class live_hub {
public:
    struct limits {
        std::chrono::milliseconds heartbeat{15'000}; // silence no proxy may cut, and how soon a client that left is noticed
        std::chrono::milliseconds longest{3'600'000};
        std::size_t queued = 512;        // events waiting for one viewer
        std::size_t viewers = 5'000;     // in all
        std::size_t of_one_audience = 3; // one browser needs one; the oldest gives way, which is most often a page that was left
    };
    live_hub() : live_hub(limits{}) {}
    explicit live_hub(const limits& bounds) : limits_(bounds) {}
    live_hub(const live_hub&) = delete;
    live_hub& operator=(const live_hub&) = delete;

    // A viewer on the thread of `home`. still_open is asked at each heartbeat, and ends the stream when it says no. After close(), or when
    // too many look, the source ends at once.
    std::shared_ptr<live_viewer> open(const boost::asio::any_io_executor& home, const audience& who,
                                      std::function<boost::asio::awaitable<bool>()> still_open);
    void publish(const std::vector<model::live_event>& news);
    // Ends every stream, and those still to come: the server stops, the browsers go to another.
    void close();
    std::size_t viewers() const;
    const limits& bounds() const { return limits_; }

private:
    friend class live_viewer;
    void leave(live_viewer* who);

    const limits limits_;
    mutable std::mutex mutex_;
    std::vector<live_viewer*> viewers_; // oldest first
    bool is_closed_ = false;
};

// One open stream, in the form of server-sent events.
class live_viewer final : public live_source, public std::enable_shared_from_this<live_viewer> {
public:
    live_viewer(live_hub& hub, boost::asio::any_io_executor home, audience who, std::function<boost::asio::awaitable<bool>()> still_open);
    ~live_viewer() override;

    boost::asio::awaitable<std::optional<std::string>> next() override;
    // What was missed, before anything new. Called before the first next().
    void replay(const std::vector<model::live_event>& missed);

private:
    friend class live_hub;
    void wake(); // from any thread
    struct state;
    std::unique_ptr<state> state_;
};

namespace live_events {

// Whether a role is told of an event at all: readings, sign-ins, accounts and webhooks are the business of those who oversee.
bool may_see(std::string_view role, const model::event& what);
// The frame of an event for a role, without the line that says whom it is for: "id: 12\ndata: {...}\n\n".
std::string frame(std::string_view role, const model::live_event& news);
// Whether the event is meant for one colleague: its data holds "agents": [their ids].
bool is_for(const model::event& what, std::int64_t user);

} // namespace live_events

} // namespace relais::api
