// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/secrets.hpp"
#include "api/webhook_rules.hpp"
#include "model/clock.hpp"
#include "model/database.hpp"
#include "model/webhook.hpp"

namespace relais::server {

// Tells programs what changed: writes the deliveries of the change feed, posts those that are due, signed, and keeps what was answered.
// For one thread; several nodes may each have one.
class webhook_sender {
public:
    webhook_sender(model::database& database, const api::secrets& keys, const api::webhook_rules& rules)
        : database_(database), keys_(keys), rules_(rules) {}

    // Returns how many deliveries were tried.
    int step(model::sys_seconds now);

private:
    void send(const model::due_delivery& delivery, model::sys_seconds now);

    model::database& database_;
    const api::secrets& keys_;
    const api::webhook_rules& rules_;
};

} // namespace relais::server
