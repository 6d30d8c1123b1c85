// SPDX-License-Identifier: EUPL-1.2
#include "api/views.hpp"

#include "api/guards.hpp"
#include "api/pages.hpp"
#include "api/routes.hpp"
#include "api/view_parts.hpp"
#include "api/view_text.hpp"
#include "model/category.hpp"
#include "model/legal_clock.hpp"
#include "model/ticket_facts.hpp"

namespace relais::api {

sight sight_of(std::string_view role) {
    auto bit = role_bit(role);
    if ((bit & desk) != 0) return {true, true, true};
    if (bit == dpo) return {false, true, true};
    return {};
}

lens lens_of(const request& request, const app& app) {
    return {sight_of(request.who.role), !request.wants_json(), &app.templates.texts(), request.language, request.now};
}

namespace views {

using json = nlohmann::json;

json queue_line(const model::queue_line& line, const lens& through) {
    auto out = json::object(); // filled name by name: a list in braces is an array of arrays first, and a page has hundreds of lines
    out["reference"] = line.reference, out["category_state"] = line.category_state, out["dossier_link"] = line.dossier_link;
    out["version"] = line.version, out["restricted"] = !through.sees.words;
    out["subject"] = through.sees.words ? json(line.subject) : json(nullptr);
    out["requester"] = through.sees.people ? json(line.requester) : json(nullptr);
    out["assignee"] = line.assignee.empty() ? json(nullptr) : json(line.assignee);
    out["mail_state"] = line.mail_state;
    add_code(out, through, "status", "ticket_status", line.status);
    add_code(out, through, "waiting_reason", "waiting_reason", line.waiting_reason);
    add_code(out, through, "channel", "channel", line.channel);
    add_code(out, through, "procedure", "procedure", line.procedure_code);
    add_code(out, through, "department", "department", line.department);
    add_code(out, through, "category", "category", line.category);
    add_code(out, through, "legal_nature", "legal_nature", line.legal_nature);
    add_code(out, through, "dossier_status", "dossier_status", line.dossier_status);
    add_moment(out, through, "received_at", line.received_at);
    add_moment(out, through, "due_at", line.due_at);
    add_moment(out, through, "updated_at", line.updated_at);
    add_age_and_due(out, through, line.status, line.received_at, line.due_at);
    auto has_legal = model::seconds(line.legal_at) != model::legal_clocks::never;
    auto legal_days = model::legal_clocks::days_left(line.legal_at, through.now);
    out["legal_days_left"] = has_legal ? json(legal_days) : json(nullptr);
    if (through.for_people && has_legal)
        out["legal_left"] = through.texts->say(through.language, "queue.legal_left", {{"days", legal_days}});
    if (through.sees.words) out["flags"] = flags(line.flags, through);
    if (through.for_people) out["is_sensitive"] = model::categories::is_restricted(line.category);
    return out;
}

json ticket_state(const model::ticket& ticket) {
    json out = {{"reference", ticket.reference},
                {"status", ticket.status},
                {"waiting_reason", ticket.waiting_reason},
                {"category", ticket.category},
                {"category_state", ticket.category_state},
                {"dossier_link", ticket.dossier_link},
                {"assignee_id", nullptr},
                {"version", ticket.version}};
    if (ticket.assignee_id) out["assignee_id"] = *ticket.assignee_id;
    return out;
}

json dossier(const model::dossier& dossier, const lens& through) {
    json out = {
        {"step", dossier.step},     {"error_code", dossier.error_code},     {"release", dossier.portal_release}, {"centre", dossier.centre},
        {"source", dossier.source}, {"status_since", dossier.status_since}, {"restricted", !through.sees.people}};
    add_code(out, through, "procedure", "procedure", dossier.procedure_code);
    add_code(out, through, "status", "dossier_status", dossier.status);
    add_code(out, through, "department", "department", dossier.department);
    add_moment(out, through, "updated_at", dossier.updated_at);
    if (through.for_people) out["status_since_shown"] = view_text::day(*through.texts, through.language, dossier.status_since);
    if (!through.sees.people) return out;
    out.update({{"id", dossier.public_id},
                {"number", dossier.number},
                {"neph", dossier.neph},
                {"birth_name", dossier.birth_name},
                {"usual_name", dossier.usual_name},
                {"first_names", dossier.first_names},
                {"birth_date", dossier.birth_date},
                {"email", dossier.email},
                {"phone", dossier.phone},
                {"driving_school", dossier.driving_school}});
    return out;
}

json snapshot(const model::dossier_snapshot& each, const lens& through) {
    json out = {{"source", each.source},         {"status_since", each.status_since}, {"step", each.step},
                {"error_code", each.error_code}, {"release", each.portal_release},    {"centre", each.centre}};
    add_code(out, through, "status", "dossier_status", each.status);
    add_code(out, through, "procedure", "procedure", each.procedure_code);
    add_moment(out, through, "taken_at", each.taken_at);
    if (!through.for_people) return out;
    out["t:source_label"] = "snapshot_source." + each.source;
    out["status_since_shown"] = view_text::day(*through.texts, through.language, each.status_since);
    return out;
}

json event(const model::event& event, const lens& through) {
    auto at = std::chrono::sys_seconds(std::chrono::seconds(event.at_us / 1'000'000));
    json out = {{"id", event.id}, {"actor", {{"kind", event.actor_kind}, {"id", nullptr}, {"name", event.actor_name}}}};
    if (event.actor_id) out["actor"]["id"] = *event.actor_id;
    // A citizen's name is a person's: staff and programs act by name, citizens do not for those who may not see people.
    if (!through.sees.people && event.actor_kind == "citizen") out["actor"]["name"] = nullptr;
    add_code(out, through, "action", "event_action", event.action);
    out["object"] = {{"kind", event.object_kind}, {"id", event.object_id}};
    out["data"] = json::parse(event.data, nullptr, false);
    if (!out["data"].is_object() || !through.sees.words) out["data"] = json::object();
    out["data"].erase(model::ticket_facts::key); // for rules
    add_moment(out, through, "at", at);
    return out;
}

} // namespace views

} // namespace relais::api
