// SPDX-License-Identifier: EUPL-1.2
#include "server/share_service.hpp"

#include "api/share_access.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace relais::server {

namespace {

model::share_job::options options_of(const share_settings& share, const api::secrets& keys, const std::string& owner) {
    model::share_job::options out;
    out.owner = owner, out.hour = share.hour, out.is_sending = share.is_sending, out.link_days = share.link_days;
    for (const auto& each : share.recipients) out.recipients.push_back(model::share_links::recipient_of(each).value());
    out.uses_database_clock = share.uses_database_clock;
    out.token_hash = [&keys](const std::string& week, const std::string& recipient) {
        return api::share_tokens::hash(api::share_tokens::make(keys, week, recipient));
    };
    return out;
}

} // namespace

share_service::share_service(const configuration& config, model::database& database, const api::secrets& keys, const std::string& owner)
    : job_(database, options_of(config.share, keys, owner)), clock_(std::chrono::minutes(config.share.clock_hold_minutes)) {}

bool share_service::run(model::sys_seconds now, const std::function<bool()>& is_stopping) {
    auto was_waiting = std::exchange(is_waiting_, !clock_.is_trusted(now, machine_running()));
    if (is_waiting_) {
        if (!was_waiting)
            spdlog::error(
                "the clock went forward by itself: the weekly share waits until it is put back, or stood for share.clock_hold_minutes");
        return false;
    }
    while (!is_stopping() && job_.step(now)) {
    }
    return job_.take_mail_written();
}

} // namespace relais::server
