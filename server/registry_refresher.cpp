// SPDX-License-Identifier: EUPL-1.2
#include "server/registry_refresher.hpp"

#include "model/lease.hpp"
#include "server/registry_asking.hpp"

#include <spdlog/spdlog.h>

namespace relais::server {

namespace {

using namespace std::chrono_literals;
namespace readings = model::registry_readings;

constexpr std::int64_t readings_a_turn = 64;
constexpr auto follow_every = 20s, count_every = 60s;

// No dossier has this number.
const registry_query are_you_back{.number = "-", .neph = {}, .birth_name = {}, .birth_date = {}, .is_known = true};

// The clock of a simulation, or of a machine, may be set back.
bool is_due(const std::optional<model::sys_seconds>& last, model::sys_seconds now, std::chrono::seconds every) {
    return !last || now - *last >= every || now < *last;
}

} // namespace

registry_refresher::registry_refresher(model::database& database, registry& asked, model::clock_function now, model::registry_pace pace,
                                       std::string owner)
    : database_(database), registry_(asked), now_(std::move(now)), pace_(pace), owner_(std::move(owner)) {}

int registry_refresher::turn() {
    if (registry_.is_mirror() || pace_.per_day == 0) return 0;
    auto now = now_();
    count(now);
    if (registry_.is_breaker_open()) {
        if (registry_.is_ready()) registry_.look_up(are_you_back);
        return 0;
    }
    auto work = make_plan(now);
    token_ = work.token;
    if (!token_) return 0;
    if (work.has_more_to_follow)
        followed_at_.reset();
    else if (is_due(followed_at_, now, follow_every))
        followed_at_ = now;
    std::vector<model::registry_news> answers(work.readings.size());
    auto ask = [&](std::size_t i) {
        registry_query query;
        query.number = work.readings[i].number, query.is_known = true;
        // The ones before may have made the breaker open: these stay where they are.
        if (!registry_.is_breaker_open()) answers[i] = ask_registry(registry_, query, now_);
    };
    in_lanes(registry_, answers.size(), ask);
    for (std::size_t i = 0; i < answers.size(); ++i)
        if (answers[i].asked_at != model::sys_seconds{}) write(work.readings[i], answers[i], *token_);
    return static_cast<int>(answers.size());
}

registry_refresher::plan registry_refresher::make_plan(model::sys_seconds now) {
    auto per_day = readings::needed_per_day(pace_, progress().dossiers);
    auto follows = is_due(followed_at_, now, follow_every);
    auto visit = [this, now, per_day, follows](soci::session& sql) {
        plan out;
        out.token = model::leases::take(sql, readings::lease_name, owner_);
        if (!out.token) return out;
        if (follows) out.has_more_to_follow = readings::follow(sql, now);
        if (auto earned = readings::spend(sql, per_day, readings_a_turn, now); earned > 0)
            out.readings = readings::take(sql, earned, pace_, now);
        return out;
    };
    return database_.write_now(visit);
}

// Each by itself: one that the database refuses keeps no other from its answer, and is read again.
void registry_refresher::write(const model::registry_reading& what, const model::registry_news& answer, std::int64_t token) {
    auto visit = [&, now = now_()](soci::session& sql) {
        model::leases::check(sql, readings::lease_name, token);
        return readings::finish(sql, what, answer, now);
    };
    try {
        database_.write_now(visit);
    } catch (const std::exception&) { // what() may hold bound values
        spdlog::warn("registry: the state of dossier {} could not be written", what.dossier_id);
    }
}

void registry_refresher::count(model::sys_seconds now) {
    if (!is_due(counted_at_, now, count_every)) return;
    auto counted = database_.read_now([this, now](soci::session& sql) { return readings::progress(sql, pace_, now); });
    counted_at_ = now;
    std::lock_guard lock(mutex_);
    progress_ = counted;
}

model::registry_progress registry_refresher::progress() const {
    std::lock_guard lock(mutex_);
    return progress_;
}

void registry_refresher::stop() {
    if (!token_) return;
    database_.write_now([this](soci::session& sql) { model::leases::release(sql, readings::lease_name, owner_); });
    token_.reset();
}

} // namespace relais::server
