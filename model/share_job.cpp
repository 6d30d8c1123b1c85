// SPDX-License-Identifier: EUPL-1.2
#include "model/share_job.hpp"

#include "model/figure_fact.hpp"
#include "model/lease.hpp"
#include "model/sql.hpp"

namespace relais::model {

namespace {

// A share that was written by hand, or while nobody was to receive it, leaves with its week; an older one stays in the calendar.
constexpr auto sent_within = std::chrono::hours(24 * 7);

} // namespace

bool share_job::step(sys_seconds now) {
    token_ = database_.write_now([this](soci::session& sql) { return leases::take(sql, weekly_shares::lease_name, options_.owner); });
    if (!token_) return false;
    auto look = [now](soci::session& sql) { return weekly_shares::agreed_now(sql, now); };
    auto agreed = options_.uses_database_clock ? database_.read_now(look) : now;
    auto follow = [this, agreed](soci::session& sql) {
        leases::check(sql, weekly_shares::lease_name, *token_);
        return figure_facts::follow(sql, agreed);
    };
    if (database_.write_now(follow) > 0) return true;
    return write_share(agreed) || send_share(agreed);
}

bool share_job::write_share(sys_seconds now) {
    auto look = [this, now](soci::session& sql) { return weekly_shares::due(sql, options_.hour, now); };
    auto week = database_.read_now(look);
    if (!week) return false;
    auto compose = [now, week = *week](soci::session& sql) { return weekly_shares::compose(sql, week, now).dump(); };
    auto body = database_.read_now(compose);
    auto write = [this, now, week = *week, &body](soci::session& sql) {
        leases::check(sql, weekly_shares::lease_name, *token_);
        weekly_shares::freeze(sql, week, body, options_.owner, now);
    };
    database_.write_now(write);
    return true;
}

bool share_job::send_share(sys_seconds now) {
    if (!options_.is_sending) return false;
    auto look = [this, now](soci::session& sql) {
        auto found = share_links::unsent(sql, now - sent_within);
        auto week = found ? calendar_weeks::parse(found->week) : std::nullopt;
        auto is_time = week && weekly_shares::published_at(*week, options_.hour) <= now;
        auto is_wanted = is_time && !share_links::recipients(sql, options_.recipients).empty();
        return is_wanted ? found : std::nullopt;
    };
    auto share = database_.read_now(look);
    if (!share) return false;
    auto send = [this, now, &share](soci::session& sql) {
        leases::check(sql, weekly_shares::lease_name, *token_);
        for (const auto& to : share_links::recipients(sql, options_.recipients))
            share_links::send(sql, share->id, share->week, to, options_.token_hash(share->week, to.email), options_.link_days, now);
    };
    database_.write_now(send);
    has_written_mail_ = true;
    return true;
}

void share_job::stop() {
    if (!token_) return;
    database_.write_now([this](soci::session& sql) { leases::release(sql, weekly_shares::lease_name, options_.owner); });
    token_.reset();
}

} // namespace relais::model
