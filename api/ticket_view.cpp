// SPDX-License-Identifier: EUPL-1.2
// The whole of a ticket for those who treat it, and what is left of it for the others.
#include "api/pages.hpp"
#include "api/view_parts.hpp"
#include "api/view_text.hpp"
#include "api/views.hpp"
#include "model/category.hpp"

namespace relais::api::views {

namespace {

using json = nlohmann::json;

json person(const model::person& who) {
    return {{"name", who.name},
            {"birth_name", who.birth_name},
            {"first_names", who.first_names},
            {"email", who.email},
            {"birth_date", who.birth_date},
            {"phone", who.phone},
            {"postal_address", who.postal_address}};
}

json file(const model::attachment& each, const lens& through) {
    json out = {{"id", each.public_id},
                {"name", each.display_name},
                {"media_type", each.media_type},
                {"size_bytes", each.size_bytes},
                {"scan_state", each.scan_state}};
    if (!through.for_people) return out;
    out["size"] = view_text::file_size(*through.texts, through.language, each.size_bytes);
    out["is_available"] = each.scan_state == "clean" || each.scan_state == "unscanned";
    out["t:scan_label"] = "scan_state." + each.scan_state;
    return out;
}

// A message may have come with a ticket that is read with this one.
const std::string& reference_of(const model::ticket_sheet& sheet, std::int64_t ticket_id) {
    auto found = sheet.merged.find(ticket_id);
    return found == sheet.merged.end() ? sheet.ticket.reference : found->second;
}

json messages(const model::ticket_sheet& sheet, const lens& through) {
    auto out = json::array();
    for (const auto& each : sheet.messages) {
        json one = {{"id", each.id},
                    {"author", each.author_name},
                    {"channel", each.channel},
                    {"body", each.body},
                    {"ticket", reference_of(sheet, each.ticket_id)},
                    {"files", json::array()}};
        add_code(one, through, "kind", "message_kind", each.kind);
        add_moment(one, through, "at", each.created_at);
        for (const auto& attached : sheet.attachments)
            if (attached.message_id == each.id) one["files"].push_back(file(attached, through));
        if (through.for_people) one["is_" + each.kind] = true;
        out.push_back(std::move(one));
    }
    return out;
}

json snapshots(const model::ticket_sheet& sheet, const lens& through) {
    auto out = json::array();
    for (const auto& each : sheet.snapshots) {
        auto one = snapshot(each, through);
        // The dossier has moved since the contact: said in words beside the present state.
        if (through.for_people)
            one["has_moved"] =
                sheet.subject_dossier && sheet.subject_dossier->id == each.dossier_id && sheet.subject_dossier->status != each.status;
        out.push_back(std::move(one));
    }
    return out;
}

// "number+name-birth_date" tells what was compared; anything else are an agent's own words.
bool is_words(const std::string& why) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz_+-";
    return why.find_first_not_of(letters) != std::string::npos;
}

// What speaks for a candidate, and what against it.
json match_reasons(const std::string& why, const lens& through) {
    auto out = json::array();
    if (is_words(why)) return json::array({{{"label", why}, {"is_against", false}}});
    for (std::size_t at = 0; at < why.size();) {
        auto is_against = why[at] == '-';
        if (why[at] == '+' || is_against) ++at;
        auto end = std::min(why.find_first_of("+-", at), why.size());
        json one = {{"is_against", is_against}};
        add_code(one, through, "fact", "match_fact", why.substr(at, end - at));
        one["label"] = one.value("fact_label", one["fact"].get<std::string>());
        out.push_back(std::move(one));
        at = std::max(end, at + 1);
    }
    return out;
}

json related(const model::ticket_sheet& sheet, const lens& through) {
    auto out = json::array();
    for (const auto& each : sheet.related) {
        auto one = dossier(each.what, through);
        add_code(one, through, "role", "dossier_role", each.role);
        auto why = through.sees.words || !is_words(each.why) ? each.why : std::string{};
        if (through.for_people) one["reasons"] = match_reasons(why, through);
        one["why"] = std::move(why);
        out.push_back(std::move(one));
    }
    return out;
}

// Of the same person or dossier first, then those that read alike.
json similar(const model::ticket_sheet& sheet, const lens& through) {
    auto out = json::array();
    auto add = [&](const model::ticket& each, bool reads_alike) {
        json one = {{"reference", each.reference}, {"subject", through.sees.words ? json(each.subject) : json(nullptr)}};
        add_code(one, through, "status", "ticket_status", each.status);
        add_moment(one, through, "received_at", each.received_at);
        one["same_dossier"] = each.dossier_id && each.dossier_id == sheet.ticket.dossier_id;
        one["reads_alike"] = reads_alike;
        out.push_back(std::move(one));
    };
    for (const auto& each : sheet.previous) add(each, false);
    for (const auto& each : sheet.alike) add(each, true);
    return out;
}

json sent(const model::ticket_sheet& sheet, const lens& through) {
    auto out = json::array();
    for (const auto& each : sheet.sent) {
        json one = {{"id", each.id}, {"recipient", each.recipient}, {"error", each.error}};
        add_code(one, through, "kind", "outbox_kind", each.kind);
        add_code(one, through, "medium", "outbox_medium", each.medium);
        add_code(one, through, "state", "outbox_state", each.state);
        add_moment(one, through, "created_at", each.created_at);
        add_moment(one, through, "sent_at", each.sent_at);
        out.push_back(std::move(one));
    }
    return out;
}

json history(const model::ticket_sheet& sheet, const lens& through) {
    auto out = json::array();
    for (const auto& each : sheet.history) out.push_back(event(each, through));
    return out;
}

// States and times: what every role sees.
json facts(const model::ticket_sheet& sheet, const lens& through) {
    const auto& on = sheet.ticket;
    auto out = ticket_state(on);
    add_code(out, through, "status", "ticket_status", on.status);
    add_code(out, through, "waiting_reason", "waiting_reason", on.waiting_reason);
    add_code(out, through, "channel", "channel", on.channel);
    add_code(out, through, "procedure", "procedure", on.procedure_code);
    add_code(out, through, "department", "department", on.department);
    add_code(out, through, "category", "category", on.category);
    add_code(out, through, "legal_nature", "legal_nature", on.legal_nature);
    add_code(out, through, "closure_reason", "closure_reason", on.closure_reason);
    add_moment(out, through, "received_at", on.received_at);
    add_moment(out, through, "due_at", on.due_at);
    add_moment(out, through, "first_reply_at", on.first_reply_at);
    add_moment(out, through, "closed_at", on.closed_at);
    add_moment(out, through, "updated_at", on.updated_at);
    out.update({{"answer_before", on.answer_before},
                {"implicit_on", on.implicit_on},
                {"forwarded_to", on.closed_at ? on.forwarded_to : ""}, // kept when it is opened again: a letter may still tell it
                {"language", on.language},
                {"restricted", !through.sees.words},
                {"assignee", sheet.assignee.empty() ? json(nullptr) : json(sheet.assignee)},
                {"satisfaction", nullptr}});
    if (on.satisfaction) out["satisfaction"] = *on.satisfaction;
    if (!through.for_people) return out;
    out["answer_before_shown"] = view_text::day(*through.texts, through.language, on.answer_before);
    out["implicit_on_shown"] = view_text::day(*through.texts, through.language, on.implicit_on);
    add_age_and_due(out, through, on.status, on.received_at, on.due_at);
    out["is_closed"] = on.status == "closed";
    out["is_sensitive"] = model::categories::is_restricted(on.category);
    out["is_proposed"] = on.category_state == "proposed";
    out["is_unreachable"] = on.mail_state == "unreachable";
    return out;
}

// What people typed.
void add_words(json& out, const model::ticket_sheet& sheet, const lens& through) {
    const auto& on = sheet.ticket;
    out.update({{"subject", on.subject},
                {"category_reason", on.category_reason},
                {"dossier_number_typed", on.dossier_number_typed},
                {"neph_typed", on.neph_typed},
                {"closure_text", on.closure_text},
                {"satisfaction_text", on.satisfaction_text},
                {"portal",
                 {{"step", on.portal_step},
                  {"error_code", on.portal_error_code},
                  {"message", on.portal_message},
                  {"browser", on.portal_browser},
                  {"release", on.portal_release}}},
                {"flags", flags(on.flags, through)},
                {"messages", messages(sheet, through)}});
    if (through.for_people)
        out["has_portal"] = !(on.portal_step + on.portal_error_code + on.portal_message + on.portal_browser + on.portal_release).empty();
}

} // namespace

json ticket(const model::ticket_sheet& sheet, const lens& through) {
    auto out = facts(sheet, through);
    if (through.sees.words) add_words(out, sheet, through);
    if (through.sees.people) {
        out["requester"] = person(sheet.requester);
        out["subject_person"] = person(sheet.subject_person);
        out["relation"] = sheet.ticket.relation;
        if (through.for_people) {
            out["t:relation_label"] = "relation." + sheet.ticket.relation;
            out["is_for_another"] = sheet.ticket.subject_person_id != sheet.ticket.requester_id;
        }
    }
    if (through.sees.mails) out["sent"] = sent(sheet, through);
    out["dossier"] = sheet.subject_dossier ? dossier(*sheet.subject_dossier, through) : json(nullptr);
    out["snapshots"] = snapshots(sheet, through);
    out["candidates"] = related(sheet, through);
    out["similar"] = similar(sheet, through);
    out["merged_into"] = sheet.merged_into.empty() ? json(nullptr) : json(sheet.merged_into);
    out["merged"] = json::array();
    for (const auto& [id, reference] : sheet.merged) out["merged"].push_back(reference);
    out["incident"] = nullptr;
    out["history"] = history(sheet, through);
    return out;
}

} // namespace relais::api::views
