// SPDX-License-Identifier: EUPL-1.2
#include "model/ticket.hpp"

#include "model/attachment.hpp"
#include "model/callback_wanted.hpp"
#include "model/citizen.hpp"
#include "model/dossier_match.hpp"
#include "model/error.hpp"
#include "model/legal_clock.hpp"
#include "model/message.hpp"
#include "model/outbox.hpp"
#include "model/sql_get.hpp"
#include "model/ticket_facts.hpp"
#include "model/ticket_merge.hpp"

#include <algorithm>
#include <functional>

namespace relais::model {

const std::string ticket_columns =
    "id, reference, channel, requester_id, subject_person_id, relation, procedure_code, department, subject, status, waiting_reason, "
    "category, category_state, category_reason, legal_nature, team_id, assignee_id, dossier_id, dossier_link, dossier_number_typed, "
    "neph_typed, portal_step, portal_error_code, portal_message, portal_browser, portal_release, language, received_at, due_at, "
    "answer_before, implicit_on, first_reply_at, closed_at, closure_reason, closure_text, forwarded_to, follow_up_hash, "
    "follow_up_generation, mail_state, flags, satisfaction, satisfaction_text, updated_at, version";

namespace tickets {

namespace {

constexpr int reference_tries = 5; // a clash is one in thousands at millions of tickets a year

dossier_evidence evidence_of(const contact& from, const person& about) {
    dossier_evidence out;
    out.number = from.dossier_number, out.neph = from.neph;
    out.procedure_code = from.procedure, out.department = from.department;
    // A school or an adviser that writes without naming the person says nothing about whose dossier it is.
    auto is_for_another =
        from.relation != "self" || from.channel == "driving_school" || from.channel == "france_services" || from.channel == "prefecture";
    if (is_for_another && !from.subject_person) return out;
    out.name = about.name, out.birth_name = about.birth_name, out.first_names = about.first_names, out.birth_date = about.birth_date;
    if (!from.subject_person) out.email = about.email, out.phone = about.phone;
    return out;
}

std::int64_t insert_ticket(soci::session& sql, const contact& from, const ticket_name& name, std::int64_t requester, std::int64_t about,
                           const dossier_link& link, sys_seconds now) {
    auto category_state = from.category.empty() ? "" : "proposed";
    return sql::insert(
        sql,
        "INSERT INTO ticket (reference, channel, requester_id, subject_person_id, relation, procedure_code, department, subject, status, "
        "is_active, category, category_state, category_reason, legal_nature, dossier_id, dossier_link, dossier_number_typed, neph_typed, "
        "portal_step, portal_error_code, portal_message, portal_browser, portal_release, language, received_at, due_at, answer_before, "
        "implicit_on, follow_up_hash, flags, external_id, updated_at) "
        "VALUES (:reference, :channel, :requester_id, :subject_person_id, :relation, :procedure_code, :department, :subject, 'new', 1, "
        ":category, :category_state, :category_reason, :legal_nature, :dossier_id, :dossier_link, :dossier_number_typed, :neph_typed, "
        ":portal_step, :portal_error_code, :portal_message, :portal_browser, :portal_release, :language, :received_at, :due_at, "
        ":answer_before, :implicit_on, :follow_up_hash, :flags, :external_id, :updated_at)",
        name.reference, from.channel, requester, about, from.relation, from.procedure, from.department, from.subject, from.category,
        category_state, from.category_reason, from.legal_nature, link.dossier_id, dossiers::word(link.outcome), from.dossier_number_typed,
        from.neph_typed, from.portal.step, from.portal.error_code, from.portal.message, from.portal.browser, from.portal.release,
        from.language, now, from.due_at, from.answer_before, from.implicit_on, name.follow_up_hash, from.flags, from.external_id, now);
}

// A name that is taken is drawn again: the table tells by its keys, so that nobody has to look first.
opened_ticket insert_named(soci::session& sql, const contact& from, std::int64_t requester, std::int64_t about, const dossier_link& link,
                           sys_seconds now) {
    opened_ticket out;
    out.dossier_link = dossiers::word(link.outcome);
    out.dossier_id = link.dossier_id;
    for (int i = 0; i < reference_tries; ++i) {
        auto name = from.name();
        try {
            out.id = insert_ticket(sql, from, name, requester, about, link, now);
            out.reference = std::move(name.reference);
            return out;
        } catch (const std::exception& error) {
            if (!sql::is_duplicate(error)) throw;
        }
    }
    throw busy();
}

void record_opening(soci::session& sql, const contact& from, const actor& who, const opened_ticket& opened, sys_seconds now) {
    nlohmann::json data = {{"channel", from.channel}, {"dossier", opened.dossier_link}};
    if (!opened.dossier_id) { // then what rules look at is known from the contact alone
        rule_facts facts;
        facts.status = "new", facts.channel = from.channel, facts.procedure = from.procedure, facts.department = from.department;
        facts.category = from.category, facts.flags = from.flags, facts.legal_at = at_seconds(legal_clocks::never);
        data[ticket_facts::key] = ticket_facts::write(facts);
    }
    events::record(sql, who, "ticket.opened", "ticket", opened.id, data, now);
}

void acknowledge(soci::session& sql, const contact& from, const opened_ticket& opened, sys_seconds now) {
    outbox_entry entry;
    entry.unique_key = "acknowledgement:" + std::to_string(opened.id);
    entry.kind = "acknowledgement";
    entry.recipient = from.requester.email;
    entry.language = from.language;
    entry.ticket_id = opened.id;
    entry.is_capped = from.is_anonymous;
    outbox::add(sql, entry, now);
}

void queue_work(soci::session& sql, std::int64_t ticket, sys_seconds now) {
    sql::change(sql,
                "INSERT INTO registry_lookup (ticket_id, state, next_at, created_at) VALUES (:ticket_id, 'waiting', :next_at, :created_at)",
                ticket, now, now);
    sql::change(sql, "INSERT INTO grouping_queue (ticket_id, created_at) VALUES (:ticket_id, :created_at)", ticket, now);
}

} // namespace

opened_ticket open(soci::session& sql, const contact& from, const actor& who, sys_seconds now) {
    auto requester = citizens::add(sql, from.requester, now);
    auto about = from.subject_person ? citizens::add(sql, *from.subject_person, now) : requester;
    auto link = dossiers::match(sql, evidence_of(from, from.subject_person.value_or(from.requester)));

    auto opened = insert_named(sql, from, requester, about, link, now);
    dossiers::keep_link(sql, opened.id, link, now); // the state is frozen now: it will have moved by the time someone asks
    message first;
    first.ticket_id = opened.id, first.kind = "citizen", first.author_name = from.requester.name;
    first.channel = from.channel, first.body = from.body, first.created_at = now;
    auto message_id = messages::add(sql, first);
    if (!from.draft_key.empty()) attachments::adopt(sql, from.draft_key, opened.id, message_id);
    record_opening(sql, from, who, opened, now);
    if (!from.is_silent) acknowledge(sql, from, opened, now);
    if (!from.is_silent) callbacks::want_for_contact(sql, from, opened.id, now);
    queue_work(sql, opened.id, now);
    return opened;
}

ticket get(soci::session& sql, std::string_view reference) {
    return sql::get<ticket>(sql, "SELECT " + ticket_columns + " FROM ticket WHERE reference = :reference", reference);
}

ticket get(soci::session& sql, std::int64_t id) {
    return sql::get<ticket>(sql, "SELECT " + ticket_columns + " FROM ticket WHERE id = :id", id);
}

std::optional<ticket> find_by_follow_up(soci::session& sql, std::string_view hash, int follow_up_days, sys_seconds now) {
    auto found = sql::first<std::int64_t>(sql, "SELECT id FROM ticket WHERE follow_up_hash = :hash", hash);
    return found ? find_followed(sql, *found, follow_up_days, now) : std::nullopt;
}

std::vector<ticket> previous(soci::session& sql, const ticket& of, int limit) {
    // One short list a clue, each by its own index, rather than one OR that no index serves.
    auto about = citizens::get(sql, of.subject_person_id);
    auto requester = citizens::get(sql, of.requester_id);
    std::vector<std::int64_t> people;
    auto add_people = [&](std::vector<std::int64_t> found) { people.insert(people.end(), found.begin(), found.end()); };
    if (!requester.email.empty())
        add_people(sql::all<std::int64_t>(sql, "SELECT id FROM citizen WHERE email_folded = :email ORDER BY id DESC LIMIT 50",
                                          citizens::lower_ascii(requester.email)));
    if (!requester.phone.empty())
        add_people(sql::all<std::int64_t>(sql, "SELECT id FROM citizen WHERE phone = :phone ORDER BY id DESC LIMIT 50", requester.phone));
    if (!about.birth_date.empty() && !about.birth_name.empty()) add_people(citizens::same_birth(sql, about));

    std::vector<std::int64_t> ids;
    for (auto each : people) {
        auto found = sql::all<std::int64_t>(sql, "SELECT id FROM ticket WHERE requester_id = :person ORDER BY id DESC LIMIT 20", each);
        ids.insert(ids.end(), found.begin(), found.end());
        found = sql::all<std::int64_t>(sql, "SELECT id FROM ticket WHERE subject_person_id = :person ORDER BY id DESC LIMIT 20", each);
        ids.insert(ids.end(), found.begin(), found.end());
    }
    if (of.dossier_id) {
        auto found = sql::all<std::int64_t>(sql, "SELECT id FROM ticket WHERE dossier_id = :dossier ORDER BY received_at DESC LIMIT 50",
                                            *of.dossier_id);
        ids.insert(ids.end(), found.begin(), found.end());
    }
    std::sort(ids.begin(), ids.end(), std::greater<>());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    std::erase(ids, of.id);
    std::vector<ticket> out;
    for (auto each : ids) {
        if (static_cast<int>(out.size()) >= limit) break;
        out.push_back(get(sql, each));
    }
    return out;
}

} // namespace tickets

} // namespace relais::model
