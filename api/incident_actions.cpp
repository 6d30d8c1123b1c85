// SPDX-License-Identifier: EUPL-1.2
#include "api/incident_actions.hpp"

#include "api/incident_act.hpp"
#include "api/incident_page.hpp"
#include "api/json_body.hpp"
#include "model/error.hpp"
#include "model/incident_corrections.hpp"
#include "model/incident_state.hpp"
#include "model/reference.hpp"
#include "model/ticket.hpp"

namespace relais::api {

namespace {

namespace incidents = model::incidents;
using incident_acts::act;
using incident_acts::change;
using incident_acts::line;
using incident_acts::run;
using incident_acts::words;

// An action that needs nothing but the incident.
template <auto action> asio::awaitable<reply> plain(const request& request, app& app, std::string_view noun, std::string_view done) {
    action_fields given(request, {});
    std::function<change()> prepare = [] { return change([](soci::session& sql, const act& by) { action(sql, by); }); };
    co_return co_await run(request, app, given, noun, done, std::move(prepare));
}

// The references of the tickets that leave, from a JSON list or from the boxes that were ticked.
std::vector<std::string> chosen_tickets(const request& request) {
    std::vector<std::string> out;
    constexpr std::string_view prefix = "ticket_";
    if (!request.is_api()) {
        for (const auto& [name, value] : request.form)
            if (name.starts_with(prefix) && !value.empty()) out.push_back(name.substr(prefix.size()));
        return out;
    }
    auto body = json_body::parse(request.body.empty() ? std::string_view("{}") : std::string_view(request.body));
    auto found = body.find("tickets");
    if (!body.is_object() || body.size() != 1 || found == body.end() || !found->is_array())
        throw model::invalid({{"tickets", "type", "fault.json.type"}});
    for (const auto& each : *found) {
        if (!each.is_string()) throw model::invalid({{"tickets", "type", "fault.json.type"}});
        auto typed = each.get<std::string>();
        out.push_back(model::references::read(typed).value_or(typed));
    }
    return out;
}

std::vector<std::int64_t> ids_of(soci::session& sql, const std::vector<std::string>& references) {
    std::vector<std::int64_t> out;
    for (const auto& each : references) {
        try {
            out.push_back(model::tickets::get(sql, each).id);
        } catch (const model::not_found&) {
            throw model::invalid({{"tickets", "unknown", "fault.incident.tickets_unknown"}});
        }
    }
    return out;
}

incidents::workaround read_workaround(const request& request, const action_fields& given) {
    incidents::workaround out;
    out.public_title = line(given, "public_title");
    out.public_text = words(given, "public"), out.internal_text = words(given, "internal");
    // A form says it with a box; a program that gives public words means them to be read.
    out.is_published = request.is_api() && !given.has("published") ? !out.public_text.empty() : given.flag("published");
    return out;
}

} // namespace

asio::awaitable<reply> post_confirmation(const request& request, app& app) {
    action_fields given(request, {"title", "nature", "cause_owner", "severity"});
    std::function<change()> prepare = [&] {
        incidents::confirmation what{line(given, "title"), given.text("nature"), given.text("cause_owner"), given.text("severity")};
        return change([what](soci::session& sql, const act& by) { incidents::confirm(sql, by, what); });
    };
    co_return co_await run(request, app, given, "confirmation", "confirmed", std::move(prepare));
}

asio::awaitable<reply> post_escalation(const request& request, app& app) {
    action_fields given(request, {});
    std::function<change()> prepare = [] {
        return change([](soci::session& sql, const act& by) { incidents::escalate(sql, by, "person", nlohmann::json::object()); });
    };
    co_return co_await run(request, app, given, "escalation", "escalated", std::move(prepare));
}

asio::awaitable<reply> post_acceptance(const request& request, app& app) {
    co_return co_await plain<incidents::accept>(request, app, "acceptance", "accepted");
}

asio::awaitable<reply> post_return(const request& request, app& app) {
    action_fields given(request, {"reason"});
    std::function<change()> prepare = [&] {
        return change([reason = words(given, "reason", incident_acts::reason_limit)](soci::session& sql, const act& by) {
            incidents::send_back(sql, by, reason);
        });
    };
    co_return co_await run(request, app, given, "return", "returned", std::move(prepare));
}

asio::awaitable<reply> post_workaround(const request& request, app& app) {
    action_fields given(request, {"public_title", "public", "internal", "published"});
    std::function<change()> prepare = [&] {
        return change(
            [what = read_workaround(request, given)](soci::session& sql, const act& by) { incidents::set_workaround(sql, by, what); });
    };
    co_return co_await run(request, app, given, "workaround", "workaround", std::move(prepare));
}

asio::awaitable<reply> post_cause(const request& request, app& app) {
    action_fields given(request, {"cause_owner", "text"});
    std::function<change()> prepare = [&] {
        return change([owner = given.text("cause_owner"), text = words(given, "text")](soci::session& sql, const act& by) {
            incidents::set_cause(sql, by, owner, text);
        });
    };
    co_return co_await run(request, app, given, "cause", "cause", std::move(prepare));
}

asio::awaitable<reply> post_description(const request& request, app& app) {
    action_fields given(request, {"title", "description", "nature", "severity", "law_article", "law_persons", "law_procedure",
                                  "is_security", "is_hardship"});
    std::function<change()> prepare = [&] {
        incidents::description what;
        what.title = line(given, "title"), what.text = words(given, "description");
        what.nature = given.text("nature"), what.severity = given.text("severity");
        what.law_article = line(given, "law_article"), what.law_persons = words(given, "law_persons", incident_acts::reason_limit);
        what.law_procedure = words(given, "law_procedure");
        what.is_security = given.flag("is_security"), what.is_hardship = given.flag("is_hardship");
        return change([what](soci::session& sql, const act& by) { incidents::describe(sql, by, what); });
    };
    co_return co_await run(request, app, given, "description", "described", std::move(prepare));
}

asio::awaitable<reply> post_stuck_state(const request& request, app& app) {
    action_fields given(request, {"procedure", "status", "error_code", "release"});
    std::function<change()> prepare = [&] {
        incidents::stuck_state what{line(given, "procedure"), line(given, "status"), line(given, "error_code"), line(given, "release")};
        return change([what](soci::session& sql, const act& by) { incidents::set_stuck_state(sql, by, what); });
    };
    co_return co_await run(request, app, given, "description", "stuck", std::move(prepare));
}

asio::awaitable<reply> post_schedule(const request& request, app& app) {
    action_fields given(request, {"at", "release"});
    std::function<change()> prepare = [&] {
        return change([at = incident_acts::moment(given, "at"), release = line(given, "release")](soci::session& sql, const act& by) {
            incidents::schedule(sql, by, at, release);
        });
    };
    co_return co_await run(request, app, given, "schedule", "scheduled", std::move(prepare));
}

asio::awaitable<reply> post_incident_closure(const request& request, app& app) {
    co_return co_await plain<incidents::close>(request, app, "closure", "closed");
}

asio::awaitable<reply> post_incident_reopening(const request& request, app& app) {
    action_fields given(request, {"reason"});
    std::function<change()> prepare = [&] {
        return change([reason = words(given, "reason", incident_acts::reason_limit)](soci::session& sql, const act& by) {
            incidents::reopen(sql, by, reason);
        });
    };
    co_return co_await run(request, app, given, "reopening", "reopened", std::move(prepare));
}

asio::awaitable<reply> post_dismissal(const request& request, app& app) {
    co_return co_await plain<incidents::dismiss>(request, app, "dismissal", "dismissed");
}

asio::awaitable<reply> post_incident_merge(const request& request, app& app) {
    action_fields given(request, {"into"});
    std::function<change()> prepare = [&] {
        return change(
            [into = incident_acts::number(given, "into")](soci::session& sql, const act& by) { incidents::merge(sql, by, into); });
    };
    co_return co_await run(request, app, given, "merge", "merged", std::move(prepare));
}

asio::awaitable<reply> post_incident_unmerge(const request& request, app& app) {
    co_return co_await plain<incidents::unmerge>(request, app, "merge", "unmerged");
}

asio::awaitable<reply> post_incident_split(const request& request, app& app) {
    auto references = chosen_tickets(request);
    auto no_fields = request;
    no_fields.body.clear();
    action_fields given(no_fields, {});
    std::function<change()> prepare = [references] {
        return change([references](soci::session& sql, const act& by) { incidents::split(sql, by, ids_of(sql, references)); });
    };
    co_return co_await run(request, app, given, "split", "split", std::move(prepare));
}

asio::awaitable<reply> post_undo(const request& request, app& app) {
    action_fields given(request, {"event"});
    std::function<change()> prepare = [&] {
        return change([event = incident_acts::number(given, "event"), role = table_role(request)](soci::session& sql, const act& by) {
            auto undone = incidents::told_by(sql, by.number, event);
            if (!model::incident_states::lets(role, incidents::noun_of(undone.kind))) throw model::forbidden();
            incidents::undo(sql, by, event);
        });
    };
    co_return co_await run(request, app, given, "attachment", "undone", std::move(prepare));
}

} // namespace relais::api
