// SPDX-License-Identifier: EUPL-1.2
#include "api/callback_booking.hpp"
#include "api/callback_form.hpp"
#include "api/callback_form_page.hpp"
#include "api/callback_promise.hpp"
#include "api/contact_page.hpp"
#include "api/contact_pressure.hpp"
#include "api/follow_up_token.hpp"
#include "api/follow_up_view.hpp"
#include "api/private_cookie.hpp"
#include "api/settings.hpp"
#include "api/site.hpp"
#include "api/time_text.hpp"
#include "model/contact_draft.hpp"
#include "model/database.hpp"
#include "model/idempotency.hpp"
#include "model/ticket.hpp"

namespace relais::api {
namespace {

using callback_bookings::rules_of;

constexpr std::string_view route_name = "POST /rappel/creneau";
constexpr int created = 303;

struct sending {
    std::string key, form_id;
    bool is_ready = false; // otherwise it can only have been sent already
    bool writes = false;   // a written answer instead of a call
    std::chrono::sys_seconds slot{};
    model::callback_wish wish;

    // The same form sent twice has one key: its own number, with the browser's secret.
    std::string idempotency_key() const { return sha256_hex("callback:" + key + "/" + form_id); }
};

struct nothing_to_send {};

// Books, or opens the ticket alone; or finds what this form did already. Returns the ticket's reference.
std::string send_once(soci::session& sql, sending form, const model::callback_rules& rules, std::chrono::sys_seconds now) {
    auto hash = form.idempotency_key();
    if (auto earlier = model::idempotency::claim(sql, hash, route_name, hash, now)) return earlier->answer;
    if (!form.is_ready) throw nothing_to_send{};
    model::actor citizen;
    citizen.kind = "citizen";
    std::string reference;
    if (form.writes) {
        reference = model::tickets::open(sql, *form.wish.opens, citizen, now).reference;
    } else {
        form.wish.slot_starts_at = form.slot;
        auto made = model::callbacks::book(sql, form.wish, rules, citizen, now);
        reference = model::tickets::get(sql, made.ticket_id.value()).reference;
    }
    model::idempotency::remember(sql, hash, {created, reference});
    model::contact_drafts::remove(sql, sha256_hex(form.key));
    return reference;
}

// Keeps what was changed and shows the slots again.
asio::awaitable<reply> stay(app& app, form_draft draft, std::chrono::sys_seconds now) {
    auto keep = [&keys = app.keys, draft, now](soci::session& sql) { form_drafts::save(sql, keys, draft, now); };
    co_await app.database.write(std::move(keep));
    co_return see_other(std::string(callback_pages::slots_path));
}

// Why a booking was refused, for the page.
struct refusal {
    std::string problem;
    std::vector<model::callback_slot> nearest;
};

reply done(const app& app, const sending& form, const std::string& reference) {
    auto out = see_other(form.writes ? "/contact/recu" : "/rappel/confirmation");
    private_cookies::give(out, app.config, follow_ups::cookie, follow_up_tokens::make(app.keys, reference, 1), follow_ups::cookie_s);
    private_cookies::take(out, app.config, callback_pages::cookie);
    return out;
}

// The same page again, with what is offered now.
asio::awaitable<reply> show_again(const request& request, app& app, form_draft draft, callback_wishes::outcome found, refusal why) {
    auto place = found.wish.place;
    auto look = [&rules = rules_of(app), place, now = request.now](soci::session& sql) {
        return callback_bookings::offered(sql, rules, place, now);
    };
    auto offered = co_await app.database.read(std::move(look));
    co_return callback_pages::slots(request, app, draft, found, offered, why.problem, why.nearest);
}

} // namespace

asio::awaitable<reply> take_callback_slot(const request& request, app& app) {
    auto key = private_cookies::get(request, app.config, callback_pages::cookie);
    if (!contact_pages::is_ours(request, app, key)) throw model::forbidden("error.form_expired.text");
    auto go = std::string(request.field("go"));
    if (go == "back") co_return see_other(std::string(callback_pages::form_path));
    auto look = [&keys = app.keys, key, now = request.now](soci::session& sql) { return form_drafts::find(sql, keys, key, now); };
    auto draft = co_await app.database.read(std::move(look));
    if (draft.exists && go == "zone") {
        draft.fields["zone"] = request.field("zone");
        if (!callback_wishes::is_zone(draft.fields["zone"])) draft.fields.erase("zone");
        co_return co_await stay(app, std::move(draft), request.now);
    }
    auto found = callback_wishes::check(draft.fields, callback_bookings::terms_of(request, app));
    auto is_stale = draft.exists && draft.id != request.field("form_id"); // another page of this browser began anew meanwhile
    if (is_stale) co_return see_other(std::string(callback_pages::slots_path));
    if (draft.exists && !found.faults.empty()) co_return see_other(std::string(callback_pages::form_path));
    auto is_trapped = !request.field("website").empty();
    if (draft.exists && contact_pressure::asked(request, app, draft, is_trapped) == contact_pressure::need::proof &&
        !contact_pressure::is_met(request, app, draft)) {
        if (draft.wait_until == 0) draft.wait_until = model::seconds(request.now) + contact_pressure::wait_s;
        co_return co_await stay(app, std::move(draft), request.now);
    }
    sending form{key, std::string(request.field("form_id")), draft.exists, go == "write", {}, found.wish};
    refusal why;
    auto slot = time_text::parse(request.field("slot_start"));
    if (slot) form.slot = *slot;
    if (!slot && !form.writes) why.problem = "fault.callback.no_slot";
    if (!why.problem.empty()) co_return co_await show_again(request, app, draft, found, std::move(why));
    if (auto wait = draft.exists ? contact_pressure::take(request, app) : 0; wait > 0) co_return contact_pages::too_many(request, wait);
    form.wish.opens->name = [&keys = app.keys, now = request.now] { return follow_up_tokens::draw(keys, now); };
    if (form.writes) form.wish.opens->channel = "web_form";
    std::string reference;
    bool is_lost = false;
    try {
        auto visit = [form, &rules = rules_of(app), now = request.now](soci::session& sql) { return send_once(sql, form, rules, now); };
        reference = co_await app.database.write(std::move(visit));
    } catch (const nothing_to_send&) {
        is_lost = true;
    } catch (const model::callback_slot_full& full) {
        why = {"conflict.callback_slot", full.nearest};
    } catch (const model::conflict& known) {
        why.problem = known.what();
    } catch (const model::invalid& known) {
        why.problem = known.faults.front().message;
    }
    if (is_lost) co_return see_other(std::string(callback_pages::form_path));
    if (!why.problem.empty()) co_return co_await show_again(request, app, draft, found, std::move(why));
    contact_pressure::count_recipient(app, form.wish.email);
    app.wake_mailer();
    app.wake_registry();
    co_return done(app, form, reference);
}

asio::awaitable<reply> show_callback_promise(const request& request, app& app) {
    auto seen = co_await callback_promises::read(request, app);
    if (!seen) co_return see_other("/suivi");
    auto data = callback_promises::page_data(*seen, request, app);
    co_return public_page(request, app, "callback_promised", std::move(data));
}

} // namespace relais::api
