// SPDX-License-Identifier: EUPL-1.2
#include "model/canned_answer.hpp"

#include "model/answer_variable.hpp"
#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/text.hpp"

namespace relais::model::canned_answers {

namespace {

constexpr std::size_t title_limit = 120, body_limit = 5000; // code points

const std::string columns = "SELECT canned_answer.id, canned_answer.team_id, COALESCE(team.name, ''), canned_answer_text.title, "
                            "canned_answer_text.body, canned_answer.version, canned_answer.retired_at FROM canned_answer "
                            "JOIN canned_answer_text ON canned_answer_text.answer_id = canned_answer.id "
                            "AND canned_answer_text.version = canned_answer.version "
                            "LEFT JOIN team ON team.id = canned_answer.team_id ";

words checked_words(soci::session& sql, const words& typed) {
    std::vector<field_fault> faults;
    auto title = text::check_line(typed.title, title_limit), body = text::check_message(typed.body, body_limit);
    if (!title.accepted())
        faults.push_back(fault("title", "text", title));
    else if (title.normalised.empty())
        faults.push_back({"title", "missing", "fault.canned.title_missing"});
    if (!body.accepted())
        faults.push_back(fault("body", "text", body));
    else if (body.normalised.find_first_not_of(" \n\t") == std::string::npos)
        faults.push_back({"body", "missing", "fault.canned.body_missing"});
    else
        for (const auto& each : answer_variables::unknown(body.normalised))
            faults.push_back({"body", "variable", "fault.canned.variable", each});
    if (typed.team_id && !sql::first<std::int64_t>(sql, "SELECT id FROM team WHERE id = :id", *typed.team_id))
        faults.push_back({"team", "unknown", "fault.team.unknown"});
    if (!faults.empty()) throw invalid(std::move(faults));
    return {typed.team_id, title.normalised, body.normalised};
}

void write_text(soci::session& sql, std::int64_t id, std::int64_t version, const words& what, const actor& who, sys_seconds now) {
    sql::change(sql,
                "INSERT INTO canned_answer_text (answer_id, version, title, body, written_by, written_at) "
                "VALUES (:answer, :version, :title, :body, :written_by, :written_at)",
                id, version, what.title, what.body, who.name, now);
}

void record(soci::session& sql, const actor& who, std::string_view action, std::int64_t id, const nlohmann::json& data, sys_seconds now) {
    events::record(sql, who, action, "canned_answer", id, data, now);
}

} // namespace

std::vector<canned_answer> offered_to(soci::session& sql, std::int64_t user_id) {
    return sql::all<canned_answer>(
        sql,
        columns + "WHERE canned_answer.retired_at IS NULL AND (canned_answer.team_id IS NULL OR canned_answer.team_id = "
                  "COALESCE((SELECT team_id FROM user_account WHERE id = :user), canned_answer.team_id)) "
                  "ORDER BY canned_answer_text.title, canned_answer.id LIMIT :limit",
        user_id, list_limit);
}

std::vector<canned_answer> all(soci::session& sql) {
    return sql::all<canned_answer>(
        sql,
        columns + "ORDER BY CASE WHEN canned_answer.retired_at IS NULL THEN 0 ELSE 1 END, canned_answer_text.title, canned_answer.id "
                  "LIMIT :limit",
        list_limit);
}

canned_answer get(soci::session& sql, std::int64_t id) {
    auto found = sql::first<canned_answer>(sql, columns + "WHERE canned_answer.id = :id", id);
    if (!found) throw not_found();
    return *found;
}

std::vector<canned_answer_text> texts(soci::session& sql, std::int64_t id) {
    return sql::all<canned_answer_text>(sql,
                                        "SELECT version, title, body, written_by, written_at FROM canned_answer_text "
                                        "WHERE answer_id = :answer ORDER BY version DESC LIMIT 200",
                                        id);
}

std::int64_t add(soci::session& sql, const words& what, const actor& who, sys_seconds now) {
    auto good = checked_words(sql, what);
    auto id = sql::insert(sql, "INSERT INTO canned_answer (team_id) VALUES (:team)", good.team_id);
    write_text(sql, id, 1, good, who, now);
    record(sql, who, "canned_answer.added", id, {{"version", 1}}, now);
    return id;
}

void change(soci::session& sql, std::int64_t id, std::int64_t seen, const words& what, const actor& who, sys_seconds now) {
    auto good = checked_words(sql, what);
    get(sql, id);
    auto taken = sql::change(sql, "UPDATE canned_answer SET version = version + 1, team_id = :team WHERE id = :id AND version = :seen",
                             good.team_id, id, seen);
    if (taken == 0) throw conflict("conflict.canned");
    write_text(sql, id, seen + 1, good, who, now);
    record(sql, who, "canned_answer.changed", id, {{"version", seen + 1}}, now);
}

void set_retired(soci::session& sql, std::int64_t id, std::int64_t seen, bool retired, const actor& who, sys_seconds now) {
    get(sql, id);
    auto at = retired ? std::optional(now) : std::nullopt;
    // The version counts the texts, and is left as it is.
    auto taken = sql::change(sql, "UPDATE canned_answer SET retired_at = :at WHERE id = :id AND version = :seen", at, id, seen);
    if (taken == 0) throw conflict("conflict.canned");
    record(sql, who, retired ? "canned_answer.retired" : "canned_answer.restored", id, nlohmann::json::object(), now);
}

} // namespace relais::model::canned_answers
