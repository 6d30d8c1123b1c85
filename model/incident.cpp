// SPDX-License-Identifier: EUPL-1.2
#include "model/incident.hpp"

#include "model/error.hpp"
#include "model/incident_state.hpp"
#include "model/sql.hpp"

#include <charconv>
#include <limits>

namespace relais::model {

const std::string incident_columns =
    "id, state, merged_into, title, description, nature, cause_owner, cause_text, severity, is_security, is_hardship, public_title, "
    "public_workaround, internal_workaround, law_article, law_persons, law_procedure, stuck_procedure, stuck_status, stuck_error_code, "
    "stuck_release, is_stuck_chosen, episode, is_reviewed, is_fix_incomplete, returned, tickets, citizens, dossiers, contacts, followers, "
    "me_too, "
    "legal_on, fix_release, created_at, first_ticket_at, last_ticket_at, proposed_at, confirmed_at, escalated_at, accepted_at, "
    "workaround_at, published_at, dated_at, fix_at, fixed_at, verified_at, closed_at, calm_until_at, burst_at, updated_at, version";

namespace incidents {

namespace {

// The place in a list: the moment and the number of its last line.
struct place {
    std::int64_t at = 0, id = 0;
};

std::optional<place> read_place(std::string_view text) {
    place out;
    auto dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    auto number = [](std::string_view digits, std::int64_t& into) {
        auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), into);
        return error == std::errc{} && end == digits.data() + digits.size();
    };
    if (!number(text.substr(0, dash), out.at) || !number(text.substr(dash + 1), out.id)) return std::nullopt;
    return out;
}

std::string condition(const filter& wanted) {
    if (wanted.state == "open") return "is_listed = 1";
    return wanted.state.empty() ? "state <> 'watched'" : "state = :state";
}

// Each comparison is written out: MariaDB does not use an index for (a, b) > (?, ?).
std::string page_text(const filter& wanted) {
    auto rising = wanted.updated_since.has_value();
    auto text = "SELECT " + incident_columns + " FROM incident WHERE merged_into IS NULL AND " + condition(wanted);
    text += rising ? " AND updated_at >= :at AND (updated_at > :at_again OR id > :id) ORDER BY updated_at, id"
                   : " AND updated_at <= :at AND (updated_at < :at_again OR id < :id) ORDER BY updated_at DESC, id DESC";
    return text + " LIMIT :limit";
}

} // namespace

std::optional<incident> find(soci::session& sql, std::int64_t number) {
    return sql::first<incident>(sql, "SELECT " + incident_columns + " FROM incident WHERE id = :id", number);
}

incident get(soci::session& sql, std::int64_t number) {
    auto found = find(sql, number);
    if (!found) throw not_found();
    return std::move(*found);
}

incident surviving(soci::session& sql, std::int64_t number) {
    auto out = get(sql, number);
    while (out.merged_into) out = get(sql, *out.merged_into);
    return out;
}

std::int64_t open(soci::session& sql, const draft& what, const actor& who, sys_seconds now) {
    auto is_proposed = what.state != "watched", is_confirmed = what.state == "confirmed";
    auto when = [now](bool yes) { return yes ? std::optional(now) : std::nullopt; };
    auto id = sql::insert(sql,
                          "INSERT INTO incident (state, is_listed, title, description, nature, cause_owner, cause_text, public_workaround, "
                          "internal_workaround, law_procedure, is_reviewed, created_at, proposed_at, confirmed_at, updated_at) "
                          "VALUES (:state, :is_listed, :title, :description, :nature, :cause_owner, '', '', '', '', :is_reviewed, "
                          ":created_at, :proposed_at, :confirmed_at, :updated_at)",
                          what.state, incident_states::is_listed(what.state), what.title, what.description, what.nature, what.cause_owner,
                          what.is_reviewed, now, when(is_proposed), when(is_confirmed), now);
    sql::change(sql, "INSERT INTO incident_episode (incident_id, number, reason, started_at) VALUES (:incident, 1, 'first', :now)", id,
                now);
    if (is_proposed || who.kind != "system") events::record(sql, who, "incident.opened", "incident", id, {{"state", what.state}}, now);
    return id;
}

page list(soci::session& sql, const filter& wanted, std::string_view after, int limit) {
    auto rising = wanted.updated_since.has_value();
    place from{rising ? seconds(*wanted.updated_since) : std::numeric_limits<std::int64_t>::max(), 0};
    if (!rising) from.id = from.at;
    if (!after.empty()) {
        auto given = read_place(after);
        if (!given) throw invalid({{"after", "malformed", "fault.parameter.malformed"}});
        from = *given;
    }
    page out;
    auto text = page_text(wanted);
    auto has_state = !wanted.state.empty() && wanted.state != "open";
    out.items = has_state ? sql::all<incident>(sql, text, wanted.state, from.at, from.at, from.id, limit + 1)
                          : sql::all<incident>(sql, text, from.at, from.at, from.id, limit + 1);
    if (static_cast<int>(out.items.size()) <= limit) return out;
    out.items.pop_back();
    out.next = std::to_string(seconds(out.items.back().updated_at)) + "-" + std::to_string(out.items.back().id);
    return out;
}

std::vector<incident> board(soci::session& sql, int a_state) {
    static const auto column = "SELECT " + incident_columns +
                               " FROM incident WHERE is_listed = 1 AND state = :state ORDER BY is_security + is_hardship = 0, legal_on = "
                               "'', legal_on, id LIMIT :limit";
    std::vector<incident> out;
    for (const auto& [state, count] : board_counts(sql))
        for (auto& each : sql::all<incident>(sql, column, state, a_state)) out.push_back(std::move(each));
    return out;
}

std::map<std::string, std::int64_t> board_counts(soci::session& sql) {
    using row = std::tuple<std::string, std::int64_t>;
    std::map<std::string, std::int64_t> out;
    for (const auto& [state, count] : sql::all<row>(sql, "SELECT state, COUNT(*) FROM incident WHERE is_listed = 1 GROUP BY state"))
        out[state] = count;
    return out;
}

std::vector<incident> published(soci::session& sql, int limit) {
    return sql::all<incident>(sql,
                              "SELECT " + incident_columns +
                                  " FROM incident WHERE published_at > 0 AND merged_into IS NULL AND state <> 'dismissed' "
                                  "ORDER BY published_at DESC, id DESC LIMIT :limit",
                              limit);
}

std::vector<incident_episode> episodes(soci::session& sql, std::int64_t number) {
    return sql::all<incident_episode>(sql,
                                      "SELECT number, reason, evidence, started_at, fixed_at, fix_release FROM incident_episode "
                                      "WHERE incident_id = :incident ORDER BY number",
                                      number);
}

} // namespace incidents

} // namespace relais::model
