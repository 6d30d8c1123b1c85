// SPDX-License-Identifier: EUPL-1.2
#include "api/callback_booking.hpp"
#include "api/callback_sheet.hpp"
#include "api/callback_view.hpp"
#include "api/callbacks.hpp"
#include "api/calls.hpp"
#include "api/guards.hpp"
#include "api/pages.hpp"
#include "api/settings.hpp"
#include "api/ticket_page.hpp"
#include "api/write_once.hpp"
#include "model/call_report.hpp"
#include "model/callback_change.hpp"
#include "model/callback_list.hpp"
#include "model/digits.hpp"
#include "model/letter.hpp"
#include "model/refiling.hpp"
#include "model/sensitive.hpp"
#include "model/text.hpp"
#include "model/ticket_actions.hpp"
#include "model/ticket_merge.hpp"

#include <functional>

namespace relais::api {
namespace {

using callback_bookings::rules_of;
using model::callback;
using change = std::function<callback(soci::session&)>;
using next_page = std::string (*)(const nlohmann::json&); // where a person goes on from the callback as it now is

constexpr std::size_t summary_limit = 4000, reason_limit = 40;

// Who calls: the account or the token, with the number of the claim when the form or the program gives it.
model::callback_caller caller_of(const request& request, const action_fields& given) {
    model::callback_caller out{actor_of(request), {}};
    if (given.has("token") && !given.text("token").empty()) out.token = model::digits::value(given.text("token")).value_or(-1);
    return out;
}

// A program may say which version it saw; the change itself compares and sets it.
void check_seen(soci::session& sql, const std::string& id, std::int64_t seen) {
    if (seen != 0 && model::callbacks::get(sql, id).version != seen) throw model::conflict("conflict.version");
}

// Programs get the callback as it now is; people go on to a page.
asio::awaitable<reply> act(const request& request, app& app, const action_fields& given, change what, next_page next) {
    auto through = lens_of(request, app);
    const auto& book = rules_of(app).book();
    std::function<reply(soci::session&)> visit = [what = std::move(what), id = request.capture(0), through, &book,
                                                  seen = request.is_api() ? seen_version(request) : 0](soci::session& sql) {
        check_seen(sql, id, seen);
        auto after = what(sql);
        auto out = json(callback_views::callback(after, model::callback_lists::reference_of(sql, after), through, book));
        out.headers.emplace_back("ETag", ticket_etag(after.version));
        return out;
    };
    reply out;
    std::exception_ptr refused;
    try {
        out = co_await write_once(request, app, std::move(visit));
    } catch (...) {
        refused = std::current_exception();
    }
    if (refused && request.wants_json()) std::rethrow_exception(refused);
    if (refused) co_return co_await callback_sheets::show_refused(request, app, given, refused);
    app.wake_mailer();
    if (request.wants_json()) co_return out;
    co_return see_other(next(out.data));
}

std::string sheet_of(const nlohmann::json& what) { return "/console/callbacks/" + what["id"].get<std::string>(); }

std::string words(const action_fields& given, std::string_view name, std::size_t limit) {
    auto checked = model::text::check_message(given.text(name), limit);
    if (!checked.accepted()) throw model::invalid({model::fault(std::string(name), "text", checked)});
    return model::sensitive::mask(checked.normalised);
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\n") == std::string_view::npos; }

// The citizen keeps a trace of the call in writing: what was said, or at least that it took place.
void write_trace(soci::session& sql, const callback& about, const std::string& summary, const std::string& usual, const std::string& why,
                 const model::actor& who, std::chrono::sys_seconds now) {
    if (!about.ticket_id && is_blank(summary)) return;
    if (!about.ticket_id) throw model::invalid({{"summary", "no_ticket", "fault.callback.summary_without_ticket"}});
    auto thread = model::tickets::merge_target(sql, *about.ticket_id).value_or(*about.ticket_id);
    model::tickets::action act{model::tickets::get(sql, thread).reference, 0, who, now};
    model::tickets::reply(sql, act, is_blank(summary) ? usual : summary, false, why);
    model::letters::tell_of_ticket(sql, thread, who, now);
}

} // namespace

asio::awaitable<reply> claim_next_callback(const request& request, app& app) {
    model::callback_caller by{actor_of(request), {}};
    auto through = lens_of(request, app);
    std::function<reply(soci::session&)> visit = [&rules = rules_of(app), by, through, now = request.now](soci::session& sql) {
        auto claimed = model::callback_calling::claim_next(sql, rules, by, now);
        if (!claimed) return json({{"callback", nullptr}});
        auto reference = model::callback_lists::reference_of(sql, *claimed);
        return json({{"callback", callback_views::callback(*claimed, reference, through, rules.book())}});
    };
    auto out = co_await write_once(request, app, std::move(visit));
    if (request.wants_json()) co_return out;
    const auto& claimed = out.data["callback"];
    co_return see_other(claimed.is_null() ? "/console/callbacks?fait=aucun" : sheet_of(claimed));
}

asio::awaitable<reply> dial_callback(const request& request, app& app) {
    struct ringing {
        std::string phone, ticket;
        bool is_new = false; // the button pressed twice rings once
    };
    action_fields given(request, {"token"});
    auto rings = std::make_shared<ringing>();
    change what = [id = request.capture(0), &rules = rules_of(app), by = caller_of(request, given), rings,
                   now = request.now](soci::session& sql) {
        auto before = model::callbacks::get(sql, id);
        auto after = model::callback_calling::dial(sql, id, rules, by, now);
        *rings = {after.phone, model::callback_lists::reference_of(sql, after), before.state != after.state};
        return after;
    };
    auto out = co_await act(request, app, given, std::move(what), sheet_of);
    if (!request.wants_json() && out.status == 303 && rings->is_new && !app.config.telephony.originate_url.empty())
        co_await dial_out(request, app, rings->phone, rings->ticket);
    co_return out;
}

asio::awaitable<reply> finish_callback(const request& request, app& app) {
    action_fields given(request, {"outcome", "summary", "new_request_reason", "token"});
    change what = [&, given](soci::session& sql) {
        auto by = caller_of(request, given);
        auto summary = words(given, "summary", summary_limit), why = words(given, "new_request_reason", model::refilings::reason_limit);
        auto after = model::callback_calling::finish(sql, request.capture(0), given.text("outcome"), rules_of(app), by, request.now);
        model::call_reports::by_callback(sql, after, by.who, request.now);
        auto usual = app.templates.texts().say(after.language, "callback.trace", nlohmann::json::object());
        if (after.state == "reached") write_trace(sql, after, summary, usual, why, by.who, request.now);
        return after;
    };
    auto next = [](const nlohmann::json& after) { return "/console/callbacks?fait=" + after["state"].get<std::string>(); };
    co_return co_await act(request, app, given, std::move(what), next);
}

asio::awaitable<reply> release_callback(const request& request, app& app) {
    action_fields given(request, {"token"});
    change what = [id = request.capture(0), by = caller_of(request, given), now = request.now](soci::session& sql) {
        model::callback_calling::release(sql, id, by, now);
        return model::callbacks::get(sql, id);
    };
    auto next = [](const nlohmann::json&) { return std::string("/console/callbacks?fait=released"); };
    co_return co_await act(request, app, given, std::move(what), next);
}

asio::awaitable<reply> cancel_callback(const request& request, app& app) {
    action_fields given(request, {"reason"});
    change what = [&, given](soci::session& sql) {
        auto reason = words(given, "reason", reason_limit);
        auto found = model::callbacks::get(sql, request.capture(0));
        return model::callback_changes::cancel(sql, found, is_blank(reason) ? "agent" : reason, actor_of(request), request.now);
    };
    auto next = [](const nlohmann::json&) { return std::string("/console/callbacks?fait=cancelled"); };
    co_return co_await act(request, app, given, std::move(what), next);
}

asio::awaitable<reply> move_callback(const request& request, app& app) {
    action_fields given(request, {"slot_start", "zone"});
    change what = [&, given](soci::session& sql) {
        auto found = model::callbacks::get(sql, request.capture(0));
        auto place = found.place();
        if (auto zone = given.text("zone"); !zone.empty()) place.zone = zone;
        if (!callback_wishes::is_zone(place.zone)) throw model::invalid({{"zone", "unknown", "fault.callback.zone"}});
        auto slot = callback_bookings::slot_start(given.text("slot_start"), "slot_start");
        return model::callback_changes::move(sql, found, slot, place, rules_of(app), actor_of(request), request.now);
    };
    auto next = [](const nlohmann::json& after) { return sheet_of(after) + "?fait=moved"; };
    co_return co_await act(request, app, given, std::move(what), next);
}

} // namespace relais::api
