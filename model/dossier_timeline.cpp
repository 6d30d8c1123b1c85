// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_timeline.hpp"

#include "model/sql.hpp"

#include <algorithm>
#include <iterator>

namespace relais::model::dossier_timelines {

namespace {

const std::string newest = " DESC LIMIT " + std::to_string(limit);

const std::string select_tickets =
    "SELECT 'ticket', ticket.received_at, ticket.reference, ticket.channel, ticket.subject, ticket.status, ticket_dossier.role, '', '' "
    "FROM ticket_dossier JOIN ticket ON ticket.id = ticket_dossier.ticket_id WHERE ticket_dossier.dossier_id = :dossier "
    "ORDER BY ticket.received_at" +
    newest;

// The message that opened a ticket is the ticket's own line.
const std::string select_messages =
    "SELECT message.kind, message.created_at, ticket.reference, message.channel, ticket.subject, ticket.status, ticket_dossier.role, "
    "message.author_name, SUBSTR(message.body, 1, 160) FROM ticket_dossier JOIN ticket ON ticket.id = ticket_dossier.ticket_id "
    "JOIN message ON message.ticket_id = ticket.id WHERE ticket_dossier.dossier_id = :dossier AND ticket_dossier.role <> 'candidate' "
    "AND NOT (message.kind = 'citizen' AND message.created_at = ticket.received_at) ORDER BY message.created_at" +
    newest;

} // namespace

std::vector<dossier_contact> of(soci::session& sql, std::int64_t dossier_id) {
    auto out = sql::all<dossier_contact>(sql, select_tickets, dossier_id);
    auto messages = sql::all<dossier_contact>(sql, select_messages, dossier_id);
    std::move(messages.begin(), messages.end(), std::back_inserter(out));
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.at > b.at; });
    if (out.size() > static_cast<std::size_t>(limit)) out.resize(static_cast<std::size_t>(limit));
    return out;
}

std::vector<event> readings(soci::session& sql, std::int64_t dossier_id) {
    return sql::all<event>(sql,
                           "SELECT " + std::string(event::columns) +
                               " FROM event WHERE object_kind = 'dossier' AND object_id = :dossier AND action = 'dossier.read' "
                               "ORDER BY id DESC LIMIT :limit",
                           dossier_id, limit);
}

} // namespace relais::model::dossier_timelines
