// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/secrets.hpp"
#include "model/share_job.hpp"
#include "server/clock_watch.hpp"
#include "server/config.hpp"

#include <functional>
#include <string>

namespace relais::server {

// The weekly share and the facts of the figures, as a task of the server.
class share_service {
public:
    share_service(const configuration& config, model::database& database, const api::secrets& keys, const std::string& owner);

    // Everything that is due; nothing while the clock is doubted. is_stopping: asked between two transactions. True when mails were
    // written.
    bool run(model::sys_seconds now, const std::function<bool()>& is_stopping);
    void stop() { job_.stop(); }

private:
    model::share_job job_;
    clock_watch clock_;
    bool is_waiting_ = false;
};

} // namespace relais::server
