// SPDX-License-Identifier: EUPL-1.2
#include "model/incident_facts.hpp"

#include "model/sql_bulk.hpp"
#include "model/utf8.hpp"

#include <algorithm>
#include <charconv>

namespace relais::model::incident_facts {

namespace {

constexpr std::size_t value_limit = 200; // code points, as the column has it

// Named one by one: the hours of an incident are many more, and lie between them in the index.
const std::string is_no_hour =
    "name IN ('browser', 'category', 'department', 'error_code', 'procedure', 'release', 'status', 'step') AND tickets > 0";

struct ticket_facts {
    sys_seconds received_at;
    std::string department, procedure, step, error_code, release, category, browser;
    std::string status, dossier_step, dossier_error_code, dossier_release;
    auto fields() {
        return std::tie(received_at, department, procedure, step, error_code, release, category, browser, status, dossier_step,
                        dossier_error_code, dossier_release);
    }
};

// "Firefox 132.0 sur Windows" and "Firefox/132" are the same browser for our purpose: its first word.
std::string family(const std::string& browser) { return browser.substr(0, browser.find_first_of(" /")); }

std::string beginning(const std::string& value) {
    std::size_t at = 0;
    for (std::size_t points = 0; points < value_limit && at < value.size(); ++points)
        at += std::max<std::size_t>(1, utf8::first(std::string_view(value).substr(at)).size_bytes);
    return value.substr(0, at);
}

const std::string& either(const std::string& first, const std::string& otherwise) { return first.empty() ? otherwise : first; }

void add_one(soci::session& sql, std::int64_t incident_id, const std::string& name, const std::string& value, int by) {
    auto known = sql::change(sql,
                             "UPDATE incident_fact SET tickets = tickets + :by WHERE incident_id = :incident AND name = :name AND "
                             "value = :value",
                             by, incident_id, name, value);
    if (known == 0 && by > 0)
        sql::change(sql, "INSERT INTO incident_fact (incident_id, name, value, tickets) VALUES (:incident, :name, :value, :by)",
                    incident_id, name, value, by);
}

} // namespace

facts of_ticket(soci::session& sql, std::int64_t ticket_id) {
    auto found = sql::first<ticket_facts>(
        sql,
        "SELECT ticket.received_at, ticket.department, ticket.procedure_code, ticket.portal_step, ticket.portal_error_code, "
        "ticket.portal_release, ticket.category, ticket.portal_browser, COALESCE(seen.status, ''), COALESCE(seen.step, ''), "
        "COALESCE(seen.error_code, ''), COALESCE(seen.portal_release, '') FROM ticket LEFT JOIN dossier_snapshot seen "
        "ON seen.id = (SELECT MIN(id) FROM dossier_snapshot WHERE ticket_id = ticket.id AND dossier_id = ticket.dossier_id) "
        "WHERE ticket.id = :ticket",
        ticket_id);
    facts out;
    if (!found) return out;
    const auto& one = *found;
    auto add = [&out](const char* name, const std::string& value) {
        if (!value.empty()) out.emplace(name, beginning(value));
    };
    add("hour", std::to_string(hour_of(one.received_at)));
    add("department", one.department), add("procedure", one.procedure), add("category", one.category);
    add("step", either(one.step, one.dossier_step)), add("error_code", either(one.error_code, one.dossier_error_code));
    add("release", either(one.release, one.dossier_release)), add("status", one.status), add("browser", family(one.browser));
    return out;
}

void count(soci::session& sql, std::int64_t incident_id, const facts& of, int by) {
    for (const auto& [name, value] : of) add_one(sql, incident_id, name, value, by);
}

std::vector<incident_fact> read(soci::session& sql, std::int64_t incident_id) {
    return sql::all<incident_fact>(sql,
                                   "SELECT name, value, tickets FROM incident_fact WHERE incident_id = :incident AND " + is_no_hour +
                                       " ORDER BY name, tickets DESC, value",
                                   incident_id);
}

std::map<std::int64_t, std::vector<incident_fact>> read(soci::session& sql, const std::vector<std::string>& incidents) {
    using row = std::tuple<std::int64_t, std::string, std::string, std::int64_t>;
    std::map<std::int64_t, std::vector<incident_fact>> out;
    if (incidents.empty()) return out;
    for (auto& [incident, name, value, tickets] : sql::all_bulk<row>(
             sql,
             "SELECT incident_id, name, value, tickets FROM incident_fact WHERE incident_id IN (" + sql::placeholders(incidents.size()) +
                 ") AND " + is_no_hour + " ORDER BY incident_id, name, tickets DESC, value",
             incidents))
        out[incident].push_back({std::move(name), std::move(value), tickets});
    return out;
}

std::string dominant(const std::vector<incident_fact>& all, std::string_view name) {
    std::int64_t total = 0;
    const incident_fact* most = nullptr;
    for (const auto& each : all) {
        if (each.name != name) continue;
        total += each.tickets;
        if (!most || each.tickets > most->tickets) most = &each;
    }
    return most && most->tickets * 2 >= total ? most->value : std::string{};
}

std::map<std::int64_t, std::int64_t> hours(soci::session& sql, std::int64_t incident_id, std::int64_t from_hour) {
    using row = std::tuple<std::string, std::int64_t>;
    std::map<std::int64_t, std::int64_t> out;
    // Hours of our century have six digits, so that they compare as text.
    for (const auto& [text, tickets] :
         sql::all<row>(sql,
                       "SELECT value, tickets FROM incident_fact WHERE incident_id = :incident AND name = 'hour' AND value >= :from AND "
                       "tickets > 0",
                       incident_id, std::to_string(from_hour))) {
        std::int64_t hour = 0;
        std::from_chars(text.data(), text.data() + text.size(), hour);
        out[hour] = tickets;
    }
    return out;
}

} // namespace relais::model::incident_facts
