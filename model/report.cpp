// SPDX-License-Identifier: EUPL-1.2
#include "model/report.hpp"

#include "model/citizen.hpp"
#include "model/error.hpp"
#include "model/incident_facts.hpp"
#include "model/silent_dossier.hpp"
#include "model/sql_bulk.hpp"
#include "model/text.hpp"

#include <nlohmann/json.hpp>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace relais::model::reports {

namespace {

const std::string columns = report::columns;

// What a report copies of its ticket.
struct ticket_side {
    sys_seconds received_at;
    std::optional<std::int64_t> dossier_id;
    std::string department, implicit_on, status;
    auto fields() { return std::tie(received_at, dossier_id, department, implicit_on, status); }
    std::string legal_on() const { return status == "closed" || status == "merged" ? std::string{} : implicit_on; }
};

ticket_side side_of(soci::session& sql, std::int64_t ticket_id) {
    auto found = sql::first<ticket_side>(sql, "SELECT received_at, dossier_id, department, implicit_on, status FROM ticket WHERE id = :id",
                                         ticket_id);
    if (!found) throw not_found();
    return std::move(*found);
}

std::string hashed(const std::string& text) {
    std::array<unsigned char, 16> digest{};
    crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
    std::array<char, digest.size() * 2 + 1> hex{};
    sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
    return hex.data();
}

incident_facts::facts facts_of(const report& on) {
    auto read = nlohmann::json::parse(on.facts, nullptr, false);
    return read.is_object() ? read.get<incident_facts::facts>() : incident_facts::facts{};
}

bool is_alone_there(soci::session& sql, std::int64_t incident, const report& on, bool by_person) {
    auto other = by_person ? sql::first<std::int64_t>(sql,
                                                      "SELECT ticket_id FROM report WHERE incident_id = :incident AND person_key = :person "
                                                      "AND ticket_id <> :ticket LIMIT 1",
                                                      incident, on.person_key, on.ticket_id)
                           : sql::first<std::int64_t>(sql,
                                                      "SELECT ticket_id FROM report WHERE incident_id = :incident AND dossier_id = "
                                                      ":dossier AND ticket_id <> :ticket LIMIT 1",
                                                      incident, on.dossier_id, on.ticket_id);
    return !other;
}

// Counts one report in or out. Times only widen: a recount puts them right after a ticket left. False when it was counted into an incident
// that became part of another: on MariaDB also while this transaction, which does not see that, was under way.
bool count(soci::session& sql, std::int64_t incident, const report& on, int by) {
    auto citizens = is_alone_there(sql, incident, on, true) ? by : 0;
    auto dossiers = on.dossier_id && is_alone_there(sql, incident, on, false) ? by : 0;
    sql::change(sql,
                "UPDATE incident SET tickets = tickets + :by, citizens = citizens + :citizens, dossiers = dossiers + :dossiers, contacts = "
                "contacts + :contacts WHERE id = :id",
                by, citizens, dossiers, by * on.contacts, incident);
    incident_facts::count(sql, incident, facts_of(on), by);
    if (by < 0) return true;
    auto is_standing =
        sql::change(sql,
                    "UPDATE incident SET "
                    "first_ticket_at = CASE WHEN first_ticket_at < :first THEN first_ticket_at ELSE :first_again END, "
                    "last_ticket_at = CASE WHEN last_ticket_at > :last THEN last_ticket_at ELSE :last_again END WHERE id = :id AND "
                    "merged_into IS NULL",
                    on.received_at, on.received_at, on.received_at, on.received_at, incident);
    return is_standing == 1;
}

// Found in report_legal alone.
void set_legal_on(soci::session& sql, std::int64_t incident) {
    sql::change(sql,
                "UPDATE incident SET legal_on = COALESCE((SELECT MIN(report.legal_on) FROM report WHERE report.incident_id = :incident AND "
                "report.legal_on > ''), '') WHERE id = :id",
                incident, incident);
}

report make(soci::session& sql, std::int64_t ticket_id) {
    auto ticket = side_of(sql, ticket_id);
    report out;
    out.ticket_id = ticket_id;
    out.received_at = ticket.received_at, out.dossier_id = ticket.dossier_id, out.department = ticket.department;
    out.legal_on = ticket.legal_on();
    out.person_key = person_key(sql, ticket_id);
    out.contacts = *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM message WHERE ticket_id = :ticket AND kind = 'citizen'", ticket_id);
    out.facts = nlohmann::json(incident_facts::of_ticket(sql, ticket_id)).dump();
    return out;
}

void write(soci::session& sql, const report& on, const placement& what, const actor& who, sys_seconds now) {
    auto by = what.engine.empty() ? "person" : "engine";
    auto episode = what.incident_id ? sql::first<std::int64_t>(sql, "SELECT episode FROM incident WHERE id = :id", *what.incident_id) : 1;
    if (!episode) throw not_found();
    auto known = sql::change(sql,
                             "UPDATE report SET incident_id = :incident, suggested_id = :suggested, episode = :episode, score = :score, "
                             "runner_up_id = :runner_up, runner_up_score = :runner_up_score, engine = :engine, reasons = :reasons, "
                             "facts = :facts, decided_by = :by, actor_name = :actor, decided_at = :now, dossier_id = :dossier, "
                             "department = :department, person_key = :person, verification = '', verified_at = NULL, updated_at = :again, "
                             "contacts = :contacts, legal_on = :legal WHERE ticket_id = :ticket",
                             what.incident_id, what.suggested_id, *episode, what.score, what.runner_up_id, what.runner_up_score,
                             what.engine, what.reasons, on.facts, by, who.name, now, on.dossier_id, on.department, on.person_key, now,
                             on.contacts, on.legal_on, on.ticket_id);
    if (known > 0) return;
    sql::change(sql,
                "INSERT INTO report (ticket_id, incident_id, suggested_id, episode, score, runner_up_id, runner_up_score, engine, reasons, "
                "facts, decided_by, actor_name, decided_at, received_at, person_key, dossier_id, department, updated_at, contacts, "
                "legal_on) VALUES (:ticket, :incident, :suggested, :episode, :score, :runner_up, :runner_up_score, :engine, :reasons, "
                ":facts, :by, :actor, :now, :received, :person, :dossier, :department, :again, :contacts, :legal)",
                on.ticket_id, what.incident_id, what.suggested_id, *episode, what.score, what.runner_up_id, what.runner_up_score,
                what.engine, what.reasons, on.facts, by, who.name, now, on.received_at, on.person_key, on.dossier_id, on.department, now,
                on.contacts, on.legal_on);
}

// The machine follows people's words: where a ticket was put by a person it stays, and where it was refused it never goes.
bool may_decide(soci::session& sql, const placement& what, const std::optional<report>& before) {
    if (before && before->incident_id && before->decided_by == "person") return false;
    auto refused = [&](std::optional<std::int64_t> incident) {
        return incident &&
               sql::first<std::int64_t>(sql, "SELECT id FROM report_refusal WHERE ticket_id = :ticket AND incident_id = :incident",
                                        what.ticket_id, *incident);
    };
    return !refused(what.incident_id) && !refused(what.suggested_id);
}

// A report beside its ticket as it is now.
struct followed {
    std::int64_t ticket_id = 0;
    std::optional<std::int64_t> incident_id, dossier_id, dossier_now;
    std::int64_t contacts = 0, said = 0;
    std::string legal_on, legal_now, facts, category_now;
    auto fields() {
        return std::tie(ticket_id, incident_id, dossier_id, dossier_now, contacts, said, legal_on, legal_now, facts, category_now);
    }
    bool is_up_to_date() const { return said == contacts && legal_now == legal_on; }
    // Of another dossier or another category than when it was placed.
    bool is_about_another() const {
        report copied;
        copied.facts = facts;
        auto said_then = facts_of(copied);
        auto category = said_then.find("category");
        return dossier_now != dossier_id || category_now != (category == said_then.end() ? std::string{} : category->second);
    }
};

std::vector<followed> beside(soci::session& sql, const std::vector<std::string>& tickets) {
    return sql::all_bulk<followed>(
        sql,
        "SELECT report.ticket_id, report.incident_id, report.dossier_id, ticket.dossier_id, report.contacts, (SELECT COUNT(*) FROM message "
        "WHERE message.ticket_id = report.ticket_id AND message.kind = 'citizen'), report.legal_on, CASE WHEN ticket.status = 'closed' OR "
        "ticket.status = 'merged' THEN '' ELSE ticket.implicit_on END, report.facts, ticket.category FROM report JOIN ticket ON ticket.id "
        "= report.ticket_id WHERE report.ticket_id IN (" +
            sql::placeholders(tickets.size()) + ")",
        tickets);
}

// Incidents, and how many dossiers each had after every ticket that was linked anew.
using grown = std::map<std::int64_t, std::set<std::int64_t>>;

// Counted out as it was, and in as it is. Whom it is about is known better by a dossier alone: people who were erased stay who they were.
// relinked: receives its incident when the ticket names another dossier now.
void copy_again(soci::session& sql, std::int64_t ticket_id, sys_seconds now, grown& relinked) {
    auto before = *find(sql, ticket_id);
    auto after = make(sql, ticket_id);
    auto is_linked_anew = after.dossier_id != before.dossier_id;
    if (!is_linked_anew) after.person_key = before.person_key;
    auto is_there =
        sql::change(sql,
                    "UPDATE report SET verification = :verification, dossier_id = :dossier, person_key = :person, facts = :facts, contacts "
                    "= :contacts, legal_on = :legal, updated_at = :now WHERE ticket_id = :ticket AND decided_at = :decided AND contacts = "
                    ":counted AND COALESCE(incident_id, 0) = :incident",
                    is_linked_anew ? std::string{} : before.verification, after.dossier_id, after.person_key, after.facts, after.contacts,
                    after.legal_on, now, ticket_id, before.decided_at, before.contacts, before.incident_id.value_or(0));
    if (is_there == 0 || !before.incident_id) return;
    count(sql, *before.incident_id, before, -1);
    count(sql, *before.incident_id, after, +1);
    set_legal_on(sql, *before.incident_id);
    if (!is_linked_anew || !after.dossier_id) return;
    auto dossiers = sql::first<std::int64_t>(sql, "SELECT dossiers FROM incident WHERE id = :id", *before.incident_id);
    relinked[*before.incident_id].insert(dossiers.value_or(0));
}

} // namespace

