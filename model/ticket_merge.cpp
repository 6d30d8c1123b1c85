// SPDX-License-Identifier: EUPL-1.2
#include "model/ticket_merge.hpp"

#include "model/citizen.hpp"
#include "model/dossier.hpp"
#include "model/error.hpp"
#include "model/first_answer.hpp"
#include "model/outbox.hpp"
#include "model/reference.hpp"
#include "model/reply_recall.hpp"
#include "model/sql.hpp"
#include "model/ticket_version.hpp"
#include "model/ticket_wait.hpp"

#include <algorithm>

namespace relais::model::tickets {

namespace {

constexpr std::size_t thread_limit = 200; // tickets of one person read together

[[noreturn]] void refuse_into(std::string code) {
    auto message = "fault.merge." + code;
    throw invalid({{"into", std::move(code), std::move(message)}});
}

// The same mailbox, the same telephone, or the same name at the same address.
bool is_same_person(const person& one, const person& other) {
    if (!one.email.empty() && citizens::lower_ascii(one.email) == citizens::lower_ascii(other.email)) return true;
    if (!one.phone.empty() && one.phone == other.phone) return true;
    return !one.postal_address.empty() && one.postal_address == other.postal_address && one.name == other.name;
}

// Of two, the one that ended first is read with the other: what still waits for an answer must not leave the queue with what has had its
// own, and the follow-up link lives as long as the later of the two.
bool ended_before(const ticket& target, const ticket& on) {
    return target.status == "closed" && (!on.closed_at || *target.closed_at < *on.closed_at);
}

ticket target_of(soci::session& sql, const ticket& on, std::string_view typed) {
    auto id = sql::first<std::int64_t>(sql, "SELECT id FROM ticket WHERE reference = :reference",
                                       references::read(typed).value_or(std::string(typed)));
    if (!id) refuse_into("unknown");
    if (*id == on.id) refuse_into("same");
    auto target = get(sql, *id);
    if (target.status == "merged") refuse_into("merged");
    if (ended_before(target, on)) refuse_into("ended");
    if (target.requester_id != on.requester_id &&
        !is_same_person(citizens::get(sql, on.requester_id), citizens::get(sql, target.requester_id)))
        refuse_into("other_person");
    return target;
}

// Somebody works on the other ticket too: what is joined to it is a change they must see.
void touch(soci::session& sql, std::int64_t ticket_id, sys_seconds now) {
    sql::change(sql, "UPDATE ticket SET version = version + 1, updated_at = :now WHERE id = :id", now, ticket_id);
}

void record(soci::session& sql, const action& act, std::string_view what, std::int64_t ticket_id, const nlohmann::json& data) {
    events::record(sql, act.who, what, "ticket", ticket_id, data, act.now);
}

std::vector<std::int64_t> chosen_messages(soci::session& sql, const ticket& on, std::vector<std::int64_t> wanted) {
    auto own = sql::all<std::int64_t>(sql, "SELECT id FROM message WHERE ticket_id = :ticket ORDER BY id LIMIT 2000", on.id);
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    if (wanted.empty() || wanted.size() >= own.size() || !std::includes(own.begin(), own.end(), wanted.begin(), wanted.end()))
        throw invalid({{"messages", "unknown", "fault.split.messages"}});
    return wanted;
}

// What its author may still take back stays where it was said until it has left.
void check_left(soci::session& sql, const ticket& on, const std::vector<std::int64_t>& moved, sys_seconds now) {
    for (auto each : reply_recalls::held(sql, on.id, now))
        if (std::binary_search(moved.begin(), moved.end(), each)) throw invalid({{"messages", "held", "fault.split.held"}});
}

sys_seconds received_at(soci::session& sql, const std::vector<std::int64_t>& messages) {
    std::optional<sys_seconds> theirs, ours;
    for (auto id : messages) {
        auto [kind, at] = *sql::first<std::tuple<std::string, sys_seconds>>(sql, "SELECT kind, created_at FROM message WHERE id = :id", id);
        auto& first = kind == "citizen" ? theirs : ours;
        first = std::min(first.value_or(at), at);
    }
    return theirs ? *theirs : *ours;
}

std::int64_t copy_ticket(soci::session& sql, const ticket& from, const ticket_name& name, sys_seconds received_at,
                         const answer_dates& dates, sys_seconds now) {
    return sql::insert(
        sql,
        "INSERT INTO ticket (reference, channel, requester_id, subject_person_id, relation, partner_id, procedure_code, department, "
        "subject, "
        "status, is_active, legal_nature, team_id, assignee_id, dossier_id, dossier_link, dossier_number_typed, neph_typed, language, "
        "received_at, due_at, answer_before, implicit_on, follow_up_hash, updated_at) "
        "SELECT :reference, channel, requester_id, subject_person_id, relation, partner_id, procedure_code, department, subject, "
        "'open', 1, legal_nature, team_id, assignee_id, dossier_id, dossier_link, dossier_number_typed, neph_typed, language, "
        ":received, :due, :before, :implicit, :hash, :now FROM ticket WHERE id = :id",
        name.reference, received_at, dates.due_at, dates.answer_before, dates.implicit_on, name.follow_up_hash, now, from.id);
}

void move(soci::session& sql, const ticket& from, std::int64_t id, const std::vector<std::int64_t>& messages) {
    for (auto each : messages) {
        sql::change(sql, "UPDATE message SET ticket_id = :ticket WHERE id = :id", id, each);
        sql::change(sql, "UPDATE attachment SET ticket_id = :ticket WHERE message_id = :id", id, each);
        sql::change(sql, "UPDATE phone_call SET ticket_id = :ticket WHERE ticket_id = :from AND message_id = :id", id, from.id, each);
    }
}

// Each of the two was first answered by what it holds: an answer that moved answers there no longer, and what was said before the first
// words that moved answers nothing of theirs.
void part_answers(soci::session& sql, const ticket& from, std::int64_t id, sys_seconds received_at,
                  const std::vector<given_answer>& answers, const std::vector<std::int64_t>& moved) {
    std::optional<sys_seconds> left, gone;
    auto has_moved = false;
    for (const auto& each : answers) {
        auto moves = std::binary_search(moved.begin(), moved.end(), each.message_id);
        has_moved |= moves && each.at == from.first_reply_at;
        if (!moves && !left) left = each.at;
        if (moves && !gone && each.at >= received_at) gone = each.at;
    }
    if (has_moved) sql::change(sql, "UPDATE ticket SET first_reply_at = :left WHERE id = :id", left, from.id);
    if (gone) sql::change(sql, "UPDATE ticket SET first_reply_at = :at WHERE id = :id", *gone, id);
}

void acknowledge(soci::session& sql, const ticket& from, std::int64_t id, sys_seconds now) {
    outbox_entry entry;
    entry.unique_key = "acknowledgement:" + std::to_string(id);
    entry.kind = "acknowledgement";
    entry.recipient = citizens::get(sql, from.requester_id).email;
    entry.language = from.language;
    entry.ticket_id = id;
    outbox::add(sql, entry, now);
}

} // namespace

void merge(soci::session& sql, const action& act, std::string_view into) {
    auto on = take(sql, act);
    auto target = target_of(sql, on, into);
    auto stands = ticket_waits::standing(sql, on.id);
    sql::change(sql,
                "INSERT INTO ticket_merge (ticket_id, into_id, status_before, waiting_reason_before, merged_at, wait_id, wait_next_at) "
                "VALUES (:id, :into, :status, :waiting_reason, :now, :wait, :next)",
                on.id, target.id, on.status, on.waiting_reason, act.now, stands ? std::optional(stands->id) : std::nullopt,
                stands ? stands->next_at : std::nullopt);
    set_status(sql, on.id, "merged", "");
    touch(sql, target.id, act.now);
    record(sql, act, "ticket.merged", on.id, {{"into", target.reference}});
    record(sql, act, "ticket.merged_in", target.id, {{"from", on.reference}});
}

void unmerge(soci::session& sql, const action& act) {
    using row = std::tuple<std::int64_t, std::string, std::string, std::optional<std::int64_t>, std::optional<sys_seconds>>;
    auto on = take_merged(sql, act);
    auto merged = sql::first<row>(
        sql, "SELECT into_id, status_before, waiting_reason_before, wait_id, wait_next_at FROM ticket_merge WHERE ticket_id = :id", on.id);
    if (!merged) throw conflict("conflict.not_merged");
    auto thread = *merge_target(sql, on.id); // those who read it see it leave
    auto& [into, status, waiting_reason, wait, next_at] = *merged;
    sql::change(sql, "DELETE FROM ticket_merge WHERE ticket_id = :id", on.id);
    set_status(sql, on.id, status, waiting_reason);
    if (wait) ticket_waits::take_up(sql, *wait, next_at, act.now);
    touch(sql, thread, act.now);
    record(sql, act, "ticket.unmerged", on.id, {{"from", get(sql, into).reference}});
    record(sql, act, "ticket.parted", thread, {{"from", on.reference}});
}

std::string split(soci::session& sql, const action& act, const std::vector<std::int64_t>& messages, const answer_delays& delays,
                  const std::function<ticket_name()>& draw) {
    auto on = take(sql, act);
    auto moved = chosen_messages(sql, on, messages);
    check_left(sql, on, moved, act.now);
    auto answers = first_answers::of(sql, on.id);
    auto name = draw();
    auto received = received_at(sql, moved);
    auto id = copy_ticket(sql, on, name, received, dates_after(received, on.legal_nature, delays), act.now);
    move(sql, on, id, moved);
    part_answers(sql, on, id, received, answers, moved);
    if (on.dossier_id) {
        sql::change(sql, "INSERT INTO ticket_dossier (ticket_id, dossier_id, role, reason) VALUES (:ticket, :dossier, 'subject', 'split')",
                    id, *on.dossier_id);
        dossiers::snapshot(sql, *on.dossier_id, id, "mirror", act.now);
    }
    sql::change(sql, "INSERT INTO grouping_queue (ticket_id, created_at) VALUES (:ticket, :now)", id, act.now);
    acknowledge(sql, on, id, act.now);
    record(sql, act, "ticket.split", on.id, {{"into", name.reference}, {"messages", moved.size()}});
    record(sql, act, "ticket.opened", id, {{"from", on.reference}});
    return name.reference;
}

std::vector<std::int64_t> merged_into(soci::session& sql, std::int64_t ticket_id) {
    std::vector<std::int64_t> out;
    auto add = [&](std::int64_t id) {
        auto found = sql::all<std::int64_t>(sql, "SELECT ticket_id FROM ticket_merge WHERE into_id = :id ORDER BY ticket_id LIMIT 50", id);
        out.insert(out.end(), found.begin(), found.end());
    };
    add(ticket_id);
    for (std::size_t at = 0; at < out.size() && out.size() < thread_limit; ++at) add(out[at]); // those that they are read with in turn
    std::sort(out.begin(), out.end());
    return out;
}

std::optional<std::int64_t> merge_target(soci::session& sql, std::int64_t ticket_id) {
    std::optional<std::int64_t> out;
    for (auto at = std::optional(ticket_id); at;) {
        at = sql::first<std::int64_t>(sql, "SELECT into_id FROM ticket_merge WHERE ticket_id = :id", *at);
        if (at) out = at;
    }
    return out;
}

bool is_read_with(soci::session& sql, std::int64_t ticket_id, std::int64_t other) {
    for (auto at = std::optional(ticket_id); at;) {
        if (*at == other) return true;
        at = sql::first<std::int64_t>(sql, "SELECT into_id FROM ticket_merge WHERE ticket_id = :id", *at);
    }
    return false;
}

std::optional<ticket> find_followed(soci::session& sql, std::int64_t ticket_id, int follow_up_days, sys_seconds now) {
    auto found = get(sql, merge_target(sql, ticket_id).value_or(ticket_id)); // they are one thread
    if (found.closed_at && *found.closed_at + std::chrono::hours(24) * follow_up_days < now) return std::nullopt;
    return found;
}

} // namespace relais::model::tickets
