// SPDX-License-Identifier: EUPL-1.2
#include "api/callback_booking.hpp"

#include "api/callback_view.hpp"
#include "api/contact_page.hpp"
#include "api/contact_pressure.hpp"
#include "api/follow_up_token.hpp"
#include "api/guards.hpp"
#include "api/json_body.hpp"
#include "api/json_reader.hpp"
#include "api/limits.hpp"
#include "api/settings.hpp"
#include "api/time_text.hpp"
#include "api/write_once.hpp"
#include "model/citizen.hpp"
#include "model/database.hpp"
#include "model/reference.hpp"
#include "model/ticket.hpp"

#include <optional>

namespace relais::api {
namespace {

using callback_bookings::rules_of;
using contact_forms::fields;
using std::chrono::sys_seconds;

constexpr std::size_t text_limit = 100'000; // code points; the true limits are contact_form's
constexpr int created = 201;
constexpr allowance slot_questions = {120, 60, 120};
constexpr auto longest_question = std::chrono::hours(24 * 62);

void copy_texts(json_reader& from, std::string_view prefix, std::initializer_list<std::string_view> names, fields& to) {
    for (auto name : names)
        if (auto text = from.optional_text(name, text_limit)) to[std::string(prefix).append(name)] = std::move(*text);
}

// What a program sent: the fields of the form, the slot, and perhaps the ticket it is about.
struct intake {
    fields given;
    std::string slot_start, ticket;
    std::vector<model::field_fault> faults;
};

intake read_intake(const request& request) {
    auto body_json = json_body::parse(request.body);
    intake out;
    json_reader body(body_json, out.faults);
    copy_texts(body, "", {"phone", "zone", "department", "procedure", "subject", "body", "dossier_number", "neph", "spoken", "access_need"},
               out.given);
    if (auto requester = body.optional_object("requester")) {
        copy_texts(*requester, "requester.", {"name", "email", "phone", "postal_address"}, out.given);
        requester->finish();
    }
    out.slot_start = body.text("slot_start", text_limit);
    if (auto ticket = body.optional_text("ticket", text_limit)) out.ticket = *ticket;
    body.finish();
    if (!out.given.contains("phone") && out.given.contains("requester.phone")) out.given["phone"] = out.given["requester.phone"];
    // Without a token nobody says which ticket: whoever holds its link asks from its page.
    if (!out.ticket.empty() && (role_bit(request.who.role) & desk) == 0)
        out.faults.push_back({"ticket", "forbidden", "fault.callback.ticket"});
    return out;
}

bool is_of_ticket(const model::field_fault& fault) {
    return fault.field == "phone" || fault.field == "zone" || fault.field == "spoken" || fault.field == "access_need" ||
           fault.field == "ticket";
}

model::callback_wish checked(const request& request, const app& app, intake& given) {
    auto terms = callback_bookings::terms_of(request, app);
    terms.contact.asks_department = false;
    auto found = callback_wishes::check(given.given, terms);
    // Of a ticket that is there, everything but the telephone is known.
    if (!given.ticket.empty()) std::erase_if(found.faults, [](const auto& each) { return !is_of_ticket(each); });
    found.faults.insert(found.faults.begin(), given.faults.begin(), given.faults.end());
    auto starts_at = time_text::parse(given.slot_start);
    if (!starts_at && !given.slot_start.empty()) found.faults.push_back({"slot_start", "malformed", "fault.parameter.malformed"});
    if (!found.faults.empty()) throw model::invalid(std::move(found.faults));
    found.wish.slot_starts_at = *starts_at;
    if (!given.ticket.empty()) found.wish.opens.reset();
    if (found.wish.opens) found.wish.opens->name = [&keys = app.keys, now = request.now] { return follow_up_tokens::draw(keys, now); };
    return std::move(found.wish);
}

// Completes a wish about a ticket that is there with the ticket's person.
void take_ticket(soci::session& sql, model::callback_wish& wish, const std::string& reference) {
    auto ticket = model::tickets::get(sql, model::references::read(reference).value_or(reference));
    auto requester = model::citizens::get(sql, ticket.requester_id);
    wish.ticket_id = ticket.id;
    wish.name = requester.name, wish.email = requester.email, wish.language = requester.language, wish.subject = ticket.subject;
    if (wish.place.department.empty()) wish.place.department = ticket.department;
}

nlohmann::json answer_of(soci::session& sql, const model::callback& made) {
    model::callback_slot slot{*made.slot_starts_at, *made.slot_ends_at, false, 0, 0};
    auto said = callback_views::slot(slot, made.zone);
    said.erase("left"), said.erase("extended");
    return {{"id", made.public_id},
            {"reference", model::tickets::get(sql, made.ticket_id.value()).reference},
            {"code_word", made.code_word},
            {"state", made.state},
            {"slot", std::move(said)}};
}

model::callback_place asked_place(const request& request, const model::calendar_book& book) {
    fields given = {{"zone", std::string(request.parameter("zone"))}, {"department", std::string(request.parameter("department"))}};
    model::callback_place out{callback_wishes::zone_of(given, "", book), given["department"]};
    if (!callback_wishes::is_zone(out.zone)) throw model::invalid({{"zone", "unknown", "fault.callback.zone"}});
    if (out.department.empty()) out.department = model::calendar_books::department_of_zone(book, out.zone);
    return out;
}

sys_seconds asked_time(const request& request, std::string_view name, sys_seconds otherwise) {
    auto text = request.parameter(name);
    if (text.empty()) return otherwise;
    auto found = time_text::parse(text);
    if (!found) throw model::invalid({{std::string(name), "malformed", "fault.parameter.malformed"}});
    return *found;
}

} // namespace

asio::awaitable<reply> list_callback_slots(const request& request, app& app) {
    if (app.config.limits_enabled && request.who.is_anonymous())
        if (auto wait = app.rates.take("slots:" + limited_address(request.remote_address), slot_questions); wait > 0)
            co_return contact_pages::too_many(request, wait);
    const auto& rules = rules_of(app);
    auto place = asked_place(request, rules.book());
    auto from = std::max(asked_time(request, "from", request.now), request.now);
    auto to = std::min(asked_time(request, "to", from + longest_question), from + longest_question);
    auto visit = [&rules, place, from, to, now = request.now](soci::session& sql) {
        return rules.is_registering ? model::callback_slots::offered(sql, rules, place, from, to, now)
                                    : std::vector<model::callback_slot>{};
    };
    auto found = co_await app.database.read(std::move(visit));
    co_return json(callback_views::slots(found, place.zone));
}

asio::awaitable<reply> book_callback(const request& request, app& app) {
    auto given = read_intake(request);
    auto wish = checked(request, app, given);
    auto is_anonymous = request.who.is_anonymous();
    if (auto wait = is_anonymous ? contact_pressure::take(request, app) : 0; wait > 0) co_return contact_pages::too_many(request, wait);
    auto who = actor_of(request);
    if (is_anonymous) who.kind = "citizen";
    auto zone = wish.place.zone;
    auto opens = wish.opens.has_value();
    contact_pressure::recipient_turn turn(app, is_anonymous && opens ? wish.email : std::string());
    std::function<reply(soci::session&)> visit = [wish = std::move(wish), ticket = given.ticket, &rules = rules_of(app), who,
                                                  is_too_many = turn.wait() > 0, now = request.now](soci::session& sql) mutable {
        if (is_too_many) throw contact_pressure::too_many_for_mailbox();
        if (!ticket.empty()) take_ticket(sql, wish, ticket);
        return json(answer_of(sql, model::callbacks::book(sql, wish, rules, who, now)), created);
    };
    reply out;
    std::optional<std::vector<model::callback_slot>> nearest;
    try {
        out = co_await write_once(request, app, std::move(visit));
    } catch (const model::callback_slot_full& full) {
        nearest = full.nearest;
    } catch (const contact_pressure::too_many_for_mailbox&) {
        co_return contact_pages::too_many(request, turn.wait());
    }
    if (nearest) co_return callback_bookings::full_reply(request, *nearest, zone);
    turn.use();
    app.wake_mailer();
    app.wake_registry();
    // What is kept for an idempotent answer holds no link: its token is made anew. The link of a ticket that was there is its requester's.
    out.data["follow_up_url"] = nullptr;
    if (opens)
        out.data["follow_up_url"] =
            follow_up_tokens::url(app.config.base_url, follow_up_tokens::make(app.keys, out.data["reference"].get<std::string>(), 1));
    co_return out;
}

namespace callback_bookings {

const model::callback_rules& rules_of(const app& app) { return *app.config.callback; }

callback_wishes::terms terms_of(const request& request, const app& app) {
    callback_wishes::terms out{contact_pages::terms_of(request, app), rules_of(app)};
    out.contact.channel = "callback";
    out.contact.is_anonymous = request.who.is_anonymous();
    return out;
}

std::vector<model::callback_slot> offered(soci::session& sql, const model::callback_rules& rules, const model::callback_place& place,
                                          sys_seconds now) {
    return model::callback_slots::offered(sql, rules, place, now, now + longest_question, now);
}

reply full_reply(const request& request, const std::vector<model::callback_slot>& nearest, std::string_view zone) {
    auto out = error_reply(request, 409, "conflict");
    out.data["t:detail"] = out.data["reason"] = "conflict.callback_slot";
    out.data["slots"] = callback_views::slots(nearest, zone);
    return out;
}

sys_seconds slot_start(std::string_view text, std::string_view field) {
    if (text.empty()) throw model::invalid({{std::string(field), "empty", "fault.callback.no_slot"}});
    auto found = time_text::parse(text);
    if (!found) throw model::invalid({{std::string(field), "malformed", "fault.parameter.malformed"}});
    return *found;
}

} // namespace callback_bookings
} // namespace relais::api
