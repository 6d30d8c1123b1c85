// SPDX-License-Identifier: EUPL-1.2
#include "model/retention.hpp"

#include "model/sql.hpp"

#include <array>
#include <tuple>

namespace relais::model::retention {

namespace {

constexpr std::int64_t us_in_s = 1'000'000;

std::int64_t before(sys_seconds now, int days) { return seconds(now - std::chrono::hours(24) * days); }

using counted = std::tuple<std::int64_t, std::optional<std::int64_t>, std::optional<std::int64_t>>;

overdue line(std::string_view what, const std::optional<counted>& found, std::int64_t unit = 1) {
    const auto& [count, oldest, newest] = *found;
    overdue out{what, count, {}, {}};
    if (oldest) out.oldest = at_seconds(*oldest / unit);
    if (newest) out.newest = at_seconds(*newest / unit);
    return out;
}

} // namespace

std::vector<overdue> find(soci::session& sql, const retention_days& days, sys_seconds now) {
    auto tickets = sql::first<counted>(
        sql, "SELECT COUNT(*), MIN(closed_at), MAX(closed_at) FROM ticket WHERE status = 'closed' AND closed_at < :before",
        before(now, days.ticket));
    auto messages = sql::first<counted>(sql,
                                        "SELECT COUNT(*), MIN(ticket.closed_at), MAX(ticket.closed_at) FROM ticket JOIN message ON "
                                        "message.ticket_id = ticket.id WHERE ticket.status = 'closed' AND ticket.closed_at < :before",
                                        before(now, days.ticket));
    auto participants =
        sql::first<counted>(sql,
                            "SELECT COUNT(*), MIN(ticket.closed_at), MAX(ticket.closed_at) FROM ticket JOIN participant ON "
                            "participant.ticket_id = ticket.id WHERE ticket.status = 'closed' AND ticket.closed_at < :before",
                            before(now, days.ticket));
    auto calls = sql::first<counted>(sql,
                                     "SELECT COUNT(*), MIN(ticket.closed_at), MAX(ticket.closed_at) FROM ticket JOIN phone_call ON "
                                     "phone_call.ticket_id = ticket.id WHERE ticket.status = 'closed' AND ticket.closed_at < :before",
                                     before(now, days.ticket));
    auto attachments = sql::first<counted>(sql,
                                           "SELECT COUNT(*), MIN(ticket.closed_at), MAX(ticket.closed_at) FROM attachment JOIN ticket ON "
                                           "ticket.id = attachment.ticket_id WHERE ticket.status = 'closed' AND ticket.closed_at < :before",
                                           before(now, days.attachment));
    auto events = sql::first<counted>(sql, "SELECT COUNT(*), MIN(at_us), MAX(at_us) FROM event WHERE at_us < :before",
                                      before(now, days.journal) * us_in_s);
    auto dossiers = sql::first<counted>(
        sql,
        "SELECT COUNT(*), MIN(updated_at), MAX(updated_at) FROM dossier WHERE status IN ('REFUSED', 'CLOSED_NO_ACTION', 'CANCELLED', "
        "'DELIVERED', 'DESTROYED') AND updated_at < :before AND NOT EXISTS (SELECT 1 FROM ticket_dossier WHERE dossier_id = dossier.id)",
        before(now, days.dossier));
    return {line("tickets", tickets),         line("messages", messages),      line("participants", participants), line("calls", calls),
            line("attachments", attachments), line("events", events, us_in_s), line("dossiers", dossiers)};
}

} // namespace relais::model::retention
