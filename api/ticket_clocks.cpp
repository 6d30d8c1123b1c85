// SPDX-License-Identifier: EUPL-1.2
#include "api/ticket_clocks.hpp"

#include "api/action_fields.hpp"
#include "api/pages.hpp"
#include "api/ticket_change.hpp"
#include "api/view_parts.hpp"
#include "model/error.hpp"
#include "model/ticket_incident.hpp"

namespace relais::api {

namespace {

using model::tickets::action;
using nlohmann::json;

constexpr std::size_t detail_limit = 120; // code points

// stopped in time, stopped late, standing still, running, or running late
std::string state_of(const model::ticket_clock& of, model::sys_seconds now) {
    if (of.stopped_at) return of.is_breached(now) ? "missed" : "kept";
    if (of.is_breached(now)) return "late";
    return of.since_at ? "running" : "paused";
}

json clock(const model::ticket_clock& of, const lens& through) {
    auto state = state_of(of, through.now);
    json out = {{"target_s", of.target_s}};
    views::add_code(out, through, "clock", "clock", of.clock);
    views::add_code(out, through, "state", "clock_state", state);
    views::add_moment(out, through, "due_at", of.due_at);
    views::add_moment(out, through, "stopped_at", of.stopped_at);
    if (!through.for_people) return out;
    out["is_late"] = state == "late" || state == "missed", out["is_kept"] = state == "kept", out["is_paused"] = state == "paused";
    if (state == "running") out["left"] = views::duration(*of.due_at - through.now, through);
    if (state == "paused") out["left_open"] = views::duration(std::chrono::seconds(of.target_s - of.spent_s), through);
    return out;
}

json waiting(const model::ticket_wait& of, const lens& through) {
    json out = {{"detail", through.sees.words ? of.detail : ""}, {"reminders", of.reminders}};
    views::add_code(out, through, "reason", "waiting_reason", of.reason);
    views::add_moment(out, through, "since", of.began_at);
    views::add_moment(out, through, "next_at", of.next_at > of.began_at ? of.next_at : std::nullopt);
    return out;
}

} // namespace

asio::awaitable<reply> post_waiting(const request& request, app& app) {
    action_fields given(request, {"reason", "detail"});
    auto prepare = [&] {
        return ticket_changes::change([reason = given.text("reason"), detail = ticket_changes::words(given, "detail", detail_limit)](
                                          soci::session& sql, const action& by) { model::tickets::await(sql, by, reason, detail); });
    };
    co_return co_await ticket_changes::prepared(request, app, given, "waiting", prepare);
}

asio::awaitable<reply> post_resumption(const request& request, app& app) {
    action_fields given(request, {});
    ticket_changes::change what = [](soci::session& sql, const action& by) { model::ticket_waits::end(sql, by); };
    co_return co_await ticket_changes::act(request, app, given, "resumed", std::move(what));
}

void views::add_line_clocks(nlohmann::json& to, std::int64_t ticket_id, const std::vector<model::ticket_clock>& pending,
                            const lens& through) {
    const model::ticket_clock *first = nullptr, *paused = nullptr;
    for (const auto& each : pending) {
        if (each.ticket_id != ticket_id) continue;
        if (each.due_at && (!first || *each.due_at < *first->due_at)) first = &each;
        if (!each.due_at && !each.since_at) paused = &each;
    }
    if (first) add_code(to, through, "due_clock", "clock", first->clock);
    if (!paused) return;
    add_code(to, through, "paused_clock", "clock", paused->clock);
    if (first) return;
    for (const auto* name : {"due", "is_late", "is_soon"}) to.erase(name);
}

nlohmann::json views::ticket_clocks(const std::vector<model::ticket_clock>& clocks, const std::optional<model::ticket_wait>& waits,
                                    const lens& through) {
    nlohmann::json out = {{"clocks", nlohmann::json::array()}, {"waiting", nullptr}};
    for (const auto& each : clocks) out["clocks"].push_back(clock(each, through));
    if (waits) out["waiting"] = waiting(*waits, through);
    if (!through.for_people) return out;
    out["has_clocks"] = !clocks.empty();
    out["waiting_reasons"] = nlohmann::json::array();
    for (const auto* code : {"citizen", "centre", "external_owner", "incident"})
        out["waiting_reasons"].push_back({{"code", code}, {"t:label", "waiting_reason." + std::string(code)}});
    return out;
}

} // namespace relais::api
