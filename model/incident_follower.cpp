// SPDX-License-Identifier: EUPL-1.2
#include "model/incident_follower.hpp"

#include "model/citizen.hpp"
#include "model/incident.hpp"
#include "model/sql.hpp"

namespace relais::model::incident_followers {

namespace {

// An incident and all that was merged into it.
const std::string family = "WITH RECURSIVE family (id) AS (SELECT id FROM incident WHERE id = :incident UNION SELECT incident.id FROM "
                           "incident JOIN family ON incident.merged_into = family.id) ";

std::vector<std::int64_t> rows_of(soci::session& sql, std::int64_t incident_id, const std::string& email) {
    return sql::all<std::int64_t>(sql,
                                  family + "SELECT id FROM incident_follower WHERE email_folded = :email AND ended_at IS NULL AND "
                                           "incident_id IN (SELECT id FROM family)",
                                  incident_id, email);
}

void count(soci::session& sql, std::int64_t incident_id, int by) {
    sql::change(sql, "UPDATE incident SET followers = followers + :by WHERE id = :id", by, incident_id);
}

void recount(soci::session& sql, std::int64_t incident_id) {
    auto found = sql::first<std::int64_t>(sql,
                                          family + "SELECT COUNT(DISTINCT email_folded) FROM incident_follower WHERE ended_at IS NULL AND "
                                                   "incident_id IN (SELECT id FROM family)",
                                          incident_id);
    sql::change(sql, "UPDATE incident SET followers = :followers WHERE id = :id", *found, incident_id);
}

void count_with(soci::session& sql, std::int64_t from, std::int64_t into, int by) {
    auto me_too = incidents::get(sql, from).me_too * by;
    for (std::optional at = into; at; at = incidents::get(sql, *at).merged_into) {
        sql::change(sql, "UPDATE incident SET me_too = me_too + :by WHERE id = :id", me_too, *at);
        recount(sql, *at);
    }
}

} // namespace

bool add(soci::session& sql, std::int64_t incident_id, std::string_view email, std::string_view language, std::string_view token,
         sys_seconds now) {
    if (email.empty()) return sql::change(sql, "UPDATE incident SET me_too = me_too + 1 WHERE id = :id", incident_id) == 1;
    auto key = citizens::lower_ascii(email);
    if (!rows_of(sql, incident_id, key).empty()) return false;
    auto revived = sql::change(sql, "UPDATE incident_follower SET ended_at = NULL WHERE incident_id = :incident AND email_folded = :email",
                               incident_id, key);
    if (revived == 0)
        sql::change(sql,
                    "INSERT INTO incident_follower (incident_id, email, email_folded, language, token, created_at) VALUES (:incident, "
                    ":email, :folded, :language, :token, :now)",
                    incident_id, email, key, language, token, now);
    count(sql, incident_id, +1);
    return true;
}

bool end(soci::session& sql, std::string_view token, sys_seconds now) {
    using row = std::tuple<std::int64_t, std::string>;
    auto found = sql::first<row>(sql, "SELECT incident_id, email_folded FROM incident_follower WHERE token = :token", token);
    if (!found) return false;
    auto of = incidents::surviving(sql, std::get<0>(*found)).id;
    auto rows = rows_of(sql, of, std::get<1>(*found));
    for (auto id : rows) sql::change(sql, "UPDATE incident_follower SET ended_at = :now WHERE id = :id", now, id);
    if (!rows.empty()) count(sql, of, -1);
    return true;
}

std::vector<std::int64_t> family_of(soci::session& sql, std::int64_t incident_id) {
    return sql::all<std::int64_t>(sql, family + "SELECT id FROM family ORDER BY id", incident_id);
}

std::vector<incident_follower> page(soci::session& sql, std::int64_t incident_id, std::int64_t after, int limit) {
    return sql::all<incident_follower>(sql,
                                       family + "SELECT id, email, language, token FROM incident_follower WHERE incident_id IN (SELECT id "
                                                "FROM family) AND ended_at IS NULL AND id > :after ORDER BY id LIMIT :limit",
                                       incident_id, after, limit);
}

void go_along(soci::session& sql, std::int64_t from, std::int64_t into) { count_with(sql, from, into, +1); }

void come_back(soci::session& sql, std::int64_t from, std::int64_t into) {
    count_with(sql, from, into, -1);
    recount(sql, from);
}

} // namespace relais::model::incident_followers
