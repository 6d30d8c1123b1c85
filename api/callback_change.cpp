// SPDX-License-Identifier: EUPL-1.2
#include "model/callback_change.hpp"
#include "api/callback_booking.hpp"
#include "api/callback_promise.hpp"
#include "api/callback_view.hpp"
#include "api/contact_page.hpp"
#include "api/contact_pressure.hpp"
#include "api/follow_up_access.hpp"
#include "api/pages.hpp"
#include "api/settings.hpp"
#include "api/site.hpp"
#include "api/time_text.hpp"
#include "api/write_once.hpp"
#include "model/callback_state.hpp"
#include "model/citizen.hpp"
#include "model/database.hpp"
#include "model/phone.hpp"

namespace relais::api {
namespace {

using callback_bookings::rules_of;

constexpr std::string_view page_path = "/suivi/rappel";

// What the page is about: the promise to move, or the person to call again.
struct wanted {
    model::ticket ticket;
    std::optional<model::callback> open; // the promise that stands
    model::callback_wish wish;           // a new one, for the same request
    std::vector<model::callback_slot> offered;
};

// Whom to call, from the last callback of the request, else from the request.
model::callback_wish wish_of(soci::session& sql, const model::ticket& ticket, const std::optional<model::callback>& last) {
    auto requester = model::citizens::get(sql, ticket.requester_id);
    model::callback_wish out;
    out.name = requester.name, out.email = requester.email, out.language = requester.language, out.subject = ticket.subject;
    out.phone = last && !last->phone.empty() ? last->phone : requester.phone; // erased from an old one
    if (last) out.place = last->place(), out.spoken = last->spoken, out.access_need = last->access_need;
    if (out.place.department.empty()) out.place.department = ticket.department;
    out.ticket_id = ticket.id;
    out.is_anonymous = false; // whoever holds the link has this mailbox, or was given the link by its owner
    return out;
}

std::string zone_of(const model::callback_wish& wish, std::string_view chosen, const model::calendar_book& book) {
    if (!chosen.empty() && callback_wishes::is_zone(std::string(chosen))) return std::string(chosen);
    if (!wish.place.zone.empty()) return wish.place.zone;
    return callback_wishes::zone_of({{"department", wish.place.department}}, wish.phone, book);
}

wanted look(soci::session& sql, std::string_view token, std::string_view zone, const app& app, std::chrono::sys_seconds now) {
    wanted out;
    out.ticket = follow_ups::ticket_of(sql, token, app.config.follow_up_days, now);
    auto last = model::callbacks::find_of_ticket(sql, out.ticket.id);
    out.wish = wish_of(sql, out.ticket, last);
    out.wish.place.zone = zone_of(out.wish, zone, rules_of(app).book());
    if (last && model::callback_states::is_open(last->state)) out.open = last;
    if (rules_of(app).is_registering) out.offered = callback_bookings::offered(sql, rules_of(app), out.wish.place, now);
    return out;
}

bool can_be_called(const wanted& what) {
    return model::phones::check(what.wish.phone, what.wish.place.department, model::phones::purpose::callback).accepted();
}

reply page_of(const request& request, const app& app, const wanted& what, std::string_view problem = {},
              const std::vector<model::callback_slot>& nearest = {}) {
    const auto& texts = app.templates.texts();
    const auto& book = rules_of(app).book();
    const auto& zone = what.wish.place.zone;
    nlohmann::json data = {{"form_token", follow_ups::form_token(app.keys, follow_ups::token_of(request, app))},
                           {"reference", what.ticket.reference},
                           {"is_change", what.open.has_value()},
                           {"can_be_called", can_be_called(what)},
                           {"phone", model::phones::display(what.wish.phone)},
                           {"place", callback_views::place(book, request.language, zone)},
                           {"zone", zone},
                           {"zones", callback_views::zones(book, request.language, zone)},
                           {"days", callback_views::days(what.offered, texts, request.language, zone, "")},
                           {"nearest", callback_views::days(nearest, texts, request.language, zone, "")},
                           {"has_nearest", !nearest.empty()}};
    data["has_days"] = !data["days"].empty();
    if (what.open) data["promise"] = callback_views::promise(*what.open, texts, request.language, book, request.now);
    if (!problem.empty()) data["has_problem"] = true, data["t:problem"] = problem;
    return public_page(request, app, "callback_change", std::move(data), problem.empty() ? 200 : nearest.empty() ? 422 : 409);
}

// Moves the promise that stands, or makes a new one.
void change(soci::session& sql, const wanted& what, std::chrono::sys_seconds slot, const model::callback_rules& rules,
            std::chrono::sys_seconds now) {
    if (!can_be_called(what)) throw model::conflict("conflict.callback_phone");
    if (what.open) {
        model::callback_changes::move(sql, *what.open, slot, what.wish.place, rules, follow_ups::citizen(), now);
        return;
    }
    auto wish = what.wish;
    wish.slot_starts_at = slot;
    model::callbacks::book(sql, wish, rules, follow_ups::citizen(), now);
}

} // namespace

asio::awaitable<reply> show_callback_change(const request& request, app& app) {
    auto visit = [&app, token = follow_ups::token_of(request, app), zone = std::string(request.parameter("zone")),
                  now = request.now](soci::session& sql) { return look(sql, token, zone, app, now); };
    auto seen = co_await app.database.read(std::move(visit));
    co_return page_of(request, app, seen);
}

asio::awaitable<reply> change_callback(const request& request, app& app) {
    if (auto wait = contact_pressure::take_step(request, app, false); wait > 0) co_return contact_pages::too_many(request, wait);
    auto token = follow_ups::token_of(request, app);
    follow_ups::check_form(request, app, token);
    auto zone = std::string(request.field("zone"));
    if (!callback_wishes::is_zone(zone)) zone.clear(); // it goes into an address below
    if (request.field("go") == "zone") co_return see_other(std::string(page_path) + "?zone=" + zone);
    auto chosen = time_text::parse(request.field("slot_start"));
    auto slot = chosen.value_or(request.now);
    std::string problem = chosen ? "" : "fault.callback.no_slot";
    std::vector<model::callback_slot> nearest;
    if (chosen) try {
            std::function<reply(soci::session&)> visit = [&app, token, zone, slot, now = request.now](soci::session& sql) {
                auto what = look(sql, token, zone, app, now);
                // The page sent twice: the promise is already there.
                if (!what.open || what.open->slot_starts_at != slot) change(sql, what, slot, rules_of(app), now);
                return reply{};
            };
            co_await write_once(request, app, std::move(visit));
        } catch (const model::callback_slot_full& full) {
            problem = full.what(), nearest = full.nearest;
        } catch (const model::conflict& known) {
            problem = known.what();
        } catch (const model::invalid& known) {
            problem = known.faults.front().message;
        }
    if (problem.empty()) {
        app.wake_mailer();
        co_return see_other("/suivi?fait=rappel#rappel");
    }
    auto again = [&app, token, zone, now = request.now](soci::session& sql) { return look(sql, token, zone, app, now); };
    auto seen = co_await app.database.read(std::move(again));
    co_return page_of(request, app, seen, problem, nearest);
}

asio::awaitable<reply> give_callback_up(const request& request, app& app) {
    auto token = follow_ups::token_of(request, app);
    follow_ups::check_form(request, app, token);
    std::function<reply(soci::session&)> visit = [token, days = app.config.follow_up_days, now = request.now](soci::session& sql) {
        auto ticket = follow_ups::ticket_of(sql, token, days, now);
        auto found = model::callbacks::find_of_ticket(sql, ticket.id);
        if (!found) throw model::not_found();
        model::callback_changes::cancel(sql, *found, "citizen", follow_ups::citizen(), now);
        return reply{};
    };
    co_await write_once(request, app, std::move(visit));
    app.wake_mailer();
    co_return see_other("/suivi?fait=rappel_annule#rappel");
}

} // namespace relais::api
