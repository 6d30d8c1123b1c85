// SPDX-License-Identifier: EUPL-1.2
#include "model/call_report.hpp"

#include "model/call_count.hpp"
#include "model/citizen.hpp"
#include "model/dossier.hpp"
#include "model/error.hpp"
#include "model/letter.hpp"
#include "model/message.hpp"
#include "model/outbox.hpp"
#include "model/refiling.hpp"
#include "model/sql.hpp"
#include "model/ticket_actions.hpp"

namespace relais::model::call_reports {

namespace {

constexpr std::string_view channel = "phone";
constexpr std::int64_t us_in_s = 1'000'000, a_call_s = 3600; // a call made for a callback began less than this ago

std::string author_of(const actor& who) { return who.quality.empty() ? who.name : who.name + ", " + who.quality; }

std::int64_t add_message(soci::session& sql, const ticket& on, std::string kind, std::string_view body, const actor& who, sys_seconds now) {
    message out;
    out.ticket_id = on.id, out.kind = std::move(kind), out.channel = channel, out.body = body, out.created_at = now;
    if (out.kind == "citizen") {
        out.author_name = citizens::get(sql, on.requester_id).name;
    } else {
        if (who.kind == "staff") out.author_id = who.id;
        out.author_name = author_of(who);
    }
    return messages::add(sql, out);
}

// People who telephone are told in writing what was said: "no trace of the call left" was their complaint (domain.md 4.3).
void send_trace(soci::session& sql, const ticket& on, const call& of, std::int64_t message_id, const call_report& report, sys_seconds now) {
    outbox_entry entry;
    entry.unique_key = "call_trace:" + std::to_string(of.id) + ":" + std::to_string(message_id);
    entry.kind = "call_trace";
    entry.recipient = citizens::get(sql, on.requester_id).email;
    entry.language = on.language;
    entry.ticket_id = on.id, entry.message_id = message_id;
    auto is_answer = !report.answered.empty();
    entry.payload = {{"said", is_answer ? report.said : ""}, {"is_answer", is_answer}, {"called_at", seconds(of.started_at())}};
    outbox::add(sql, entry, now);
}

// The first human answer was given by voice.
void stop_clock(soci::session& sql, const ticket& on, sys_seconds now) {
    sql::change(sql,
                "UPDATE ticket SET first_reply_at = :now, status = CASE WHEN status = 'new' THEN 'open' ELSE status END "
                "WHERE id = :id AND first_reply_at IS NULL",
                now, on.id);
    sql::change(sql, "UPDATE ticket SET version = version + 1, updated_at = :now WHERE id = :id", now, on.id);
}

ticket ticket_of(soci::session& sql, const call_report& report, const actor& who, sys_seconds now) {
    if (report.new_ticket) return tickets::get(sql, tickets::open(sql, *report.new_ticket, who, now).id);
    try {
        auto found = tickets::get(sql, report.reference);
        if (found.status == "merged") throw conflict("conflict.status");
        return found;
    } catch (const not_found&) {
        throw invalid({{"ticket", "unknown", "fault.call.ticket_unknown"}});
    }
}

std::int64_t dossier_of(soci::session& sql, const std::string& text) {
    if (auto found = dossiers::find_by_number(sql, text)) return found->id;
    try {
        return dossiers::get(sql, text).id;
    } catch (const not_found&) {
        throw invalid({{"dossier", "unknown", "fault.dossier.unknown"}});
    }
}

// What was answered by voice leaves in writing: it does not tell to file again either. After the dossier was linked.
void check_answer(soci::session& sql, const ticket& on, const call_report& report, const actor& who, sys_seconds now) {
    const auto& told = report.answered.empty() && report.says_answer ? report.said : report.answered;
    if (!told.empty()) refilings::check(sql, tickets::get(sql, on.id), told, report.why_file_again, who, now);
}

void write_down(soci::session& sql, call& on, const std::optional<ticket>& about, std::optional<std::int64_t> message_id,
                std::string_view note, sys_seconds now) {
    on.written_at = now;
    on.note = note;
    if (about) on.ticket_id = about->id, on.message_id = message_id;
    sql::change(sql,
                "UPDATE phone_call SET written_at = :written_at, note = :note, ticket_id = :ticket_id, message_id = :message_id, "
                "citizen_id = COALESCE(citizen_id, :citizen_id), version = version + 1 WHERE id = :id",
                on.written_at, on.note, on.ticket_id, on.message_id,
                about ? std::optional(about->requester_id) : std::optional<std::int64_t>(), on.id);
}

void record(soci::session& sql, const call& on, const std::optional<ticket>& about, const actor& who, sys_seconds now) {
    nlohmann::json data = {{"call", on.public_id}, {"direction", on.direction}};
    if (on.agent_id) data["agents"] = {*on.agent_id};
    if (about) data["ticket"] = about->reference;
    events::record(sql, who, "call.written", "call", on.id, data, now);
    if (about) events::record(sql, who, "ticket.called", "ticket", about->id, {{"call", on.public_id}, {"direction", on.direction}}, now);
}

// What the agent says of the end is better than what the telephone system supposes: a machine that answers looks like a person.
void tell_outcome(soci::session& sql, call& on, const std::string& outcome, sys_seconds now) {
    if (outcome.empty() || outcome == on.outcome) return;
    if (!calls::is_outcome(outcome)) throw invalid({{"outcome", "unknown", "fault.call.outcome_unknown"}});
    on.outcome = outcome;
    sql::change(sql, "UPDATE phone_call SET outcome = :outcome WHERE id = :id", outcome, on.id);
    call_counts::note_change(sql, on.started_at(), now);
}

// A call that nobody's telephone told us of ends when it is written down.
void take_over(soci::session& sql, call& on, const actor& who) {
    if (on.agent_id || who.kind != "staff") return;
    on.agent_id = who.id, on.agent_name = who.name;
    sql::change(sql, "UPDATE phone_call SET agent_id = :agent, agent_name = :name WHERE id = :id AND agent_id IS NULL", who.id, who.name,
                on.id);
}

} // namespace

reported_call write(soci::session& sql, std::string_view call_public_id, const call_report& report, const actor& who, sys_seconds now) {
    auto on = calls::get(sql, call_public_id);
    tell_outcome(sql, on, report.outcome, now);
    take_over(sql, on, who);
    auto has_ticket = report.new_ticket.has_value() || !report.reference.empty();
    if (!has_ticket) {
        if (report.note.empty() && report.outcome.empty()) throw invalid({{"ticket", "missing", "fault.call.ticket_missing"}});
        write_down(sql, on, std::nullopt, std::nullopt, report.note, now);
        record(sql, on, std::nullopt, who, now);
        return {on, "", false};
    }
    if (report.said.empty() && report.answered.empty()) throw invalid({{"answered", "missing", "fault.call.words_missing"}});
    auto about = ticket_of(sql, report, who, now);
    // The first message of a new ticket is what was said.
    std::optional<std::int64_t> message_id;
    if (!report.said.empty() && !report.new_ticket) message_id = add_message(sql, about, "citizen", report.said, who, now);
    if (!report.answered.empty()) message_id = add_message(sql, about, "reply", report.answered, who, now);
    if (!message_id) message_id = sql::first<std::int64_t>(sql, "SELECT MAX(id) FROM message WHERE ticket_id = :ticket", about.id);
    stop_clock(sql, about, now);
    tickets::action act{about.reference, 0, who, now};
    if (report.dossier) tickets::link_dossier(sql, act, dossier_of(sql, *report.dossier), "call");
    check_answer(sql, about, report, who, now);
    send_trace(sql, about, on, *message_id, report, now);
    if (report.closes && about.status != "closed") tickets::close(sql, act, report.closure_reason, "");
    if (on.outcome == "answered") letters::tell_of_ticket(sql, about.id, who, now);
    write_down(sql, on, about, message_id, report.note, now);
    record(sql, on, about, who, now);
    return {on, about.reference, true};
}

reported_call link(soci::session& sql, const call& what, std::string_view reference, std::string_view words, const actor& who,
                   sys_seconds now, std::string_view why_file_again) {
    call_report report;
    report.reference = reference, report.why_file_again = why_file_again;
    if (what.outcome == "answered" && !words.empty()) {
        report.answered = words;
        return write(sql, what.public_id, report, who, now);
    }
    auto on = what;
    auto about = ticket_of(sql, report, who, now);
    auto message_id = add_message(sql, about, "note", words, who, now);
    write_down(sql, on, about, message_id, "", now);
    sql::change(sql, "UPDATE ticket SET updated_at = :now WHERE id = :id", now, about.id); // a person who calls again counts (K8)
    record(sql, on, about, who, now);
    return {on, about.reference, false};
}

void by_callback(soci::session& sql, const callback& made, const actor& who, sys_seconds now) {
    if (who.kind != "staff") return;
    sql::change(sql,
                "UPDATE phone_call SET written_at = :written_at, ticket_id = COALESCE(ticket_id, :ticket_id), version = version + 1 "
                "WHERE agent_id = :agent AND phone = :phone AND direction = 'out' AND written_at IS NULL AND started_at_us >= :since",
                now, made.ticket_id, who.id, made.phone, (seconds(now) - a_call_s) * us_in_s);
}

} // namespace relais::model::call_reports
