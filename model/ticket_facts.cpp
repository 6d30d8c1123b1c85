// SPDX-License-Identifier: EUPL-1.2
#include "model/ticket_facts.hpp"

#include "model/sql.hpp"

#include <string>

namespace relais::model::ticket_facts {

using nlohmann::json;

bool are_changed_by(std::string_view action, std::string_view object_kind) {
    return object_kind == "ticket" && action != "ticket.read" && action != "ticket.file_read";
}

std::optional<rule_facts> of(soci::session& sql, std::int64_t ticket_id) {
    return sql::first<rule_facts>(sql, "SELECT " + columns + " FROM " + tables + " WHERE ticket.id = :id", ticket_id);
}

json write(const rule_facts& from) {
    return json::array({from.status, from.waiting_reason, from.channel, from.procedure, from.department, from.category, from.dossier_status,
                        from.flags, from.team, from.assignee, seconds(from.legal_at)});
}

rule_facts read(const json& from) {
    auto word = [&from](std::size_t at) { return from.at(at).get<std::string>(); };
    auto number = [&from](std::size_t at) { return from.at(at).get<std::int64_t>(); };
    return {word(0), word(1), word(2), word(3), word(4), word(5), word(6), word(7), word(8), number(9), at_seconds(number(10))};
}

} // namespace relais::model::ticket_facts
