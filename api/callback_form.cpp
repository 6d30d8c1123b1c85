// SPDX-License-Identifier: EUPL-1.2
#include "api/callback_form.hpp"

#include "api/callback_booking.hpp"
#include "api/callback_form_page.hpp"
#include "api/contact_page.hpp"
#include "api/contact_pressure.hpp"
#include "api/private_cookie.hpp"
#include "api/settings.hpp"
#include "model/contact_draft.hpp"
#include "model/database.hpp"

namespace relais::api {
namespace {

using callback_bookings::rules_of;
using model::callback_slot;

struct draft_and_slots {
    form_draft draft;
    callback_wishes::outcome found;
    std::vector<callback_slot> offered;
};

// The draft of this browser, what it asks for and what is offered to it.
draft_and_slots read(soci::session& sql, const secrets& keys, const std::string& key, const callback_wishes::terms& terms) {
    draft_and_slots out;
    out.draft = form_drafts::find(sql, keys, key, terms.contact.now);
    out.found = callback_wishes::check(out.draft.fields, terms);
    if (out.found.faults.empty()) out.offered = callback_bookings::offered(sql, terms.rules, out.found.wish.place, terms.contact.now);
    return out;
}

reply with_cookie(reply out, const app& app, std::string_view key) {
    private_cookies::give(out, app.config, callback_pages::cookie, key, model::contact_drafts::kept_s);
    return out;
}

} // namespace

asio::awaitable<reply> show_callback_form(const request& request, app& app) {
    if (!rules_of(app).is_registering) co_return callback_pages::closed(request, app);
    auto key = private_cookies::get(request, app.config, callback_pages::cookie);
    if (key.empty()) key = random_token();
    auto visit = [&keys = app.keys, key, now = request.now](soci::session& sql) { return form_drafts::find(sql, keys, key, now); };
    auto draft = co_await app.database.read(std::move(visit));
    co_return with_cookie(callback_pages::form(request, app, draft), app, key);
}

asio::awaitable<reply> take_callback_form(const request& request, app& app) {
    if (auto wait = contact_pressure::take_step(request, app, false); wait > 0) co_return contact_pages::too_many(request, wait);
    auto key = private_cookies::get(request, app.config, callback_pages::cookie);
    if (!contact_pages::is_ours(request, app, key)) throw model::forbidden("error.form_expired.text");
    if (key.empty()) key = random_token();
    contact_forms::fields given;
    for (auto name : callback_pages::field_names()) given[std::string(name)] = request.field(name);
    auto restarts = request.field("go") == "restart";
    auto visit = [&keys = app.keys, key, given, restarts, now = request.now](soci::session& sql) {
        auto draft = form_drafts::find(sql, keys, key, now);
        if (restarts) return model::contact_drafts::remove(sql, draft.key_hash()), form_draft{};
        // Another place or another number: the legal time follows it again.
        if (draft.fields["department"] != given.at("department") || draft.fields["phone"] != given.at("phone")) draft.fields.erase("zone");
        for (const auto& [name, value] : given) draft.fields[name] = value;
        draft.visited |= 1U << 1U;
        form_drafts::save(sql, keys, draft, now);
        return draft;
    };
    auto draft = co_await app.database.write(std::move(visit));
    if (restarts) co_return see_other(std::string(callback_pages::form_path));
    auto found = callback_wishes::check(draft.fields, callback_bookings::terms_of(request, app));
    co_return with_cookie(see_other(std::string(found.faults.empty() ? callback_pages::slots_path : callback_pages::form_path)), app, key);
}

asio::awaitable<reply> show_callback_slots(const request& request, app& app) {
    if (!rules_of(app).is_registering) co_return callback_pages::closed(request, app);
    auto key = private_cookies::get(request, app.config, callback_pages::cookie);
    auto visit = [&keys = app.keys, key, terms = callback_bookings::terms_of(request, app)](soci::session& sql) {
        return read(sql, keys, key, terms);
    };
    auto seen = co_await app.database.read(std::move(visit));
    if (!seen.draft.exists || !seen.found.faults.empty()) co_return see_other(std::string(callback_pages::form_path));
    co_return with_cookie(callback_pages::slots(request, app, seen.draft, seen.found, seen.offered), app, key);
}

} // namespace relais::api
