// SPDX-License-Identifier: EUPL-1.2
#include "model/participant.hpp"

#include "model/citizen.hpp"
#include "model/error.hpp"
#include "model/outbox.hpp"
#include "model/random_id.hpp"
#include "model/sql.hpp"
#include "model/ticket_merge.hpp"
#include "model/ticket_version.hpp"

#include <algorithm>
#include <iterator>

namespace relais::model::participants {

namespace {

constexpr std::size_t code_bytes = 6;
constexpr std::int64_t again_every_s = 4 * 3600; // anybody who knows the reference and the address may ask

const std::string columns = "id, ticket_id, code, role, name, email, phone, language, link_generation, added_at, added_by, ends_at, "
                            "ended_by, mail_state";

[[noreturn]] void refuse(std::string field, std::string code) {
    auto message = "fault.participant." + code;
    throw invalid({{std::move(field), std::move(code), std::move(message)}});
}

// Whoever is on the ticket already gets no second link to it.
void check_new(soci::session& sql, const ticket& on, const participant& what, sys_seconds now) {
    auto present = of(sql, on.id);
    std::erase_if(present, [now](const auto& each) { return !each.is_active(now); });
    if (present.size() >= active_limit) refuse("name", "too_many");
    if (what.email.empty()) return;
    auto address = citizens::lower_ascii(what.email);
    if (citizens::lower_ascii(citizens::get(sql, on.requester_id).email) == address) refuse("email", "is_requester");
    for (const auto& each : present)
        if (citizens::lower_ascii(each.email) == address) refuse("email", "known");
}

void invite(soci::session& sql, const participant& to, const std::string& unique, sys_seconds now) {
    if (to.email.empty()) return; // a link is not said by telephone: what is written to them will be
    outbox_entry entry;
    entry.unique_key = "participant:" + std::to_string(to.id) + ":" + unique;
    entry.kind = "participant_invitation";
    entry.recipient = to.email, entry.language = to.language;
    entry.ticket_id = to.ticket_id, entry.participant_id = to.id;
    outbox::add(sql, entry, now);
}

void tell_requester(soci::session& sql, const ticket& on, std::int64_t id, sys_seconds now) {
    outbox_entry entry;
    entry.unique_key = "participant_added:" + std::to_string(id);
    entry.kind = "participant_added";
    entry.recipient = citizens::get(sql, on.requester_id).email, entry.language = on.language;
    if (entry.recipient.empty()) return; // their page says so, and whoever speaks with them
    entry.ticket_id = on.id;
    entry.payload = {{"participant", id}};
    outbox::add(sql, entry, now);
}

void record(soci::session& sql, const tickets::action& act, std::string_view what, const ticket& on, const participant& who) {
    events::record(sql, act.who, what, "ticket", on.id, {{"participant", who.id}, {"role", who.role}}, act.now);
}

} // namespace

std::string draw_code() { return "p" + random_id(code_bytes); }

bool is_code(std::string_view text) {
    return text.size() == 1 + 2 * code_bytes && text.front() == 'p' &&
           text.substr(1).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::int64_t add(soci::session& sql, const tickets::action& act, const participant& what, std::string_view link_hash) {
    auto on = tickets::take(sql, act);
    check_new(sql, on, what, act.now);
    auto added = what;
    added.ticket_id = on.id, added.added_by = act.who.name;
    added.id = sql::insert(sql,
                           "INSERT INTO participant (ticket_id, code, role, name, email, phone, language, link_hash, added_at, added_by, "
                           "ends_at) VALUES (:ticket, :code, :role, :name, :email, :phone, :language, :hash, :now, :by, :ends_at)",
                           on.id, added.code, added.role, added.name, added.email, added.phone, added.language, link_hash, act.now,
                           added.added_by, added.ends_at);
    invite(sql, added, "1", act.now);
    tell_requester(sql, on, added.id, act.now);
    record(sql, act, "ticket.participant_added", on, added);
    return added.id;
}

std::vector<participant> of(soci::session& sql, std::int64_t ticket_id) {
    auto read = [&](std::int64_t id) {
        return sql::all<participant>(sql, "SELECT " + columns + " FROM participant WHERE ticket_id = :ticket ORDER BY id LIMIT 200", id);
    };
    auto out = read(ticket_id);
    for (auto merged : tickets::merged_into(sql, ticket_id)) {
        auto theirs = read(merged);
        std::move(theirs.begin(), theirs.end(), std::back_inserter(out));
    }
    return out;
}

participant get(soci::session& sql, std::int64_t ticket_id, std::int64_t id) {
    auto found = find(sql, id);
    if (!found || (found->ticket_id != ticket_id && tickets::merge_target(sql, found->ticket_id) != ticket_id)) throw not_found();
    return std::move(*found);
}

std::optional<participant> find(soci::session& sql, std::int64_t id) {
    return sql::first<participant>(sql, "SELECT " + columns + " FROM participant WHERE id = :id", id);
}

std::optional<participant> find_by_link(soci::session& sql, std::string_view hash, sys_seconds now) {
    auto found = sql::first<participant>(sql, "SELECT " + columns + " FROM participant WHERE link_hash = :hash", hash);
    if (found && !found->is_active(now)) return std::nullopt;
    return found;
}

std::optional<participant> find_by_code(soci::session& sql, std::string_view code, std::int64_t generation, sys_seconds now) {
    auto found = sql::first<participant>(sql, "SELECT " + columns + " FROM participant WHERE code = :code", code);
    if (found && (found->link_generation != generation || !found->is_active(now))) return std::nullopt;
    return found;
}

void renew_link(soci::session& sql, const tickets::action& act, std::int64_t id, const make_hash& hash_of) {
    auto on = tickets::take(sql, act);
    auto who = get(sql, on.id, id);
    if (!who.is_active(act.now)) throw conflict("conflict.participant_left");
    ++who.link_generation;
    sql::change(sql, "UPDATE participant SET link_hash = :hash, link_generation = :generation WHERE id = :id",
                hash_of(who.code, who.link_generation), who.link_generation, who.id);
    invite(sql, who, std::to_string(who.link_generation), act.now);
    record(sql, act, "ticket.participant_link_renewed", on, who);
}

void send_link_again(soci::session& sql, const participant& to, sys_seconds now) {
    invite(sql, to, "again:" + std::to_string(seconds(now) / again_every_s), now);
}

void end(soci::session& sql, const tickets::action& act, std::int64_t id) {
    auto on = tickets::take(sql, act);
    auto who = get(sql, on.id, id);
    if (!who.is_active(act.now)) return;
    sql::change(sql, "UPDATE participant SET ends_at = :now, ended_by = :by WHERE id = :id", act.now,
                act.who.kind == "citizen" ? "citizen" : "staff", who.id);
    sql::change(sql, "DELETE FROM outbox WHERE participant_id = :id AND state = 'waiting' AND lease_until <= :clock", who.id,
                sql::lease_now(sql));
    record(sql, act, "ticket.participant_ended", on, who);
}

std::vector<std::int64_t> check_readers(soci::session& sql, const ticket& on, std::vector<std::int64_t> readers, sys_seconds now) {
    if (readers.empty()) readers.push_back(message_readers::requester);
    std::sort(readers.begin(), readers.end());
    readers.erase(std::unique(readers.begin(), readers.end()), readers.end());
    for (auto each : readers) {
        if (each == message_readers::requester) continue;
        auto found = find(sql, each);
        auto is_here = found && (found->ticket_id == on.id || tickets::merge_target(sql, found->ticket_id) == on.id);
        if (!is_here || !found->is_active(now)) refuse("to", "reader_unknown");
    }
    return readers;
}

void tell(soci::session& sql, const ticket& on, std::int64_t id, std::int64_t message_id, sys_seconds now, sys_seconds leaves_at) {
    auto to = get(sql, on.id, id);
    outbox_entry entry;
    entry.unique_key = message_readers::mail_key(message_id, id);
    entry.kind = "participant_message";
    entry.recipient = to.email, entry.language = to.language;
    entry.ticket_id = on.id, entry.message_id = message_id, entry.participant_id = id, entry.not_before = leaves_at;
    outbox::add(sql, entry, now);
}

void set_reachable(soci::session& sql, std::int64_t id, bool is_reachable) {
    sql::change(sql, "UPDATE participant SET mail_state = :state WHERE id = :id", is_reachable ? "" : "unreachable", id);
}

std::int64_t erase(soci::session& sql, sys_seconds now) {
    auto old =
        sql::all<std::int64_t>(sql, "SELECT id FROM participant WHERE erased_at IS NULL AND ends_at < :before ORDER BY ends_at LIMIT 500",
                               now - std::chrono::hours(24) * contact_kept_days);
    for (auto each : old) {
        sql::change(sql, "UPDATE participant SET email = '', phone = '', erased_at = :now WHERE id = :id", now, each);
        sql::change(sql, "DELETE FROM outbox WHERE participant_id = :id AND state = 'waiting'", each);
        sql::change(sql, "UPDATE outbox SET recipient = '', sent_copy = NULL WHERE participant_id = :id", each); // sent_hash stays
    }
    return static_cast<std::int64_t>(old.size());
}

} // namespace relais::model::participants
