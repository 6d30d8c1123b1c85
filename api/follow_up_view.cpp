// SPDX-License-Identifier: EUPL-1.2
#include "api/follow_up_view.hpp"

#include "api/contact_files.hpp"
#include "api/contact_steps.hpp"
#include "api/view_text.hpp"
#include "model/birth_date.hpp"
#include "model/phone.hpp"

#include <algorithm>

namespace relais::api::follow_ups {
namespace {

using json = nlohmann::json;

// Where it stands, as one word of the catalogue: follow_up.state.<word>.
std::string state_of(const model::ticket& ticket) {
    if (ticket.status == "closed") return ticket.forwarded_to.empty() ? "closed" : "forwarded";
    if (ticket.status == "waiting") return "waiting_" + ticket.waiting_reason;
    return ticket.status; // new, open, merged
}

bool is_over(const model::ticket& ticket) { return ticket.status == "closed" || ticket.status == "merged"; }

// Received, being handled, answered, finished: what is behind, where we are.
json progress(const model::ticket& ticket) {
    int at = is_over(ticket) ? 3 : ticket.first_reply_at ? 2 : ticket.status == "new" ? 0 : 1;
    auto out = json::array();
    for (auto name : {"received", "handled", "answered", "finished"}) {
        auto step = static_cast<int>(out.size());
        // A ticket closed by the citizen before any answer was never answered: the step is not drawn as done.
        auto is_done = step < at && (step != 2 || ticket.first_reply_at.has_value());
        out.push_back({{"t:label", std::string("follow_up.progress.") + name}, {"is_done", is_done}, {"is_now", step == at}});
    }
    return out;
}

// To whom else an answer to the requester was addressed.
std::string others_of(const followed& what, std::int64_t message_id) {
    std::string out;
    for (const auto& each : what.readers)
        for (const auto& person : what.people)
            if (each.message_id == message_id && each.participant_id == person.id) out += (out.empty() ? "" : ", ") + person.name;
    return out;
}

json thread(const followed& what, const catalogue& texts, std::string_view language) {
    auto out = json::array();
    for (const auto& each : what.messages) {
        if (each.kind == "note") continue;
        std::vector<model::attachment> files;
        std::copy_if(what.files.begin(), what.files.end(), std::back_inserter(files),
                     [&](const auto& file) { return file.message_id == each.id; });
        json one = {{"is_staff", each.kind == "reply"},
                    {"is_system", each.kind == "system"},
                    {"body", each.body},
                    {"moment", view_text::moment(texts, language, each.created_at)},
                    {"at", view_text::rfc3339(each.created_at)},
                    {"files", contact_files::shown(files, texts, language)},
                    {"others", others_of(what, each.id)},
                    {"has_files", !files.empty()}};
        if (each.kind == "citizen")
            one["t:author"] = "follow_up.you";
        else if (each.author_name.empty())
            one["t:author"] = "follow_up.service";
        else
            one["author"] = each.author_name;
        out.push_back(std::move(one));
    }
    return out;
}

// Who else follows the request or did, and who may be removed.
json people(const followed& what, const catalogue& texts, std::string_view language, std::chrono::sys_seconds now) {
    auto out = json::array();
    for (const auto& each : what.people)
        out.push_back(
            {{"id", each.id},
             {"name", each.name},
             {"t:role", "participant_role." + each.role},
             {"since", view_text::day(texts, language, view_text::local_day(each.added_at))},
             {"until", each.ends_at ? view_text::day(texts, language, view_text::local_day(*each.ends_at - std::chrono::seconds(1))) : ""},
             {"is_present", each.is_active(now)},
             {"may_remove", each.is_active(now) && what.ticket.status != "merged"}});
    return out;
}

// What the form asked, as it was given, under the form's own names.
contact_forms::fields given(const followed& what) {
    const auto& ticket = what.ticket;
    return {{"subject_person.relation", ticket.relation},
            {"requester.name", what.requester.name},
            {"subject_person.birth_name", what.about.birth_name},
            {"subject_person.first_names", what.about.first_names},
            {"subject_person.birth_date", model::birth_dates::display(what.about.birth_date)},
            {"procedure", ticket.procedure_code},
            {"department", ticket.department},
            {"legal_nature", ticket.legal_nature},
            {"portal.message", ticket.portal_message},
            {"dossier_number", ticket.dossier_number_typed},
            {"neph", ticket.neph_typed},
            {"requester.email", what.requester.email},
            {"requester.phone", model::phones::display(what.requester.phone)},
            {"requester.postal_address", what.requester.postal_address}};
}

// The recapitulation of the form without what was left empty: the subject heads the page, the words begin the thread.
json sent(const followed& what, const catalogue& texts, std::string_view language) {
    auto out = json::array();
    for (auto& part : contact_steps::recapitulation(given(what), texts, language)) {
        json shown = {{"t:title", part["t:title"]}, {"facts", json::array()}};
        for (auto& fact : part["facts"])
            if (fact["shown_value"] != "") shown["facts"].push_back(std::move(fact));
        if (part["path"] == contact_steps::path(contact_steps::step_of("portal.message"))) {
            const auto& ticket = what.ticket; // what a program tells and the form does not ask
            if (!ticket.portal_step.empty()) shown["facts"].push_back({{"t:label", "ticket.step"}, {"shown_value", ticket.portal_step}});
            if (!ticket.portal_error_code.empty())
                shown["facts"].push_back({{"t:label", "ticket.error_code"}, {"shown_value", ticket.portal_error_code}});
        }
        if (!shown["facts"].empty()) out.push_back(std::move(shown));
    }
    return out;
}

} // namespace

nlohmann::json receipt(const model::ticket& ticket, const settings& config, const catalogue& texts, std::string_view language) {
    json out = {{"reference", ticket.reference},
                {"received", view_text::moment(texts, language, ticket.received_at)},
                {"received_at", view_text::rfc3339(ticket.received_at)},
                {"answer_before", view_text::day(texts, language, ticket.answer_before)},
                {"implicit_on", ticket.implicit_on.empty() ? "" : view_text::day(texts, language, ticket.implicit_on)},
                {"t:procedure", "procedure." + ticket.procedure_code},
                {"t:department", ticket.department.empty() ? std::string("follow_up.no_department") : "department." + ticket.department},
                {"subject", ticket.subject},
                {"service_name", config.service.name}};
    return out;
}

nlohmann::json page_data(const followed& what, const settings& config, const catalogue& texts, std::string_view language,
                         std::chrono::sys_seconds now) {
    const auto& ticket = what.ticket;
    auto out = receipt(ticket, config, texts, language);
    auto state = state_of(ticket);
    out["status"] = ticket.status;
    out["t:state_title"] = "follow_up.state." + state + ".title";
    out["t:state_text"] = "follow_up.state." + state + ".text";
    out["forwarded_to"] = ticket.closed_at ? ticket.forwarded_to : "";
    out["is_over"] = is_over(ticket);
    out["is_merged"] = ticket.status == "merged";
    out["may_solve"] = !is_over(ticket);
    out["waits_for_answer"] = !is_over(ticket) && !ticket.first_reply_at;
    out["progress"] = progress(ticket);
    out["thread"] = thread(what, texts, language);
    out["sent"] = sent(what, texts, language);
    out["people"] = people(what, texts, language, now);
    out["has_people"] = !what.people.empty();
    out["by_mail"] = !what.requester.email.empty();
    out["may_rate"] = ticket.first_reply_at.has_value() || ticket.status == "closed";
    out["is_rated"] = ticket.satisfaction.has_value();
    out["satisfaction"] = ticket.satisfaction.value_or(0);
    auto scores = json::array();
    for (int score = 0; score <= 10; ++score) scores.push_back({{"score", score}, {"is_chosen", ticket.satisfaction == score}});
    out["scores"] = std::move(scores);
    return out;
}

nlohmann::json participant_data(const followed& what, const catalogue& texts, std::string_view language) {
    const auto& ticket = what.ticket;
    json out = {{"reference", ticket.reference},
                {"requester_name", what.requester.name},
                {"name", what.viewer->name},
                {"by_mail", !what.viewer->email.empty()},
                {"t:role", "participant_role." + what.viewer->role},
                {"t:procedure", "procedure." + ticket.procedure_code},
                {"t:state", "follow_participant.state." + ticket.status},
                {"is_over", is_over(ticket)},
                {"is_merged", ticket.status == "merged"},
                {"thread", thread(what, texts, language)}};
    out["until"] =
        what.viewer->ends_at ? view_text::day(texts, language, view_text::local_day(*what.viewer->ends_at - std::chrono::seconds(1))) : "";
    out["is_empty"] = what.messages.empty();
    return out;
}

} // namespace relais::api::follow_ups
