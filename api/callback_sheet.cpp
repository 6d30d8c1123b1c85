// SPDX-License-Identifier: EUPL-1.2
#include "api/callback_sheet.hpp"

#include "api/callback_booking.hpp"
#include "api/callback_view.hpp"
#include "api/guards.hpp"
#include "api/pages.hpp"
#include "api/settings.hpp"
#include "api/ticket_page.hpp"
#include "api/view_parts.hpp"
#include "model/callback_list.hpp"
#include "model/callback_state.hpp"
#include "model/database.hpp"
#include "model/ticket.hpp"

namespace relais::api::callback_sheets {
namespace {

using callback_bookings::rules_of;
using nlohmann::json;

struct sheet {
    model::callback what;
    std::string reference;
    std::vector<model::callback_attempt> attempts;
    std::vector<model::ticket> others;
    std::vector<model::callback_slot> slots;
};

sheet read(soci::session& sql, const std::string& id, const model::callback_rules& rules, std::chrono::sys_seconds now) {
    sheet out;
    out.what = model::callbacks::get(sql, id);
    out.reference = model::callback_lists::reference_of(sql, out.what);
    out.attempts = model::callback_calling::attempts_of(sql, out.what.id);
    out.others = model::callback_lists::tickets_of(sql, out.what);
    if (out.what.state == "scheduled") out.slots = callback_bookings::offered(sql, rules, out.what.place(), now);
    return out;
}

json other(const model::ticket& of, const lens& through) {
    json out = {{"reference", of.reference}, {"subject", of.subject}, {"is_open", of.status != "closed" && of.status != "merged"}};
    views::add_code(out, through, "status", "ticket_status", of.status);
    return out;
}

void add_actions(json& data, const sheet& seen, const request& request, const app& app) {
    const auto& what = seen.what;
    auto owner = model::callback_caller{actor_of(request), {}}.owner();
    auto is_mine = (what.state == "claimed" || what.state == "dialling") && what.lease_owner == owner;
    data["service"] = app.config.service.name;
    data["is_mine"] = is_mine;
    data["is_dialling"] = is_mine && what.state == "dialling";
    data["may_dial"] = is_mine && what.state == "claimed";
    data["can_dial"] = !app.config.telephony.originate_url.empty();
    data["token"] = what.lease_token;
    data["version"] = what.version;
    data["is_held"] = !is_mine && !what.lease_owner.empty();
    data["held_by"] = what.lease_name;
    data["may_change"] = what.state == "scheduled";
    data["last_attempt"] = what.attempts + (what.state == "dialling" ? 0 : 1) >= model::callback_attempts;
    data["days"] = callback_views::days(seen.slots, app.templates.texts(), request.language, what.zone, "");
    data["has_days"] = !data["days"].empty();
    auto& outcomes = data["outcomes"] = json::array();
    for (auto each : model::callback_states::outcomes)
        outcomes.push_back({{"code", each}, {"t:label", "callback.outcome." + std::string(each)}});
    data["here_callbacks"] = true;
    if (request.parameter("fait") == "moved") data["t:done"] = "callback.done.moved";
}

json data_of(const sheet& seen, const request& request, const app& app) {
    auto through = lens_of(request, app);
    auto data = callback_views::callback(seen.what, seen.reference, through, rules_of(app).book());
    auto& attempts = data["history"] = json::array();
    for (const auto& each : seen.attempts) attempts.push_back(callback_views::attempt(each, through));
    auto& others = data["tickets"] = json::array();
    for (const auto& each : seen.others) others.push_back(other(each, through));
    if (!through.for_people) return data;
    data["has_tickets"] = !seen.others.empty();
    data["has_history"] = !seen.attempts.empty();
    add_actions(data, seen, request, app);
    return data;
}

asio::awaitable<reply> page_of(const request& request, app& app) {
    auto visit = [id = request.capture(0), &rules = rules_of(app), now = request.now](soci::session& sql) {
        return read(sql, id, rules, now);
    };
    auto seen = co_await app.database.read(std::move(visit));
    // Who saw whose number and whose requests must be answerable (security.md lines 67 and 78).
    auto note = [what = seen.what, who = actor_of(request), now = request.now](soci::session& sql) {
        model::events::record(sql, who, "callback.read", "callback", what.id, {}, now);
    };
    co_await app.database.write(std::move(note));
    auto out = page("console/callback", data_of(seen, request, app));
    out.headers.emplace_back("ETag", ticket_etag(seen.what.version));
    co_return out;
}

} // namespace

asio::awaitable<reply> show(const request& request, app& app) { co_return co_await page_of(request, app); }

asio::awaitable<reply> show_refused(const request& request, app& app, const action_fields& typed, std::exception_ptr why) {
    auto out = co_await page_of(request, app);
    out.data["typed"] = typed.all();
    out.data["has_faults"] = true;
    for (auto& each : out.data["outcomes"]) each["is_chosen"] = each["code"] == typed.text("outcome");
    try {
        std::rethrow_exception(why);
    } catch (const model::conflict& known) {
        out.status = 409;
        out.data["t:problem"] = known.what();
    } catch (const model::invalid& known) {
        out.status = 422;
        const auto& first = known.faults.front();
        out.data["problem"] = app.templates.texts().say(request.language, first.message, {{"value", first.value}});
        out.data["asks_why"] = first.field == "new_request_reason";
    }
    co_return out;
}

} // namespace relais::api::callback_sheets
