// SPDX-License-Identifier: EUPL-1.2
#include "api/tickets_intake.hpp"

#include "api/contact_form.hpp"
#include "api/contact_page.hpp"
#include "api/contact_pressure.hpp"
#include "api/follow_up_token.hpp"
#include "api/guards.hpp"
#include "api/incident_suggestion.hpp"
#include "api/json_body.hpp"
#include "api/json_reader.hpp"
#include "api/settings.hpp"
#include "api/ticket_fields.hpp"
#include "api/view_text.hpp"
#include "model/database.hpp"
#include "model/dossier.hpp"
#include "model/idempotency.hpp"
#include "model/ticket.hpp"

#include <memory>

namespace relais::api {
namespace {

constexpr int created = 201;

struct intake {
    contact_forms::fields fields;
    std::string channel = "web_form";
    std::vector<model::field_fault> faults;
};

intake read_intake(const request& request) {
    auto given = json_body::parse(request.body);
    intake out;
    json_reader body(given, out.faults);
    out.fields = ticket_fields::read(body);
    auto channel = body.optional_text("channel", ticket_fields::text_limit);
    body.finish();
    // Without a token it is the public form, whatever is claimed.
    if (!channel || request.who.is_anonymous()) return out;
    if (!ticket_fields::is_channel(*channel)) out.faults.push_back({"channel", "unknown", "fault.channel.unknown"});
    out.channel = std::move(*channel);
    return out;
}

model::contact checked(const request& request, const app& app, intake given) {
    auto terms = contact_pages::terms_of(request, app);
    terms.channel = given.channel;
    terms.is_anonymous = request.who.is_anonymous();
    auto found = contact_forms::check(given.fields, terms);
    found.faults.insert(found.faults.begin(), given.faults.begin(), given.faults.end());
    if (!found.faults.empty()) throw model::invalid(std::move(found.faults));
    return std::move(found.contact);
}

bool is_staff(const audience& who) { return (role_bit(who.role) & staff) != 0; }

nlohmann::json dossier_part(soci::session& sql, const model::opened_ticket& opened) {
    nlohmann::json out = {{"id", nullptr}, {"number", nullptr}, {"linked", opened.dossier_link}, {"status", nullptr}};
    if (!opened.dossier_id) return out;
    auto dossier = model::dossiers::find(sql, *opened.dossier_id);
    if (dossier) out["id"] = dossier->public_id, out["number"] = dossier->number, out["status"] = dossier->status;
    return out;
}

nlohmann::json service_part(const settings& config) {
    const auto& given = config.service;
    return {{"name", given.name},
            {"postal_address", given.postal_address},
            {"email", given.email},
            {"phone", given.phone},
            {"hours", given.hours}};
}

struct opening {
    model::contact contact;
    model::actor who;
    std::string key_hash, fingerprint;               // empty: no Idempotency-Key was given
    bool shows_dossier = false, is_too_many = false; // for its mailbox
    // As it will be, but for the dossier and a reference that would be taken. Not the visit's own: the single writer would copy and free
    // it.
    std::shared_ptr<nlohmann::json> answer = std::make_shared<nlohmann::json>();
    std::string reference, foreseen; // the one it names; the whole as text
};

// What the answer says otherwise than was foreseen. What is kept and answered again holds no link: its token is made anew each time.
// Throws: too_many_for_mailbox, unless the request was answered once already.
nlohmann::json open_once(soci::session& sql, const opening& what, std::chrono::sys_seconds now) {
    if (!what.key_hash.empty()) {
        auto foreseen = model::idempotency::remembered{created, what.foreseen};
        auto earlier = model::idempotency::claim(sql, what.key_hash, "POST /api/v1/tickets", what.fingerprint, now, foreseen);
        if (earlier) return nlohmann::json::parse(earlier->answer);
    }
    if (what.is_too_many) throw contact_pressure::too_many_for_mailbox();
    auto opened = model::tickets::open(sql, what.contact, what.who, now);
    auto news = nlohmann::json::object();
    if (opened.reference != what.reference) news["reference"] = opened.reference;
    if (what.shows_dossier) news["dossier"] = dossier_part(sql, opened);
    if (what.key_hash.empty() || news.empty()) return news;
    auto kept = *what.answer;
    kept.update(news);
    model::idempotency::remember(sql, what.key_hash, {created, kept.dump()});
    return news;
}

// A key belongs to who sent it: nobody reads another's answer with it.
std::string key_hash_of(const request& request) {
    auto key = request.header("idempotency-key");
    if (key.empty()) return {};
    auto who = request.who.is_anonymous() ? std::string("anonymous") : request.who.role + ":" + std::to_string(request.who.id);
    return sha256_hex("api:" + who + ":" + std::string(key));
}

opening prepare(const request& request, const app& app) {
    opening out;
    out.contact = checked(request, app, read_intake(request));
    out.who = actor_of(request);
    if (request.who.is_anonymous()) out.who.kind = "citizen";
    out.key_hash = key_hash_of(request);
    out.fingerprint = sha256_hex(request.body);
    out.shows_dossier = is_staff(request.who);
    auto drawn = follow_up_tokens::draw_ahead(app.keys, request.now);
    out.contact.name = std::move(drawn.next);
    out.reference = drawn.first.reference;
    *out.answer = {{"reference", out.reference},
                   {"status", "new"},
                   {"received_at", view_text::rfc3339(request.now)},
                   {"service", service_part(app.config)},
                   {"answer_before", out.contact.answer_before},
                   {"dossier", nullptr},
                   {"incident", nullptr}};
    return out;
}

// The known incident that this contact is probably about: for staff, who can tell the person at once.
asio::awaitable<nlohmann::json> likely_incident(app& app, const model::contact& from) {
    auto asked = incident_suggestions::of_contact(from);
    auto found = co_await incident_suggestions::find(app, std::move(asked), false, 1);
    if (found.empty() || found.front().state == "watched") co_return nlohmann::json(nullptr);
    const auto& one = found.front();
    nlohmann::json out = {{"number", one.id}, {"title", one.title}, {"state", one.state}, {"public_workaround", one.public_workaround}};
    co_return out;
}

} // namespace

asio::awaitable<reply> open_ticket(const request& request, app& app) {
    auto is_anonymous = request.who.is_anonymous();
    auto what = prepare(request, app);
    if (what.shows_dossier) (*what.answer)["incident"] = co_await likely_incident(app, what.contact);
    if (auto wait = is_anonymous ? contact_pressure::take(request, app) : 0; wait > 0) co_return contact_pages::too_many(request, wait);
    contact_pressure::recipient_turn turn(app, is_anonymous ? what.contact.requester.email : std::string());
    what.is_too_many = turn.wait() > 0;
    if (!what.key_hash.empty()) what.foreseen = what.answer->dump();
    auto shared = what.answer;
    auto visit = [what = std::move(what), now = request.now](soci::session& sql) { return open_once(sql, what, now); };
    nlohmann::json news;
    try {
        news = co_await app.database.write(std::move(visit));
    } catch (const contact_pressure::too_many_for_mailbox&) {
        co_return contact_pages::too_many(request, turn.wait());
    }
    auto answer = std::move(*shared); // the visit is over
    answer.update(news);
    turn.use();
    app.wake_mailer();
    app.wake_registry();
    auto reference = answer["reference"].get<std::string>();
    answer["follow_up_url"] = follow_up_tokens::url(app.config.base_url, follow_up_tokens::make(app.keys, reference, 1));
    auto out = api::json(std::move(answer), created);
    out.headers.emplace_back("Location", "/api/v1/tickets/" + reference);
    co_return out;
}

} // namespace relais::api
