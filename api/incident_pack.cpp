// SPDX-License-Identifier: EUPL-1.2
#include "api/incident_pack.hpp"

#include "api/incident_drawing.hpp"
#include "api/incident_page.hpp"
#include "api/incident_view.hpp"
#include "api/view_parts.hpp"
#include "model/database.hpp"
#include "model/escalation_pack.hpp"

#include <cmath>
#include <map>

namespace relais::api {

namespace {

nlohmann::json sample(const model::escalation_pack::sample& of, const lens& through) {
    nlohmann::json out = {{"name", of.name},
                          {"subject", of.subject},
                          {"text", of.text},
                          {"received_on", of.received_on},
                          {"step", of.step},
                          {"error_code", of.error_code},
                          {"portal_message", of.portal_message},
                          {"browser", of.browser},
                          {"release", of.release},
                          {"has_dossier", of.has_dossier}};
    views::add_code(out, through, "procedure", "procedure", of.procedure);
    views::add_code(out, through, "department", "department", of.department);
    auto state = [&](const std::string& status, const std::string& step, const std::string& code) {
        nlohmann::json one = {{"step", step}, {"error_code", code}};
        views::add_code(one, through, "status", "dossier_status", status);
        return one;
    };
    if (!of.has_dossier) return out;
    out["then"] = state(of.status_then, of.step_then, of.error_code_then);
    out["now"] = state(of.status_now, of.step_now, of.error_code_now);
    return out;
}

// Five values of each field tell how it happens; the whole is on the incident's page.
std::vector<model::incident_fact> most_said(const std::vector<model::incident_fact>& all) {
    constexpr int values = 5;
    std::vector<model::incident_fact> out;
    std::map<std::string, int> seen;
    for (const auto& each : all)
        if (seen[each.name]++ < values) out.push_back(each);
    return out;
}

double one_decimal(double value) { return std::round(value * 10) / 10; }

nlohmann::json pack(const model::escalation_pack& of, const lens& through) {
    const auto& incident = of.sheet.incident;
    nlohmann::json out = {
        {"number", incident.id},
        {"title", views::incident_title(incident, of.sheet.facts, through)},
        {"sentence", views::incident_sentence(of.sheet.facts, through)},
        {"tickets", incident.tickets},
        {"citizens", incident.citizens},
        {"dossiers", incident.dossiers},
        {"silent", of.sheet.silent},
        {"a_day", one_decimal(of.a_day)},
        {"a_day_before", one_decimal(of.a_day_before)},
        {"samples", nlohmann::json::array()},
        {"days", nlohmann::json::array()},
        {"facts", nlohmann::json::array()},
        {"legal_case", {{"article", incident.law_article}, {"persons", incident.law_persons}, {"procedure", incident.law_procedure}}},
        {"workaround", incident.public_workaround},
        {"cause_text", incident.cause_text},
        {"stuck",
         {{"procedure", incident.stuck_procedure},
          {"status", incident.stuck_status},
          {"error_code", incident.stuck_error_code},
          {"release", incident.stuck_release}}}};
    views::add_code(out, through, "nature", "nature", incident.nature);
    views::add_code(out, through, "cause_owner", "cause_owner", incident.cause_owner);
    views::add_code(out, through, "severity", "incident.severity", incident.severity);
    views::add_moment(out, through, "first_ticket_at", incident.first_ticket_at);
    views::add_moment(out, through, "last_ticket_at", incident.last_ticket_at);
    for (const auto& each : of.samples) out["samples"].push_back(sample(each, through));
    for (const auto& each : of.days) out["days"].push_back({{"on", each.on}, {"tickets", each.tickets}});
    out["facts"] = views::incident_facts(most_said(of.sheet.facts), through);
    // Fixed means: the dossiers stuck so move, and no new ticket comes, for three days.
    out["acceptance"] = {{"stuck_dossiers", incident.dossiers + of.sheet.silent}, {"days_without_ticket", 3}};
    if (through.for_people) out["trend"] = incident_drawing::trend(of.sheet, through);
    return out;
}

} // namespace

asio::awaitable<reply> show_incident_pack(const request& request, app& app) {
    auto look = [number = incident_number(request), now = request.now](soci::session& sql) {
        return model::escalation_packs::make(sql, number, now);
    };
    auto found = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    auto data = pack(found, through);
    if (!through.for_people) co_return json(std::move(data));
    data["here_incidents"] = true;
    co_return page("console/incident_pack", std::move(data));
}

} // namespace relais::api