std::optional<report> find(soci::session& sql, std::int64_t ticket_id) {
    return sql::first<report>(sql, "SELECT " + columns + " FROM report WHERE ticket_id = :ticket", ticket_id);
}

bool place(soci::session& sql, const placement& what, const actor& who, sys_seconds now) {
    auto before = find(sql, what.ticket_id);
    if (!what.engine.empty() && !may_decide(sql, what, before)) return false;
    auto after = make(sql, what.ticket_id);
    auto from = before ? before->incident_id : std::nullopt;
    if (from) count(sql, *from, *before, -1);
    write(sql, after, what, who, now);
    if (what.incident_id && !count(sql, *what.incident_id, after, +1)) throw conflict("conflict.merged");
    if (from && from != what.incident_id) set_legal_on(sql, *from);
    if (what.incident_id) set_legal_on(sql, *what.incident_id);
    return true;
}

void follow(soci::session& sql, const std::vector<std::string>& tickets, sys_seconds now) {
    std::map<std::int64_t, std::int64_t> more; // contacts, by incident
    grown relinked;
    for (const auto& each : beside(sql, tickets)) {
        if (each.is_about_another()) copy_again(sql, each.ticket_id, now, relinked);
        if (each.is_about_another() || each.is_up_to_date()) continue;
        // Not when the ticket was placed elsewhere meanwhile: then it was counted as it was.
        auto is_there =
            sql::change(sql,
                        "UPDATE report SET contacts = :said, legal_on = :legal WHERE ticket_id = :ticket AND contacts = :counted AND "
                        "COALESCE(incident_id, 0) = :incident",
                        each.said, each.legal_now, each.ticket_id, each.contacts, each.incident_id.value_or(0));
        if (is_there == 1 && each.incident_id) more[*each.incident_id] += each.said - each.contacts;
    }
    for (const auto& [incident, dossiers] : relinked)
        if (std::any_of(dossiers.begin(), dossiers.end(), silent_dossiers::is_time_to_guess)) silent_dossiers::guess(sql, incident);
    for (const auto& [incident, by] : more) {
        if (by != 0) sql::change(sql, "UPDATE incident SET contacts = contacts + :by WHERE id = :id", by, incident);
        set_legal_on(sql, incident);
    }
}

