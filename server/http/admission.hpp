// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string_view>

namespace relais::server {

// How many requests may be answered at once, in three lanes with shares of their own, so that a crowd at the public form never keeps
// the agents out: agents 40 %, public 40 %, the rest 20 %. Source: security.md 4.7.
class admission {
public:
    explicit admission(int in_flight_limit);

    // A place in a lane, given back when it is destroyed.
    class place {
    public:
        explicit place(std::atomic<int>& taken) : taken_(&taken) {}

    private:
        struct give_back {
            void operator()(std::atomic<int>* taken) const { taken->fetch_sub(1); }
        };
        std::unique_ptr<std::atomic<int>, give_back> taken_;
    };

    // True when a request of this lane would be refused: asked before its body is read, since a slow body must not hold a place.
    bool is_full(std::string_view lane) const;
    // Nothing when the lane is full.
    std::optional<place> enter(std::string_view lane);
    int in_flight() const;
    // Seconds to wait before another try, spread so that clients do not all come back together: 5 to 30.
    static int retry_after_s();

private:
    static std::size_t index(std::string_view lane);
    std::array<int, 3> limits_;
    std::array<std::atomic<int>, 3> taken_{};
};

} // namespace relais::server
