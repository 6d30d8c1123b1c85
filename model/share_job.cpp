// SPDX-License-Identifier: EUPL-1.2
#include "model/share_job.hpp"

#include "model/figure_fact.hpp"
#include "model/lease.hpp"

namespace relais::model {

bool share_job::step(sys_seconds now) {
    token_ = database_.write_now([this](soci::session& sql) { return leases::take(sql, weekly_shares::lease_name, options_.owner); });
    if (!token_) return false;
    auto follow = [this, now](soci::session& sql) {
        leases::check(sql, weekly_shares::lease_name, *token_);
        return figure_facts::follow(sql, now);
    };
    if (database_.write_now(follow) > 0) return true;
    return write_share(now);
}

bool share_job::write_share(sys_seconds now) {
    auto look = [this, now](soci::session& sql) { return weekly_shares::due(sql, options_.hour, now); };
    auto week = database_.read_now(look);
    if (!week) return false;
    auto write = [this, now, week = *week](soci::session& sql) {
        leases::check(sql, weekly_shares::lease_name, *token_);
        auto share = weekly_shares::make(sql, week, options_.owner, now);
        if (!options_.is_sending) return;
        for (const auto& to : share_links::recipients(sql, options_.recipients))
            share_links::send(sql, share.id, share.week, to, options_.token_hash(share.week, to.email), options_.link_days, now);
    };
    database_.write_now(write);
    has_written_mail_ = options_.is_sending;
    return true;
}

void share_job::stop() {
    if (!token_) return;
    database_.write_now([this](soci::session& sql) { leases::release(sql, weekly_shares::lease_name, options_.owner); });
    token_.reset();
}

} // namespace relais::model
