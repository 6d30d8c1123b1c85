// SPDX-License-Identifier: EUPL-1.2
#include "api/reply_writing.hpp"

#include "api/answer_words.hpp"
#include "api/guards.hpp"
#include "api/letters.hpp"
#include "api/pages.hpp"
#include "api/participant_view.hpp"
#include "api/services.hpp"
#include "api/settings.hpp"
#include "api/ticket_change.hpp"
#include "api/view_text.hpp"
#include "model/citizen.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/outgoing_mail.hpp"
#include "model/phone.hpp"
#include "model/refiling.hpp"
#include "model/sensitive.hpp"
#include "model/text.hpp"

#include <charconv>

namespace relais::api {

namespace {

using nlohmann::json;
namespace variables = model::answer_variables;

std::int64_t number_in(const action_fields& given, std::string_view name) {
    const auto& text = given.text(name);
    std::int64_t out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

// What was written, and a canned answer behind it with its variables filled in.
std::string with_canned(soci::session& sql, const model::ticket& on, const std::string& body, std::int64_t canned, const catalogue& texts) {
    if (canned == 0) return body;
    auto added = variables::fill(model::canned_answers::get(sql, canned).body, answer_words::values_of(sql, on, texts));
    auto end = body.find_last_not_of(" \n\t");
    return end == std::string::npos ? added : body.substr(0, end + 1) + "\n\n" + added;
}

// What is about to be said: an answer, or the words with which a ticket is closed or forwarded.
struct wording {
    std::string kind = "reply", body;
    std::string service; // to which it is forwarded, as the citizen reads it
    std::vector<std::int64_t> readers;
};

wording wording_of(const request& request, const action_fields& given, const app& app) {
    wording out;
    auto is_answer = given.text("kind") != "closure" && given.text("kind") != "forwarding";
    if (!is_answer) out.kind = given.text("kind");
    if (out.kind == "closure" && given.text("text").empty()) throw model::invalid({{"text", "missing", "fault.ticket.text_missing"}});
    out.body = ticket_changes::words(given, is_answer ? "body" : "text", model::text::message_limit);
    out.readers = participant_views::readers_in(request, given);
    if (out.kind != "forwarding") return out;
    const auto* service = find_service(app.config.share_dir, given.text("service"));
    if (!service) throw model::invalid({{"service", "unknown", "fault.service.unknown"}});
    out.service = service->shown();
    return out;
}

// Everything that the mail or the letter is made of, none of it written.
struct proof {
    std::string kind;
    model::ticket on;
    model::person requester;
    participant_views::seen people;
    std::vector<std::int64_t> readers;
    std::optional<model::participant> to; // the first reader, when it is not the requester
    model::outgoing_mail row;
    model::mail_facts facts;
    std::vector<std::string> left; // variables that nobody filled in
    std::optional<std::string> files_again;
};

// As the first of its readers will get it: the requester, when they are one of them.
void address(soci::session& sql, proof& to, const std::vector<std::int64_t>& readers, std::chrono::sys_seconds now) {
    to.readers = model::participants::check_readers(sql, to.on, readers, now);
    to.row.kind = to.kind, to.row.ticket_id = to.on.id, to.row.language = to.on.language, to.row.payload = "{}";
    to.row.recipient = to.requester.email;
    if (to.readers.front() == model::message_readers::requester) return;
    to.to = model::participants::get(sql, to.on.id, to.readers.front());
    to.row.kind = "participant_message", to.row.participant_id = to.to->id;
    to.row.recipient = to.to->email, to.row.language = to.to->language;
}

proof make_proof(soci::session& sql, const std::string& reference, const wording& what, const model::actor& who,
                 std::chrono::sys_seconds now, const catalogue& texts) {
    proof out;
    out.kind = what.kind;
    out.on = model::tickets::get(sql, reference);
    out.requester = model::citizens::get(sql, out.on.requester_id);
    out.people = participant_views::read(sql, reference);
    address(sql, out, what.readers, now);
    out.facts = model::outgoing_mails::facts(sql, out.row);
    out.facts.forwarded_to = what.service;
    out.facts.body = model::sensitive::mask(variables::fill(what.body, answer_words::values_of(sql, out.on, texts))); // as it will be kept
    out.facts.author = who.quality.empty() ? who.name : who.name + ", " + who.quality;
    out.left = variables::left(out.facts.body);
    out.files_again = model::refilings::stopped(sql, out.on, out.facts.body);
    return out;
}

json letter_of(const proof& seen, const request& request, const app& app) {
    written_letter out;
    out.what.kind = seen.kind, out.what.reference = seen.on.reference;
    out.what.name = seen.requester.name, out.what.postal_address = seen.requester.postal_address;
    out.facts = seen.facts;
    return letter_data(out, app, view_text::local_day(request.now));
}

// The form that sends it: what it carries unseen, and the words of a closing or a forwarding, which are corrected here since no draft keeps
// them.
void put_form(json& data, const proof& seen, const action_fields& given) {
    auto is_answer = seen.kind == "reply";
    data["is_answer"] = is_answer, data["noun"] = is_answer ? "messages" : seen.kind;
    data["kind"] = seen.kind, data["body"] = seen.facts.body, data["waits"] = given.flag("waits");
    data["reason"] = given.text("reason"), data["service_code"] = given.text("service");
    data["t:heading"] = "ticket.preview_" + (is_answer ? std::string("heading") : seen.kind);
    data["t:send_label"] = is_answer ? "ticket.send" : seen.kind == "closure" ? "ticket.close_do" : "ticket.forward_do";
    data["version"] = given.text("version"), data["last_event"] = given.text("seen");
}

json proof_data(const proof& seen, const action_fields& given, const request& request, const app& app) {
    auto by_mail = !seen.row.recipient.empty(), by_letter = !by_mail && !seen.to && !seen.requester.postal_address.empty();
    json data = {{"reference", seen.on.reference},
                 {"by", by_mail     ? "mail"
                        : by_letter ? "letter"
                                    : "phone"},
                 {"by_mail", by_mail},
                 {"email", seen.row.recipient},
                 {"text", by_mail && app.preview_mail ? app.preview_mail(seen.row, seen.facts) : seen.facts.body},
                 {"left", seen.left},
                 {"files_again", seen.files_again ? json(*seen.files_again) : json(nullptr)}};
    if (request.wants_json()) return data;
    data["has_left"] = !seen.left.empty();
    put_form(data, seen, given);
    data["here_tickets"] = true;
    if (!seen.people.people.empty())
        data["read_by"] = participant_views::list(seen.people, seen.readers, app.templates.texts(), request.language);
    for (auto each : seen.readers) data["readers"].push_back(std::to_string(each));
    auto phone = seen.to ? seen.to->phone : seen.requester.phone;
    if (!by_mail && !by_letter) data["told"] = {{"phone", model::phones::display(phone)}, {"words", seen.facts.body}};
    if (!by_letter) return data;
    data["letter"] = letter_of(seen, request, app);
    data.update(letter_sender(app));
    return data;
}

} // namespace

asio::awaitable<reply> post_draft(const request& request, app& app) {
    action_fields given(request, {"body", "waits", "canned", "to[]"});
    auto body = ticket_changes::words(given, "body", model::text::message_limit);
    std::vector<std::int64_t> readers;
    if (given.has("to[]")) readers = participant_views::readers_in(request, given);
    auto keep = [by = ticket_changes::action_of(request), body, waits = given.flag("waits"), canned = number_in(given, "canned"),
                 readers = model::message_readers::write(readers), &texts = app.templates.texts()](soci::session& sql) {
        auto on = model::tickets::get(sql, by.reference);
        model::reply_drafts::save(sql, on.id, by.who.id.value_or(0), {with_canned(sql, on, body, canned, texts), waits, readers, {}},
                                  by.now);
    };
    co_await app.database.write(std::move(keep));
    if (request.wants_json()) co_return api::json({{"saved_at", view_text::rfc3339(request.now)}});
    co_return see_other("/console/tickets/" + ticket_reference(request) + "?done=draft#answer-title");
}

asio::awaitable<reply> post_preview(const request& request, app& app) {
    action_fields given(request, {"kind", "body", "text", "reason", "service", "waits", "version", "seen", "to[]"});
    std::exception_ptr refused;
    try {
        auto look = [reference = ticket_reference(request), what = wording_of(request, given, app), who = actor_of(request),
                     now = request.now,
                     &texts = app.templates.texts()](soci::session& sql) { return make_proof(sql, reference, what, who, now, texts); };
        auto seen = co_await app.database.read(std::move(look));
        co_return page("console/reply_preview", proof_data(seen, given, request, app));
    } catch (const model::invalid&) {
        refused = std::current_exception();
    }
    co_return co_await show_refused(request, app, given, refused);
}

asio::awaitable<reply> post_recall(const request& request, app& app) {
    action_fields given(request, {"message"});
    ticket_changes::change what = [message = number_in(given, "message")](soci::session& sql, const model::tickets::action& by) {
        model::reply_recalls::take_back(sql, by, message);
    };
    co_return co_await ticket_changes::act(request, app, given, "taken_back", std::move(what));
}

namespace reply_writing {

desk read(soci::session& sql, std::int64_t ticket_id, std::int64_t user_id, std::chrono::sys_seconds now) {
    return {model::canned_answers::offered_to(sql, user_id), model::reply_drafts::find(sql, ticket_id, user_id),
            model::reply_recalls::find(sql, ticket_id, user_id, now)};
}

void put(nlohmann::json& data, const desk& offered, const request& request) {
    auto& canned = data["canned"] = nlohmann::json::array();
    for (const auto& each : offered.canned) canned.push_back({{"id", each.id}, {"title", each.title}, {"team", each.team}});
    data["has_canned"] = !offered.canned.empty();
    if (offered.draft)
        data["draft"] = {
            {"body", offered.draft->body}, {"waits", offered.draft->waits}, {"saved", view_text::short_moment(offered.draft->updated_at)}};
    if (offered.recall)
        data["recall"] = {{"message", offered.recall->message_id}, {"left_s", (offered.recall->until_at - request.now).count()}};
}

void put_refusal(nlohmann::json& data, const action_fields& typed) {
    if (!data.contains("errors")) return;
    auto is_forwarding = typed.has("service");
    std::string form = is_forwarding ? "forwarding" : typed.has("text") ? "closing" : "answering";
    auto& said = data[form] = {{"text", typed.text("text")}, {"asks_why", false}};
    for (const auto& each : data["errors"])
        if (each["field"] == "new_request_reason") said["asks_why"] = true;
    auto list = is_forwarding ? "services" : "closure_reasons", choice = is_forwarding ? "service" : "reason";
    if (!typed.has("text") || !data.contains(list)) return;
    for (auto& each : data[list]) each["is_chosen"] = each["code"] == typed.text(choice);
}

} // namespace reply_writing

} // namespace relais::api
