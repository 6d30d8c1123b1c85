// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/secrets.hpp"
#include "api/webhook_rules.hpp"
#include "model/clock.hpp"
#include "model/database.hpp"
#include "model/webhook.hpp"

#include <atomic>
#include <cstdint>
#include <future>
#include <map>

namespace relais::server {

// Tells programs what changed: writes the deliveries of the change feed, posts those that are due, signed, and keeps what was answered.
// Each webhook is posted to by a thread of its own, one delivery after the other, so that none waits for a host that does not answer.
// Several nodes may each have a sender; the functions are for one thread.
class webhook_sender {
public:
    webhook_sender(model::database& database, const api::secrets& keys, const api::webhook_rules& rules)
        : database_(database), keys_(keys), rules_(rules) {}
    ~webhook_sender() { stop(); }
    webhook_sender(const webhook_sender&) = delete;
    webhook_sender& operator=(const webhook_sender&) = delete;

    // Sets to work on the webhooks to which something is due, unless they are being told already. Returns how many; does not wait for them.
    int step(model::sys_seconds now);
    // Waits until those that are being told have been.
    void wait();
    // The same, after the post under way.
    void stop();

private:
    void tell(std::int64_t hook, model::sys_seconds now);
    bool send(const model::due_delivery& delivery, const model::clock_function& now);

    model::database& database_;
    const api::secrets& keys_;
    const api::webhook_rules& rules_;
    std::atomic<bool> is_stopping_{false};
    std::map<std::int64_t, std::future<void>> told_; // by webhook
};

} // namespace relais::server
