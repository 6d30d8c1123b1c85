// SPDX-License-Identifier: EUPL-1.2
#include "model/inbound_receipt.hpp"

#include "model/participant.hpp"
#include "model/sql.hpp"
#include "model/staff_notice.hpp"
#include "model/ticket_actions.hpp"
#include "model/ticket_merge.hpp"

namespace relais::model::inbound_receipts {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view bounced = "mail_bounced";

std::string without(const std::string& flags, std::string_view flag) {
    std::string out;
    for (std::size_t at = 0; at < flags.size();) {
        auto end = std::min(flags.find(' ', at), flags.size());
        auto each = std::string_view(flags).substr(at, end - at);
        at = end + 1;
        if (!each.empty() && each != flag) out += (out.empty() ? "" : " ") + std::string(each);
    }
    return out;
}

void set_flag(soci::session& sql, std::int64_t ticket_id, bool is_on) {
    auto flags = without(sql::first<std::string>(sql, "SELECT flags FROM ticket WHERE id = :id", ticket_id).value_or(""), bounced);
    if (is_on) flags += (flags.empty() ? "" : " ") + std::string(bounced);
    sql::change(sql, "UPDATE ticket SET flags = :flags WHERE id = :id", flags, ticket_id);
}

std::int64_t keep_message(soci::session& sql, const received_mail& what, sys_seconds now) {
    auto reference = tickets::get(sql, what.ticket_id).reference;
    tickets::action act{reference, 0, {"citizen", {}, what.author, {}}, now};
    auto id = tickets::write_back(sql, act, what.body, what.draft_key, what.participant_id);
    sql::change(sql, "UPDATE message SET channel = 'email' WHERE id = :id", id);
    if (!what.quoted.empty()) sql::change(sql, "INSERT INTO message_quote (message_id, quoted) VALUES (:id, :quoted)", id, what.quoted);
    // Who writes can be written to.
    if (what.participant_id) participants::set_reachable(sql, *what.participant_id, true);
    if (!what.participant_id) set_flag(sql, what.ticket_id, false);
    return id;
}

void keep_bounce(soci::session& sql, const received_mail& what, sys_seconds now) {
    if (what.participant_id) {
        participants::set_reachable(sql, *what.participant_id, false);
        events::record(sql, actor{}, "ticket.participant_unreachable", "ticket", what.ticket_id,
                       {{"participant", *what.participant_id}, {"status", what.status}}, now);
    } else {
        sql::change(sql, "UPDATE ticket SET mail_state = 'unreachable' WHERE id = :id", what.ticket_id);
        set_flag(sql, what.ticket_id, true);
        events::record(sql, actor{}, "ticket.mail_bounced", "ticket", what.ticket_id, {{"status", what.status}}, now);
    }
    staff_notices::tell(sql, what.ticket_id, {"bounce:" + what.key, "bounce", {{"status", what.status}}},
                        staff_notices::in_charge(sql, what.ticket_id), now);
}

} // namespace

std::optional<addressed> find(soci::session& sql, std::string_view name, std::int64_t generation, int follow_up_days, sys_seconds now) {
    addressed out;
    if (participants::is_code(name)) {
        auto who = participants::find_by_code(sql, name, generation, now);
        if (!who) return std::nullopt;
        out = {who->ticket_id, who->id};
    } else {
        auto id = sql::first<std::int64_t>(sql, "SELECT id FROM ticket WHERE reference = :reference AND follow_up_generation = :generation",
                                           name, generation);
        if (!id) return std::nullopt;
        out.ticket_id = *id;
    }
    auto followed = tickets::find_followed(sql, out.ticket_id, follow_up_days, now);
    if (!followed) return std::nullopt;
    out.ticket_id = followed->id;
    return out;
}

bool is_known(soci::session& sql, std::string_view key) {
    return sql::first<std::int64_t>(sql, "SELECT id FROM inbound_receipt WHERE mail_key = :key", key).has_value();
}

bool is_flooded(soci::session& sql, std::int64_t ticket_id, sys_seconds now) {
    auto count = sql::first<std::int64_t>(
        sql, "SELECT COUNT(*) FROM inbound_receipt WHERE ticket_id = :ticket AND received_at > :since AND outcome = 'message'", ticket_id,
        now - 24h);
    return *count >= daily_limit;
}

bool keep(soci::session& sql, const received_mail& what, const std::function<void(soci::session&)>& keep_files, sys_seconds now) {
    if (is_known(sql, what.key)) return false;
    std::optional<std::int64_t> message;
    if (what.outcome == "message") {
        keep_files(sql);
        message = keep_message(sql, what, now);
    }
    if (what.outcome == "bounce") keep_bounce(sql, what, now);
    sql::change(sql,
                "INSERT INTO inbound_receipt (mail_key, ticket_id, outcome, message_id, received_at) VALUES (:key, :ticket, :outcome, "
                ":message, :now)",
                what.key, what.ticket_id, what.outcome, message, now);
    return true;
}

std::map<std::int64_t, std::string> quotes(soci::session& sql, std::int64_t ticket_id) {
    using row = std::tuple<std::int64_t, std::string>;
    std::map<std::int64_t, std::string> out;
    for (auto& [id, quoted] : sql::all<row>(sql,
                                            "SELECT message_quote.message_id, message_quote.quoted FROM message JOIN message_quote ON "
                                            "message_quote.message_id = message.id WHERE message.ticket_id = :ticket LIMIT 500",
                                            ticket_id))
        out[id] = std::move(quoted);
    return out;
}

} // namespace relais::model::inbound_receipts
