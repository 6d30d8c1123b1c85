// SPDX-License-Identifier: EUPL-1.2
#include "model/ticket_history.hpp"

#include "model/event.hpp"
#include "model/message.hpp"
#include "model/sql.hpp"

#include <algorithm>

namespace relais::model::tickets {
namespace {

void keep_message(soci::session& sql, std::int64_t ticket_id, const ticket_history::exchange& said, std::string_view channel) {
    message row;
    row.ticket_id = ticket_id;
    row.kind = said.is_reply ? "reply" : "citizen";
    row.channel = said.is_reply ? "import" : std::string(channel);
    row.body = said.body;
    row.created_at = said.at;
    auto id = messages::add(sql, row);
    actor who{said.is_reply ? "staff" : "citizen", {}, {}, {}};
    events::record(sql, who, said.is_reply ? "ticket.replied" : "ticket.written_back", "ticket", ticket_id, {{"message", id}}, said.at);
}

} // namespace

bool is_imported(soci::session& sql, std::string_view external_id) {
    return sql::first<std::int64_t>(sql, "SELECT id FROM ticket WHERE external_id = :external_id", external_id).has_value();
}

void live_on(soci::session& sql, std::int64_t ticket_id, const ticket_history& past, std::string_view channel, sys_seconds received_at) {
    std::optional<sys_seconds> first_reply;
    auto last = received_at;
    for (const auto& each : past.messages) {
        keep_message(sql, ticket_id, each, channel);
        if (each.is_reply && !first_reply) first_reply = each.at;
        last = std::max(last, each.at);
    }
    auto is_closed = past.status == "closed";
    auto closed_at = is_closed ? std::optional(past.closed_at.value_or(last)) : std::nullopt;
    sql::change(
        sql,
        "UPDATE ticket SET status = :status, waiting_reason = :waiting_reason, is_active = :is_active, first_reply_at = :first_reply_at, "
        "closed_at = :closed_at, closure_reason = :closure_reason, updated_at = :updated_at WHERE id = :id",
        past.status, past.status == "waiting" ? "citizen" : "", past.status == "new" || past.status == "open", first_reply, closed_at,
        is_closed ? "answered" : "", std::max(last, closed_at.value_or(last)), ticket_id);
    if (!past.category.empty())
        sql::change(sql, "UPDATE ticket SET category = :category, category_state = 'confirmed', category_reason = '' WHERE id = :id",
                    past.category, ticket_id);
    // After the ticket's own row: an event keeps the facts of its moment.
    if (closed_at) {
        events::record(sql, {"system", {}, {}, {}}, "ticket.closed", "ticket", ticket_id, {{"reason", "answered"}}, *closed_at);
        // Nobody asks the registry about what was settled long ago: the dossier has lived on.
        sql::change(sql, "DELETE FROM registry_lookup WHERE ticket_id = :ticket_id", ticket_id);
    }
}

} // namespace relais::model::tickets
