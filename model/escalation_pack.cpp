// SPDX-License-Identifier: EUPL-1.2
#include "model/escalation_pack.hpp"

#include "model/citizen.hpp"
#include "model/pseudonym.hpp"
#include "model/silent_dossier.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "model/told_words.hpp"

#include <date/date.h>

namespace relais::model::escalation_packs {

namespace {

std::string day_text(sys_seconds at) { return date::format("%F", date::floor<date::days>(at)); }

// Everything that tells who the people of a ticket are.
void add_known(soci::session& sql, const ticket& of, std::vector<std::string>& out) {
    for (const auto& each : {of.reference, of.dossier_number_typed, of.neph_typed}) out.push_back(each);
    for (auto id : {of.requester_id, of.subject_person_id}) {
        auto who = citizens::get(sql, id);
        for (const auto& each :
             {who.name, who.birth_name, who.first_names, who.birth_date, who.email, who.phone, who.phone_typed, who.postal_address})
            out.push_back(each);
    }
    if (!of.dossier_id) return;
    if (auto dossier = dossiers::find(sql, *of.dossier_id))
        for (const auto& each : {dossier->number, dossier->neph, dossier->birth_name, dossier->usual_name, dossier->first_names,
                                 dossier->birth_date, dossier->email, dossier->phone, dossier->driving_school})
            out.push_back(each);
}

escalation_pack::sample sample_of(soci::session& sql, const incident_ticket& from, std::size_t number,
                                  const std::vector<std::string>& known) {
    auto of = tickets::get(sql, from.link.ticket_id);
    auto hidden = [&known](const std::string& text) { return pseudonyms::hide(text, known); };
    auto hidden_code = [&known](const std::string& code) { return pseudonyms::hide_code(code, known); };
    escalation_pack::sample out;
    out.name = std::string(1, static_cast<char>('A' + number % 26));
    out.subject = hidden(of.subject), out.text = hidden(from.body), out.portal_message = hidden(of.portal_message);
    out.received_on = day_text(of.received_at), out.department = of.department, out.procedure = of.procedure_code;
    out.step = hidden(of.portal_step), out.error_code = hidden_code(of.portal_error_code), out.browser = hidden_code(of.portal_browser),
    out.release = hidden_code(of.portal_release);
    auto seen = silent_dossiers::reported(sql, from.link.incident_id.value_or(0), of.id - 1, 1);
    if (seen.empty() || seen.front().ticket_id != of.id) return out;
    const auto& dossier = seen.front();
    out.has_dossier = true;
    out.status_then = dossier.status_then, out.step_then = dossier.step_then, out.error_code_then = dossier.error_code_then;
    out.status_now = dossier.status_now, out.step_now = dossier.step_now, out.error_code_now = dossier.error_code_now;
    return out;
}

// What colleagues wrote, of people whom the examples do not name too.
void hide_words(soci::session& sql, incident& of, const std::vector<std::string>& known) {
    told_words told(sql);
    for (auto* each : {&of.title, &of.description, &of.cause_text, &of.public_title, &of.public_workaround, &of.internal_workaround,
                       &of.law_article, &of.law_persons, &of.law_procedure})
        *each = pseudonyms::hide(told.of(of.id, *each), known);
    for (auto* each : {&of.stuck_procedure, &of.stuck_status, &of.stuck_error_code, &of.stuck_release})
        *each = pseudonyms::hide_code(*each, known);
}

std::vector<escalation_pack::day> days_of(const incident_sheet& sheet, sys_seconds now) {
    constexpr int weeks = 4;
    auto today = date::floor<date::days>(now);
    std::vector<escalation_pack::day> out;
    for (auto at = today - date::days{7 * weeks - 1}; at <= today; at += date::days{1}) out.push_back({date::format("%F", at), 0});
    for (const auto& [hour, tickets] : sheet.hours) {
        auto place = (date::floor<date::days>(at_seconds(hour * 3600)) - today).count() + 7 * weeks - 1;
        if (place >= 0 && place < 7 * weeks) out[static_cast<std::size_t>(place)].tickets += tickets;
    }
    return out;
}

double rate(const std::vector<escalation_pack::day>& days, std::size_t from_end) {
    constexpr std::size_t week = 7;
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < week; ++i) sum += days[days.size() - 1 - from_end - i].tickets;
    return static_cast<double>(sum) / week;
}

} // namespace

escalation_pack make(soci::session& sql, std::int64_t number, sys_seconds now) {
    escalation_pack out;
    out.sheet = incident_sheets::get(sql, number, now);
    out.sheet.silent = silent_dossiers::count(sql, out.sheet.incident); // all of them: those who mend must know
    // People who live together write about each other: what names one of them is hidden everywhere.
    std::vector<std::string> known;
    for (const auto& each : out.sheet.examples) add_known(sql, tickets::get(sql, each.link.ticket_id), known);
    for (const auto& each : out.sheet.examples)
        if (out.samples.size() < sample_limit) out.samples.push_back(sample_of(sql, each, out.samples.size(), known));
    for (auto& each : out.sheet.facts)
        if (each.name == "step" || each.name == "error_code" || each.name == "release" || each.name == "browser")
            each.value = pseudonyms::hide_code(each.value, known);
    hide_words(sql, out.sheet.incident, known);
    out.days = days_of(out.sheet, now);
    out.a_day = rate(out.days, 0), out.a_day_before = rate(out.days, 7);
    return out;
}

} // namespace relais::model::escalation_packs
