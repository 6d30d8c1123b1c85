// SPDX-License-Identifier: EUPL-1.2
#include "model/figure_scope.hpp"

namespace relais::model {

std::string figure_scope::join(const std::string& ticket) const {
    return is_whole() ? "" : " JOIN figure_fact ON figure_fact.ticket_id = " + ticket;
}

std::string figure_scope::conditions(std::vector<std::string>& values) const {
    std::string out;
    auto add = [&](const char* column, const std::string& value) {
        out += std::string(" AND figure_fact.") + column + " = :v" + std::to_string(values.size());
        values.push_back(value);
    };
    if (whose.team) add("team_id", std::to_string(*whose.team));
    if (!whose.department.empty()) add("department", whose.department);
    if (!whose.procedure.empty()) add("procedure_code", whose.procedure);
    if (!whose.channel.empty()) add("channel", whose.channel);
    if (whose.agent) add("agent_id", std::to_string(*whose.agent));
    return out;
}

namespace figure_scopes {

const char* const first_ticket = "(SELECT earliest.ticket_id FROM report earliest WHERE earliest.incident_id = incident.id ORDER BY "
                                 "earliest.incident_id, earliest.received_at, earliest.ticket_id LIMIT 1)";

figure_scope by(figures::dimension what, const figure_filter& whose) {
    switch (what) {
    case figures::dimension::team:
        return {whose, "CAST(figure_fact.team_id AS CHAR(20))"};
    case figures::dimension::department:
        return {whose, "figure_fact.department"};
    case figures::dimension::centre:
        return {whose, "COALESCE((SELECT centre FROM dossier WHERE dossier.id = figure_fact.dossier_id), '')"};
    case figures::dimension::procedure:
        return {whose, "figure_fact.procedure_code"};
    case figures::dimension::channel:
        return {whose, "figure_fact.channel"};
    }
    return {whose};
}

} // namespace figure_scopes

} // namespace relais::model
