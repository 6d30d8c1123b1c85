// SPDX-License-Identifier: EUPL-1.2
#include "model/ticket_actions.hpp"

#include "model/attachment.hpp"
#include "model/category.hpp"
#include "model/citizen.hpp"
#include "model/dossier.hpp"
#include "model/error.hpp"
#include "model/grouping_queue.hpp"
#include "model/message.hpp"
#include "model/outbox.hpp"
#include "model/participant.hpp"
#include "model/refiling.hpp"
#include "model/registry_lookup.hpp"
#include "model/reply_draft.hpp"
#include "model/reply_recall.hpp"
#include "model/sensitive.hpp"
#include "model/sql.hpp"
#include "model/ticket_version.hpp"
#include "model/user.hpp"

namespace relais::model::tickets {

namespace {

bool is_closed(const ticket& of) { return of.status == "closed"; }

std::int64_t add_message(soci::session& sql, const ticket& on, const action& act, std::string kind, std::string_view body) {
    message added;
    added.ticket_id = on.id, added.kind = std::move(kind), added.body = body, added.created_at = act.now;
    if (act.who.kind == "staff") added.author_id = act.who.id;
    added.author_name = act.who.quality.empty() ? act.who.name : act.who.name + ", " + act.who.quality;
    added.channel = act.who.kind == "citizen" ? "web_form" : "console";
    return messages::add(sql, added);
}

// Tells the citizen what a message says, by mail or by letter, not before leaves_at.
void tell(soci::session& sql, const ticket& on, std::string kind, std::int64_t message_id, sys_seconds now, sys_seconds leaves_at) {
    outbox_entry entry;
    entry.unique_key = kind + ":" + std::to_string(message_id);
    entry.kind = std::move(kind);
    entry.recipient = citizens::get(sql, on.requester_id).email;
    entry.language = on.language;
    entry.ticket_id = on.id, entry.message_id = message_id, entry.not_before = leaves_at;
    outbox::add(sql, entry, now);
}

void record(soci::session& sql, const ticket& on, const action& act, std::string_view what, const nlohmann::json& data) {
    events::record(sql, act.who, what, "ticket", on.id, data, act.now);
}

void set_closed(soci::session& sql, const ticket& on, sys_seconds now, std::string_view reason, std::string_view text) {
    set_status(sql, on.id, "closed", "");
    sql::change(sql, "UPDATE ticket SET closed_at = :now, closure_reason = :reason, closure_text = :text, forwarded_to = '' WHERE id = :id",
                now, reason, sensitive::mask(text), on.id);
}

// When what a person says may leave: they may take it back until then. Programs have no second thoughts.
sys_seconds leaves_at(soci::session& sql, const reply_recalls::standing& before, const action& act, std::int64_t message_id,
                      reply_recalls::said what) {
    if (act.who.kind != "staff" || !act.who.id) return act.now;
    reply_recalls::begin(sql, before, act, message_id, what);
    return act.now + reply_recalls::delay;
}

// The first words of a person stop the clock of the first human answer; what Relais says by itself stops none.
void stop_clock(soci::session& sql, const ticket& on, const action& act) {
    if (on.first_reply_at || act.who.kind == "system") return;
    sql::change(sql, "UPDATE ticket SET first_reply_at = :now WHERE id = :id", act.now, on.id);
}

void tell_closed(soci::session& sql, const reply_recalls::standing& before, const action& act, std::string kind, std::string_view text) {
    stop_clock(sql, before.on, act);
    auto id = add_message(sql, before.on, act, "reply", text);
    tell(sql, before.on, std::move(kind), id, act.now, leaves_at(sql, before, act, id, {false, true}));
}

// An information request or what belongs to another service concerns no dossier (domain.md, K11).
bool needs_dossier(const ticket& on) { return on.category != "GEN-02" && on.category != "GEN-04"; }

} // namespace

std::int64_t reply(soci::session& sql, const action& act, std::string_view body, bool waits, std::string_view why_file_again,
                   const std::vector<std::int64_t>& readers) {
    auto on = take(sql, act);
    auto whom = participants::check_readers(sql, on, readers, act.now);
    auto is_to_requester = whom.front() == message_readers::requester;
    if (waits && !is_to_requester) throw invalid({{"waits", "requester", "fault.participant.waits"}});
    refilings::check(sql, on, body, why_file_again, act.who, act.now);
    auto before = reply_recalls::stands(sql, on);
    auto id = add_message(sql, on, act, "reply", body);
    message_readers::address(sql, id, whom);
    if (is_to_requester) stop_clock(sql, on, act);
    auto is_awaited = on.status == "waiting" && !is_to_requester; // what the requester was not told changes no wait of theirs
    if (!is_closed(on) && !is_awaited) set_status(sql, on.id, waits ? "waiting" : "open", waits ? "citizen" : "");
    if (act.who.kind == "staff" && act.who.id) reply_drafts::remove(sql, on.id, *act.who.id);
    auto at = leaves_at(sql, before, act, id, {waits, false});
    for (auto each : whom) {
        if (each == message_readers::requester) tell(sql, on, "reply", id, act.now, at);
        if (each != message_readers::requester) participants::tell(sql, on, each, id, act.now, at);
    }
    nlohmann::json said = {{"message", id}, {"waits", waits}};
    if (whom.size() > 1 || !is_to_requester) said["to"] = whom;
    record(sql, on, act, "ticket.replied", said);
    return id;
}

std::int64_t note(soci::session& sql, const action& act, std::string_view body) {
    auto on = take(sql, act);
    auto id = add_message(sql, on, act, "note", body);
    record(sql, on, act, "ticket.noted", {{"message", id}});
    return id;
}

std::int64_t write_back(soci::session& sql, const action& act, std::string_view body, std::string_view draft_key,
                        std::optional<std::int64_t> participant) {
    auto on = take(sql, act);
    auto id = add_message(sql, on, act, "citizen", body);
    if (participant) message_readers::set_author(sql, id, *participant);
    if (!draft_key.empty()) attachments::adopt(sql, draft_key, on.id, id);
    if (is_closed(on)) sql::change(sql, "UPDATE ticket SET closed_at = NULL, closure_reason = '', closure_text = '' WHERE id = :id", on.id);
    if (on.status != "new") set_status(sql, on.id, "open", "");
    nlohmann::json said = {{"message", id}};
    if (participant) said["participant"] = *participant;
    record(sql, on, act, is_closed(on) ? "ticket.reopened" : "ticket.written_back", said);
    return id;
}

void assign(soci::session& sql, const action& act, std::optional<std::int64_t> user) {
    auto on = take(sql, act);
    if (is_closed(on)) throw conflict("conflict.status");
    if (user && !users::is_of_desk(sql, *user)) throw invalid({{"assignee", "unknown", "fault.assignee.unknown"}});
    sql::change(sql, "UPDATE ticket SET assignee_id = :user WHERE id = :id", user, on.id);
    if (user && on.status == "new") set_status(sql, on.id, "open", "");
    record(sql, on, act, "ticket.assigned", {{"from", on.assignee_id.value_or(0)}, {"to", user.value_or(0)}});
}

void categorise(soci::session& sql, const action& act, std::string_view category) {
    const auto* known = categories::find(category);
    if (!known) throw invalid({{"category", "unknown", "fault.category.unknown"}});
    auto on = take(sql, act);
    sql::change(sql, "UPDATE ticket SET category = :category, category_state = 'confirmed' WHERE id = :id", category, on.id);
    if (known->skips_queue) grouping_queue::add_again(sql, on.id, act.now); // one founds an incident by itself
    record(sql, on, act, "ticket.categorised", {{"from", on.category}, {"to", category}});
}

void link_dossier(soci::session& sql, const action& act, std::optional<std::int64_t> dossier, std::string_view reason) {
    auto on = take(sql, act);
    if (dossier && !dossiers::find(sql, *dossier)) throw invalid({{"dossier", "unknown", "fault.dossier.unknown"}});
    sql::change(sql, "DELETE FROM ticket_dossier WHERE ticket_id = :ticket AND role = 'subject'", on.id);
    if (dossier) {
        sql::change(sql, "DELETE FROM ticket_dossier WHERE ticket_id = :ticket AND dossier_id = :dossier", on.id, *dossier);
        sql::change(sql, "INSERT INTO ticket_dossier (ticket_id, dossier_id, role, reason) VALUES (:ticket, :dossier, 'subject', :reason)",
                    on.id, *dossier, reason);
        dossiers::snapshot(sql, *dossier, on.id, "mirror", act.now);
    } else {
        registry_lookups::forget(sql, on.id); // the registry shall not link again what an agent has undone
    }
    sql::change(sql, "UPDATE ticket SET dossier_id = :dossier, dossier_link = :link WHERE id = :id", dossier, dossier ? "linked" : "none",
                on.id);
    record(sql, on, act, dossier ? "ticket.linked" : "ticket.unlinked",
           {{"from", on.dossier_id.value_or(0)}, {"to", dossier.value_or(0)}, {"reason", reason}});
}

void close(soci::session& sql, const action& act, std::string_view reason, std::string_view text, std::string_view why_file_again) {
    auto on = take(sql, act);
    if (is_closed(on)) throw conflict("conflict.status");
    if (!on.dossier_id && needs_dossier(on) && reason.empty()) throw invalid({{"reason", "missing", "fault.closure.no_dossier"}});
    refilings::check(sql, on, text, why_file_again, act.who, act.now);
    auto before = reply_recalls::stands(sql, on);
    set_closed(sql, on, act.now, reason, text);
    if (!text.empty()) tell_closed(sql, before, act, "closure", text);
    record(sql, on, act, "ticket.closed", {{"reason", reason}});
}

void solved(soci::session& sql, const action& act) {
    // What a colleague closed with words that may still be taken back is closed by the citizen, and stays so.
    if (is_closed(reply_recalls::as_known(sql, get(sql, act.reference), act.now))) return;
    auto on = take(sql, act);
    set_closed(sql, on, act.now, "solved_by_citizen", "");
    record(sql, on, act, "ticket.closed", {{"reason", "solved_by_citizen"}});
}

void reopen(soci::session& sql, const action& act, std::string_view reason) {
    auto on = take(sql, act);
    if (!is_closed(on)) throw conflict("conflict.status");
    set_status(sql, on.id, "open", "");
    sql::change(sql, "UPDATE ticket SET closed_at = NULL, closure_reason = '', closure_text = '' WHERE id = :id", on.id);
    record(sql, on, act, "ticket.reopened", {{"reason", reason}});
}

void forward(soci::session& sql, const action& act, std::string_view service, std::string_view text, std::string_view why_file_again) {
    auto on = take(sql, act);
    if (is_closed(on)) throw conflict("conflict.status");
    refilings::check(sql, on, text, why_file_again, act.who, act.now);
    auto before = reply_recalls::stands(sql, on);
    set_closed(sql, on, act.now, "forwarded", "");
    sql::change(sql, "UPDATE ticket SET forwarded_to = :service WHERE id = :id", service, on.id);
    tell_closed(sql, before, act, "forwarding", text);
    record(sql, on, act, "ticket.forwarded", {{"service", service}});
}

void rate(soci::session& sql, const action& act, int score, std::string_view word) {
    if (score < 0 || score > 10) throw invalid({{"score", "range", "fault.satisfaction.range"}});
    auto on = take(sql, act);
    sql::change(sql, "UPDATE ticket SET satisfaction = :score, satisfaction_text = :word, satisfied_at = :now WHERE id = :id", score, word,
                act.now, on.id);
    record(sql, on, act, "ticket.rated", {{"score", score}});
}

void renew_link(soci::session& sql, const action& act, std::string_view new_hash) {
    auto on = take(sql, act);
    sql::change(sql, "UPDATE ticket SET follow_up_hash = :hash, follow_up_generation = follow_up_generation + 1 WHERE id = :id", new_hash,
                on.id);
    record(sql, on, act, "ticket.link_renewed", nlohmann::json::object());
}

} // namespace relais::model::tickets
