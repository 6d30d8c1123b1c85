// SPDX-License-Identifier: EUPL-1.2
#include "api/call_card.hpp"

#include "api/call_view.hpp"
#include "api/contact_form.hpp"
#include "api/contact_page.hpp"
#include "api/follow_up_token.hpp"
#include "api/form_fields.hpp"
#include "api/guards.hpp"
#include "api/settings.hpp"
#include "api/view_parts.hpp"
#include "model/call_report.hpp"
#include "model/closure_reason.hpp"
#include "model/database.hpp"
#include "model/department.hpp"
#include "model/dossier.hpp"
#include "model/dossier_timeline.hpp"
#include "model/error.hpp"
#include "model/procedure.hpp"
#include "model/reference.hpp"
#include "model/refiling.hpp"
#include "model/sensitive.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <array>

namespace relais::api {

namespace {

using nlohmann::json;

struct seen_card {
    model::caller_card card;
    std::vector<std::vector<model::caller_fact>> facts; // of each person
    std::vector<std::int64_t> dossiers;                 // whose holders or states are shown
};

std::vector<std::int64_t> dossiers_shown(soci::session& sql, const model::caller_card& card) {
    std::vector<std::int64_t> out;
    for (const auto& each : card.dossiers) out.push_back(each.id);
    for (const auto& each : card.people)
        if (each.key.starts_with("d")) out.push_back(model::dossiers::get(sql, each.key.substr(1)).id);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

seen_card look_at(soci::session& sql, const std::string& id, const std::string& typed, std::chrono::sys_seconds now) {
    seen_card out;
    out.card = model::callers::card(sql, id, now);
    if (!typed.empty())
        for (auto& each : model::callers::search(sql, typed)) out.card.people.push_back(std::move(each));
    for (const auto& each : out.card.people) out.facts.push_back(model::callers::facts_of(sql, each, out.card));
    out.dossiers = dossiers_shown(sql, out.card);
    return out;
}

// A new ticket as it would be opened for the surest person: nothing that we know is typed again.
json filled_in(const seen_card& seen) {
    json out = {{"requester", {{"phone", seen.card.what.phone}}}, {"procedure", ""}, {"department", ""}, {"dossier_number", ""}};
    if (!seen.card.people.empty()) {
        const auto& who = seen.card.people.front().who;
        out["requester"].update({{"name", who.name}, {"email", who.email}, {"postal_address", who.postal_address}});
        out["about"] = {{"birth_name", who.birth_name}, {"first_names", who.first_names}, {"birth_date", who.birth_date}};
    }
    if (!seen.card.dossiers.empty()) {
        const auto& of = seen.card.dossiers.front();
        out["procedure"] = of.procedure_code, out["department"] = of.department, out["dossier_number"] = of.number;
    }
    return out;
}

json choice(std::string_view code, std::string_view family, std::string_view chosen) {
    return {{"code", code}, {"t:label", std::string(family) + "." + std::string(code)}, {"is_chosen", code == chosen}};
}

json procedure_choices(std::string_view chosen) {
    auto out = json::array();
    for (auto code : model::procedures::all) out.push_back(choice(code, "procedure", chosen));
    return out;
}

json department_choices(std::string_view chosen) {
    auto out = json::array();
    for (const auto& each : model::departments::all()) out.push_back(choice(each.code, "department", chosen));
    return out;
}

json closure_choices() {
    auto out = json::array();
    for (auto code : model::closure_reasons::chosen) out.push_back({{"code", code}, {"t:label", "closure_reason." + std::string(code)}});
    return out;
}

json outcome_choices(const model::call& of) {
    constexpr std::array<std::string_view, 4> told = {"answered", "missed", "busy", "voicemail"};
    auto out = json::array();
    for (auto code : told)
        out.push_back({{"code", code}, {"t:label", "call_outcome." + std::string(code)}, {"is_chosen", code == of.outcome}});
    return out;
}

// typed: what the form held when it was refused; it comes back as it was.
json page_data(const seen_card& seen, const request& request, const app& app) {
    auto through = lens_of(request, app);
    const auto& card = seen.card;
    json data = {{"call", views::call(card.what, through)},
                 {"people", json::array()},
                 {"dossiers", json::array()},
                 {"tickets", json::array()},
                 {"earlier", json::array()},
                 {"here_calls", true}};
    for (std::size_t i = 0; i < card.people.size(); ++i) {
        data["people"].push_back(views::caller(card.people[i], seen.facts[i], through));
        data["people"].back()["is_first"] = i == 0;
    }
    for (const auto& each : card.dossiers) data["dossiers"].push_back(views::dossier(each, through));
    for (const auto& each : card.tickets) data["tickets"].push_back(views::card_ticket(each, through));
    for (const auto& each : card.earlier) data["earlier"].push_back(views::call(each, through));
    data["incidents"] = json::array();
    for (const auto& each : card.incidents) {
        data["incidents"].push_back({{"number", each.number}, {"title", each.title}, {"workaround", each.workaround}});
        views::add_code(data["incidents"].back(), through, "state", "incident.state", each.state);
    }
    if (!request.wants_json()) {
        auto fresh = filled_in(seen);
        data["procedures"] = procedure_choices(fresh["procedure"].get<std::string>());
        data["departments"] = department_choices(fresh["department"].get<std::string>());
        data["fresh"] = std::move(fresh);
        data["closure_reasons"] = closure_choices();
        data["outcomes"] = outcome_choices(card.what);
        data["asks_outcome"] = card.what.direction == "out" || card.what.outcome != "answered";
        data["has_people"] = !card.people.empty(), data["has_dossiers"] = !card.dossiers.empty();
        data["has_tickets"] = !card.tickets.empty(), data["has_earlier"] = !card.earlier.empty();
        if (card.promised) {
            data["promised"] = json::object();
            views::add_moment(data["promised"], through, "due_at", card.promised->due_at);
            data["promised"]["is_booked"] = card.promised->is_booked();
        }
        data["has_incidents"] = !card.incidents.empty();
        data["ticket_reference"] = card.ticket_reference;
        auto is_linked = [&](const json& each) { return each["reference"] == card.ticket_reference; };
        auto linked = std::find_if(data["tickets"].begin(), data["tickets"].end(), is_linked);
        if (linked == data["tickets"].end()) linked = data["tickets"].begin();
        for (auto each = data["tickets"].begin(); each != data["tickets"].end(); ++each)
            (*each)["is_chosen"] = each == linked && (*each)["is_open"].get<bool>();
        // The one dossier that may be meant, for a ticket that has none yet.
        auto lacks_dossier = linked != data["tickets"].end() && (*linked)["dossier_link"] != "linked";
        if (lacks_dossier && data["dossiers"].size() == 1) data["dossiers"][0]["is_chosen"] = true;
        data["starts_new"] = linked == data["tickets"].end() || !(*linked)["is_chosen"].get<bool>();
    }
    return data;
}

asio::awaitable<reply> card_page(const request& request, app& app, const std::string& typed) {
    auto look = [id = request.capture(0), typed, now = request.now](soci::session& sql) { return look_at(sql, id, typed, now); };
    auto seen = co_await app.database.read(std::move(look));
    if (!seen.dossiers.empty()) {
        auto note = [ids = seen.dossiers, who = actor_of(request), now = request.now](soci::session& sql) {
            model::dossier_timelines::record_reading(sql, who, ids, "call", now);
        };
        co_await app.database.write(std::move(note));
    }
    auto out = page("console/call", page_data(seen, request, app));
    out.data["q"] = typed;
    co_return out;
}

// The page again, with what was typed and what is wrong with it.
asio::awaitable<reply> refused_page(const request& request, app& app, const model::invalid& why) {
    auto out = co_await card_page(request, app, "");
    out.status = 422;
    out.data["has_faults"] = true;
    for (const auto& each : why.faults) {
        if (each.field == "new_request_reason") out.data["asks_why"] = true;
        out.data["errors"].push_back({{"field", each.field}, {"t:message", each.message}, {"value", each.value}});
    }
    json typed = json::object();
    for (const auto& [name, value] : request.form) typed[name] = value;
    out.data["said"] = request.field("said"), out.data["answered"] = request.field("answered"), out.data["note"] = request.field("note");
    auto& fresh = out.data["fresh"];
    for (const char* name : {"name", "email", "postal_address"}) fresh["requester"][name] = request.field("requester." + std::string(name));
    fresh["subject"] = request.field("subject"), fresh["dossier_number"] = request.field("dossier_number");
    for (const auto& [list, field] : {std::pair{"procedures", "procedure"}, {"departments", "department"}})
        for (auto& each : out.data[list]) each["is_chosen"] = each["code"] == request.field(field);
    auto chosen = std::string(request.field("ticket"));
    for (auto& each : out.data["tickets"]) each["is_chosen"] = each["reference"] == chosen;
    out.data["starts_new"] = chosen == "new", out.data["has_none"] = chosen == "none";
    co_return out;
}

std::string words(const request& request, std::string_view name, std::size_t limit, std::vector<model::field_fault>& faults) {
    auto checked = model::text::check_message(request.field(name), limit);
    if (!checked.accepted()) faults.push_back(model::fault(std::string(name), "text", checked));
    return model::sensitive::mask(checked.normalised);
}

// The new ticket that a call begins: the contact form's own checks, on the telephone.
model::contact contact_of(const request& request, const app& app, const std::string& said, std::vector<model::field_fault>& faults) {
    contact_forms::fields given;
    for (const char* name :
         {"requester.name", "requester.email", "requester.phone", "requester.postal_address", "procedure", "department", "subject",
          "dossier_number", "subject_person.birth_name", "subject_person.first_names", "subject_person.birth_date"})
        if (auto value = request.field(name); !value.empty()) given[name] = value;
    given["body"] = said, given["subject_person.relation"] = "self";
    auto terms = contact_pages::terms_of(request, app);
    terms.channel = "phone", terms.is_anonymous = false, terms.language = "fr"; // the citizen's, not the agent's
    auto found = contact_forms::check(given, terms);
    for (auto& each : found.faults) faults.push_back(std::move(each));
    found.contact.is_silent = true; // the trace of the call tells it all, in one mail
    found.contact.name = [&keys = app.keys, now = request.now] { return follow_up_tokens::draw(keys, now); };
    return std::move(found.contact);
}

model::call_report report_of(const request& request, const app& app) {
    std::vector<model::field_fault> faults;
    model::call_report out;
    out.said = words(request, "said", model::text::message_limit, faults);
    out.answered = words(request, "answered", model::text::message_limit, faults);
    out.note = words(request, "note", model::calls::note_limit, faults);
    out.why_file_again = words(request, "new_request_reason", model::refilings::reason_limit, faults);
    out.outcome = request.field("outcome");
    auto ticket = std::string(request.field("ticket"));
    auto is_new = ticket == "new";
    if (is_new) {
        // What we answered says what it was about, when nothing else was written.
        if (out.said.empty()) out.said = out.answered, out.says_answer = !out.answered.empty(), out.answered.clear();
        out.new_ticket = contact_of(request, app, out.said, faults);
    } else if (ticket != "none") {
        out.reference = model::references::read(ticket).value_or(ticket);
    }
    if (auto dossier = request.field("dossier"); !dossier.empty() && !is_new) out.dossier = dossier;
    out.closes = request.field("then") == "close";
    out.closure_reason = request.field("reason");
    if (!out.closure_reason.empty() && !model::closure_reasons::may_choose(out.closure_reason))
        faults.push_back({"reason", "unknown", "fault.closure.unknown"});
    if (!faults.empty()) throw model::invalid(std::move(faults));
    return out;
}

} // namespace

asio::awaitable<reply> show_call(const request& request, app& app) {
    auto out = co_await card_page(request, app, "");
    auto note = [id = request.capture(0), who = actor_of(request), now = request.now](soci::session& sql) {
        auto seen = model::calls::get(sql, id);
        model::events::record(sql, who, "call.read", "call", seen.id, {{"call", seen.public_id}}, now);
    };
    co_await app.database.write(std::move(note));
    auto done = request.parameter("done");
    if (done == "confirmed" || done == "written") out.data["t:done"] = "call.done." + std::string(done);
    out.data["writes_next"] = done == "confirmed";
    co_return out;
}

asio::awaitable<reply> search_caller(const request& request, app& app) {
    auto typed = std::string(request.field("q"));
    std::optional<model::invalid> refused;
    try {
        co_return co_await card_page(request, app, typed);
    } catch (const model::invalid& why) {
        refused = why;
    }
    co_return co_await refused_page(request, app, *refused);
}

asio::awaitable<reply> confirm_caller(const request& request, app& app) {
    auto facts = form_list(request.form, "facts[]");
    auto write = [id = request.capture(0), key = std::string(request.field("person")), facts, who = actor_of(request),
                  now = request.now](soci::session& sql) { model::callers::confirm(sql, id, key, facts, who, now); };
    std::optional<model::invalid> refused;
    try {
        co_await app.database.write(std::move(write));
    } catch (const model::invalid& why) {
        refused = why;
    }
    if (refused) co_return co_await refused_page(request, app, *refused);
    co_return see_other("/console/calls/" + request.capture(0) + "?done=confirmed");
}

asio::awaitable<reply> report_call(const request& request, app& app) {
    std::optional<model::invalid> refused;
    model::reported_call done;
    try {
        auto report = report_of(request, app);
        auto write = [id = request.capture(0), report, who = actor_of(request), now = request.now](soci::session& sql) {
            return model::call_reports::write(sql, id, report, who, now);
        };
        done = co_await app.database.write(std::move(write));
    } catch (const model::invalid& why) {
        refused = why;
    }
    if (refused) co_return co_await refused_page(request, app, *refused);
    app.wake_mailer();
    app.wake_registry();
    if (done.reference.empty()) co_return see_other("/console/calls?done=written");
    co_return see_other("/console/tickets/" + done.reference + "?done=called");
}

} // namespace relais::api
