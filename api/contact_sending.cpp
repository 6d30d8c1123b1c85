// SPDX-License-Identifier: EUPL-1.2
#include "api/contact.hpp"
#include "api/contact_page.hpp"
#include "api/contact_pressure.hpp"
#include "api/contact_steps.hpp"
#include "api/follow_up_token.hpp"
#include "api/follow_up_view.hpp"
#include "api/pages.hpp"
#include "api/private_cookie.hpp"
#include "api/settings.hpp"
#include "api/site.hpp"
#include "model/callback.hpp"
#include "model/citizen.hpp"
#include "model/contact_draft.hpp"
#include "model/database.hpp"
#include "model/idempotency.hpp"
#include "model/phone.hpp"
#include "model/ticket.hpp"

namespace relais::api {
namespace {

constexpr std::string_view cookie = "contact";
constexpr std::string_view route_name = "POST /contact/envoi";
constexpr int created = 303;

// The same form sent twice has one key: its own number, with the browser's secret, so that nobody reads another's answer.
std::string idempotency_key(std::string_view key, std::string_view form) {
    return sha256_hex(std::string("contact:").append(key).append("/").append(form));
}

struct nothing_to_send {};

struct sending {
    std::string idempotency_key, reference; // the first that was drawn
    std::optional<model::contact> contact;  // nothing: it can only have been sent already
};

// Opens the ticket, or finds the one that this form opened already. Returns its reference.
std::string open_once(soci::session& sql, const sending& form, std::chrono::sys_seconds now) {
    auto foreseen = model::idempotency::remembered{created, form.reference};
    auto earlier = model::idempotency::claim(sql, form.idempotency_key, route_name, form.idempotency_key, now, foreseen);
    if (earlier) return earlier->answer;
    if (!form.contact) throw nothing_to_send{};
    model::actor citizen;
    citizen.kind = "citizen";
    auto opened = model::tickets::open(sql, *form.contact, citizen, now);
    if (opened.reference != form.reference) model::idempotency::remember(sql, form.idempotency_key, {created, opened.reference});
    model::contact_drafts::remove(sql, form.contact->draft_key);
    return opened.reference;
}

// Keeps the form and shows its last page again: something is to be corrected, proved or waited for.
asio::awaitable<reply> stay(app& app, form_draft draft, std::chrono::sys_seconds now) {
    auto keep = [&keys = app.keys, draft, now](soci::session& sql) { form_drafts::save(sql, keys, draft, now); };
    co_await app.database.write(std::move(keep));
    auto out = see_other(std::string(contact_steps::path(contact_steps::last)));
    private_cookies::give(out, app.config, cookie, draft.key, model::contact_drafts::kept_s);
    co_return out;
}

struct received {
    std::optional<model::ticket> ticket;
    std::string only_phone; // the one way to answer, when it is the only one
    bool will_be_called = false;
    std::string code_word; // of a call about this very request: another's is not for whoever types the same number
};

received read_received(soci::session& sql, const std::string& token, int days, std::chrono::sys_seconds now) {
    received out;
    out.ticket = model::tickets::find_by_follow_up(sql, follow_up_tokens::hash(token), days, now);
    if (!out.ticket) return out;
    auto who = model::citizens::get(sql, out.ticket->requester_id);
    if (!who.email.empty() || !who.postal_address.empty()) return out;
    out.only_phone = who.phone;
    auto call = model::callbacks::find_of_ticket(sql, out.ticket->id);
    if (call) out.code_word = call->code_word;
    out.will_be_called = call || model::callbacks::find_open(sql, who.phone);
    return out;
}

constexpr unsigned all_steps = (1U << (contact_steps::count + 1)) - 2;

sending ready(const request& request, const app& app, const std::string& key, const form_draft& draft, contact_forms::outcome& found) {
    sending out;
    out.idempotency_key = idempotency_key(key, request.field("form_id"));
    if (!draft.exists || !found.faults.empty()) return out;
    auto drawn = follow_up_tokens::draw_ahead(app.keys, request.now);
    out.reference = std::move(drawn.first.reference);
    out.contact = std::move(found.contact);
    out.contact->draft_key = draft.key_hash();
    out.contact->name = std::move(drawn.next);
    return out;
}

} // namespace

asio::awaitable<reply> send_contact(const request& request, app& app) {
    auto key = private_cookies::get(request, app.config, cookie);
    if (!contact_pages::is_ours(request, app, key)) throw model::forbidden("error.form_expired.text");
    if (request.field("go") == "back") co_return see_other(std::string(contact_steps::path(contact_steps::last - 1)));
    auto look = [&keys = app.keys, key, now = request.now](soci::session& sql) { return form_drafts::find(sql, keys, key, now); };
    auto draft = co_await app.database.read(std::move(look));
    auto found = contact_forms::check(draft.fields, contact_pages::terms_of(request, app));
    auto is_trapped = !request.field("website").empty();
    auto is_stale = draft.exists && draft.id != request.field("form_id"); // another page of this browser began anew meanwhile
    if (is_stale || (draft.exists && !found.faults.empty())) {
        draft.visited |= all_steps;
        co_return co_await stay(app, std::move(draft), request.now);
    }
    if (draft.exists && contact_pressure::asked(request, app, draft, is_trapped) == contact_pressure::need::proof &&
        !contact_pressure::is_met(request, app, draft)) {
        if (draft.wait_until == 0) draft.wait_until = model::seconds(request.now) + contact_pressure::wait_s;
        co_return co_await stay(app, std::move(draft), request.now);
    }
    if (auto wait = draft.exists ? contact_pressure::take(request, app) : 0; wait > 0) co_return contact_pages::too_many(request, wait);

    auto form = ready(request, app, key, draft, found);
    auto email = form.contact ? form.contact->requester.email : std::string{};
    auto open = [form, now = request.now](soci::session& sql) { return open_once(sql, form, now); };
    std::string reference;
    bool is_lost = false;
    try {
        reference = co_await app.database.write(std::move(open));
    } catch (const nothing_to_send&) {
        is_lost = true;
    }
    if (is_lost) co_return contact_pages::step(request, app, draft);
    contact_pressure::count_recipient(app, email);
    app.wake_mailer();
    app.wake_registry();
    auto out = see_other("/contact/recu");
    private_cookies::give(out, app.config, follow_ups::cookie, follow_up_tokens::make(app.keys, reference, 1), follow_ups::cookie_s);
    private_cookies::take(out, app.config, cookie);
    co_return out;
}

asio::awaitable<reply> show_received(const request& request, app& app) {
    auto token = private_cookies::get(request, app.config, follow_ups::cookie);
    auto visit = [token, days = app.config.follow_up_days, now = request.now](soci::session& sql) {
        return read_received(sql, token, days, now);
    };
    auto found = co_await app.database.read(std::move(visit));
    if (!found.ticket) co_return see_other("/suivi");
    auto data = follow_ups::receipt(*found.ticket, app.config, app.templates.texts(), request.language);
    data["link"] = follow_up_tokens::url(app.config.base_url, token);
    if (found.will_be_called) data["call"] = {{"phone", model::phones::display(found.only_phone)}, {"code_word", found.code_word}};
    data["no_call"] = !found.only_phone.empty() && !found.will_be_called;
    co_return public_page(request, app, "contact_received", std::move(data));
}

} // namespace relais::api
