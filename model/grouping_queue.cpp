// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping_queue.hpp"

#include "model/category.hpp"
#include "model/incident_facts.hpp"
#include "model/sql.hpp"

#include <nlohmann/json.hpp>

namespace relais::model::grouping_queue {

namespace {

// The columns of a ticket for the engine; the facts are those of model/incident_facts.hpp.
struct row {
    std::int64_t id = 0;
    sys_seconds received_at;
    std::string subject, body, portal_message, language, category, facts;
    std::optional<std::int64_t> incident_id;
    std::string decided_by;
    auto fields() { return std::tie(id, received_at, subject, body, portal_message, language, category, facts, incident_id, decided_by); }
};

// chosen: which reports, by an index alone, so that texts are read for these only; order: theirs.
std::string reports_of(const std::string& chosen, const std::string& order) {
    return "SELECT ticket.id, ticket.received_at, ticket.subject, COALESCE(message.body, ''), ticket.portal_message, ticket.language, "
           "ticket.category, report.facts, report.incident_id, report.decided_by FROM (SELECT report.ticket_id FROM report " +
           chosen + " ORDER BY " + order +
           " LIMIT :limit) AS chosen JOIN report ON report.ticket_id = chosen.ticket_id JOIN ticket ON ticket.id = report.ticket_id LEFT "
           "JOIN message ON message.id = (SELECT MIN(id) FROM message WHERE ticket_id = ticket.id) ORDER BY " +
           order;
}

// What the portal said is quoted as the citizen's own words: it is often the most telling part.
grouped_ticket made(row& from, const incident_facts::facts& facts) {
    grouped_ticket out;
    auto& words = out.words;
    words.id = from.id, words.at = from.received_at, words.language = std::move(from.language);
    words.title = std::move(from.subject), words.text = std::move(from.body);
    if (!from.portal_message.empty()) words.text += "\n" + from.portal_message;
    for (const auto* name : {"procedure", "step", "error_code", "status", "release", "department", "browser"})
        if (auto found = facts.find(name); found != facts.end()) words.fields.push_back({name, found->second});
    out.incident_id = from.incident_id, out.is_by_person = from.decided_by == "person";
    const auto* category = categories::find(from.category);
    out.skips_queue = category && category->skips_queue;
    return out;
}

std::vector<grouped_ticket> made(std::vector<row> rows) {
    std::vector<grouped_ticket> out;
    for (auto& each : rows) {
        auto kept = nlohmann::json::parse(each.facts, nullptr, false);
        out.push_back(made(each, kept.is_object() ? kept.get<incident_facts::facts>() : incident_facts::facts{}));
    }
    return out;
}

nlohmann::json terms_of(const grouping::match& of) {
    auto out = nlohmann::json::array();
    for (const auto& each : of.reasons)
        out.push_back({{"name", each.name}, {"contribution", each.contribution}, {"ours", each.ours}, {"theirs", each.theirs}});
    return out;
}

} // namespace

std::vector<std::int64_t> next(soci::session& sql, int limit) {
    return sql::all<std::int64_t>(sql, "SELECT ticket_id FROM grouping_queue ORDER BY ticket_id LIMIT :limit", limit);
}

void remove(soci::session& sql, std::int64_t ticket_id) {
    sql::change(sql, "DELETE FROM grouping_queue WHERE ticket_id = :ticket", ticket_id);
}

void add_again(soci::session& sql, std::int64_t ticket_id, sys_seconds now) {
    sql::change(sql,
                "INSERT INTO grouping_queue (ticket_id, created_at) SELECT ticket_id, :now FROM report WHERE ticket_id = :ticket AND "
                "incident_id IS NULL AND decided_by = 'engine' AND NOT EXISTS (SELECT 1 FROM grouping_queue waiting WHERE "
                "waiting.ticket_id = report.ticket_id)",
                now, ticket_id);
}

std::optional<grouped_ticket> load(soci::session& sql, std::int64_t ticket_id) {
    auto found = sql::first<row>(sql,
                                 "SELECT ticket.id, ticket.received_at, ticket.subject, COALESCE(message.body, ''), ticket.portal_message, "
                                 "ticket.language, ticket.category, '', report.incident_id, COALESCE(report.decided_by, '') FROM ticket "
                                 "LEFT JOIN message ON message.id = (SELECT MIN(id) FROM message WHERE ticket_id = ticket.id) LEFT JOIN "
                                 "report ON report.ticket_id = ticket.id WHERE ticket.id = :ticket",
                                 ticket_id);
    if (!found) return std::nullopt;
    return made(*found, incident_facts::of_ticket(sql, ticket_id));
}

std::vector<grouped_ticket> read(soci::session& sql, place after, int limit) {
    // report_received serves the order; the comparison is written out for MariaDB.
    static const auto text = reports_of("WHERE report.received_at >= :at AND (report.received_at > :again OR report.ticket_id > :ticket)",
                                        "report.received_at, report.ticket_id");
    return made(sql::all<row>(sql, text, after.at, after.at, after.ticket_id, limit));
}

std::vector<grouped_ticket> changed(soci::session& sql, sys_seconds since, bool by_people, int limit) {
    auto chosen = std::string("WHERE report.updated_at >= :since") + (by_people ? " AND report.decided_by = 'person'" : "");
    auto text = reports_of(chosen, "report.updated_at, report.id");
    return made(sql::all<row>(sql, text, since, limit));
}

placement placement_of(std::int64_t ticket_id, const grouping::decision& decided) {
    placement out;
    out.ticket_id = ticket_id;
    out.engine = grouping::engine_version;
    out.score = 0;
    if (!decided.best) return out;
    out.score = decided.best->probability;
    out.reasons = nlohmann::json({{"terms", terms_of(*decided.best)}, {"nearest", decided.best->nearest}})
                      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    if (decided.what == grouping::band::attach) out.incident_id = decided.best->group;
    if (decided.what == grouping::band::suggest) out.suggested_id = decided.best->group;
    if (decided.runner_up) {
        out.runner_up_id = decided.runner_up->group;
        out.runner_up_score = decided.runner_up->probability;
    }
    return out;
}

} // namespace relais::model::grouping_queue
