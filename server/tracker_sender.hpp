// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/catalogue.hpp"
#include "api/tracker.hpp"
#include "model/clock.hpp"
#include "model/database.hpp"
#include "model/tracker_link.hpp"

#include <string>
#include <vector>

namespace relais::server {

// Opens incidents in trackers outside: takes what is due, posts it, keeps the reference that comes back. For one thread.
class tracker_sender {
public:
    tracker_sender(model::database& database, const std::vector<api::tracker>& trackers, const api::catalogue& texts, std::string base_url)
        : database_(database), trackers_(trackers), texts_(texts), base_url_(std::move(base_url)) {}

    // Sends what is due now. Returns how many were tried.
    int step(model::sys_seconds now);

private:
    void send(const model::tracker_link& link, model::sys_seconds now);

    model::database& database_;
    const std::vector<api::tracker>& trackers_;
    const api::catalogue& texts_;
    std::string base_url_;
};

} // namespace relais::server