std::vector<report> of_incident(soci::session& sql, std::int64_t incident_id, int limit,
                                std::optional<std::pair<sys_seconds, std::int64_t>> after) {
    if (!after)
        return sql::all<report>(
            sql, "SELECT " + columns + " FROM report WHERE incident_id = :incident ORDER BY received_at DESC, ticket_id DESC LIMIT :limit",
            incident_id, limit);
    return sql::all<report>(sql,
                            "SELECT " + columns +
                                " FROM report WHERE incident_id = :incident AND received_at <= :at AND (received_at < :again OR ticket_id "
                                "< :ticket) ORDER BY received_at DESC, ticket_id DESC LIMIT :limit",
                            incident_id, after->first, after->first, after->second, limit);
}

std::vector<report> suggested(soci::session& sql, std::int64_t incident_id, int limit) {
    return sql::all<report>(
        sql, "SELECT " + columns + " FROM report WHERE suggested_id = :incident AND incident_id IS NULL ORDER BY score DESC LIMIT :limit",
        incident_id, limit);
}

void recount(soci::session& sql, std::int64_t incident_id) {
    sql::change(sql, "DELETE FROM incident_fact WHERE incident_id = :incident", incident_id);
    using row = std::tuple<std::int64_t, std::string>;
    std::map<std::pair<std::string, std::string>, std::int64_t> counted;
    for (const auto& [ticket, text] :
         sql::all<row>(sql, "SELECT ticket_id, facts FROM report WHERE incident_id = :incident ORDER BY ticket_id", incident_id)) {
        report one;
        one.facts = text;
        for (const auto& [name, value] : facts_of(one)) ++counted[{name, value}];
    }
    for (const auto& [fact, tickets] : counted)
        sql::change(sql, "INSERT INTO incident_fact (incident_id, name, value, tickets) VALUES (:incident, :name, :value, :tickets)",
                    incident_id, fact.first, fact.second, tickets);
    using totals =
        std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::optional<std::int64_t>, std::optional<std::int64_t>>;
    auto [tickets, citizens, dossiers, contacts, first, last] =
        *sql::first<totals>(sql,
                            "SELECT COUNT(*), COUNT(DISTINCT person_key), COUNT(DISTINCT dossier_id), COALESCE(SUM(contacts), 0), "
                            "MIN(received_at), MAX(received_at) "
                            "FROM report WHERE incident_id = :incident",
                            incident_id);
    sql::change(sql,
                "UPDATE incident SET tickets = :tickets, citizens = :citizens, dossiers = :dossiers, contacts = :contacts, first_ticket_at "
                "= :first, last_ticket_at = :last WHERE id = :id",
                tickets, citizens, dossiers, contacts, first, last, incident_id);
    set_legal_on(sql, incident_id);
}

std::string person_key(soci::session& sql, std::int64_t ticket_id) {
    using row = std::tuple<std::string, std::string, std::string, std::string, std::string, std::int64_t>;
    auto found = sql::first<row>(sql,
                                 "SELECT COALESCE(dossier.neph, ''), requester.email_folded, requester.phone, about.birth_name_folded, "
                                 "about.birth_date, about.id FROM ticket JOIN citizen requester ON requester.id = ticket.requester_id "
                                 "JOIN citizen about ON about.id = ticket.subject_person_id LEFT JOIN dossier ON dossier.id = "
                                 "ticket.dossier_id WHERE ticket.id = :ticket",
                                 ticket_id);
    if (!found) throw not_found();
    const auto& [neph, email, phone, birth_name, birth_date, id] = *found;
    if (!neph.empty()) return hashed("neph " + neph);
    if (!birth_name.empty() && !birth_date.empty()) return hashed("born " + birth_name + " " + birth_date);
    if (!email.empty()) return hashed("mail " + email);
    if (!phone.empty()) return hashed("phone " + phone);
    return hashed("contact " + std::to_string(id));
}

} // namespace relais::model::reports
