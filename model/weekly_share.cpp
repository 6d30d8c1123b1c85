// SPDX-License-Identifier: EUPL-1.2
#include "model/weekly_share.hpp"

#include "model/error.hpp"
#include "model/sha256.hpp"
#include "model/sql.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace relais::model::weekly_shares {

namespace {

constexpr int weeks_limit = 5200; // a century
const std::string select = std::string("SELECT ") + weekly_share::columns + " FROM weekly_share ";
const std::string select_line =
    "SELECT id, week, from_at, until_at, made_at, sha256, (SELECT MIN(made_at) FROM share_receipt WHERE share_id = "
    "weekly_share.id), (SELECT COUNT(*) FROM decision WHERE share_id = weekly_share.id) FROM weekly_share ";

// Who that is, whatever the door: the account, also for the link mailed to its address, else the address.
std::string person_of(soci::session& sql, const actor& who) {
    if (who.kind != "link") return who.kind + " " + std::to_string(who.id.value_or(0));
    auto to = sql::first<std::string>(sql, "SELECT recipient FROM share_link WHERE id = :id", who.id.value_or(0)).value_or(who.name);
    auto account = sql::first<std::int64_t>(
        sql, "SELECT id FROM user_account WHERE LOWER(email) = LOWER(:to) AND role = 'owner' ORDER BY disabled_at, id LIMIT 1", to);
    return account ? "staff " + std::to_string(*account) : to;
}

} // namespace

sys_seconds agreed_now(soci::session& sql, sys_seconds now) { return std::min(now, at_seconds(sql::lease_now(sql))); }

sys_seconds published_at(calendar_week week, int hour) {
    auto monday = date::local_seconds(calendar_weeks::monday(calendar_weeks::next(week)));
    return calendars::instant("Europe/Paris", monday + std::chrono::hours(hour));
}

std::optional<calendar_week> following(soci::session& sql) {
    auto made = weeks(sql);
    if (made.empty()) return std::nullopt;
    auto week = calendar_weeks::parse(made.front());
    for (const auto& each : made) { // in the order of time, as weeks are written
        if (each != calendar_weeks::text(*week)) break;
        week = calendar_weeks::next(*week);
    }
    return week;
}

bool has_tickets(soci::session& sql, calendar_week week) {
    return sql::first<std::int64_t>(sql, "SELECT id FROM ticket WHERE received_at < :until LIMIT 1", calendar_weeks::span_of(week).to)
        .has_value();
}

std::optional<calendar_week> due(soci::session& sql, int hour, sys_seconds now) {
    auto next = following(sql);
    auto week = next.value_or(calendar_weeks::previous(calendar_weeks::of(now)));
    if (published_at(week, hour) > now || (!next && !has_tickets(sql, week))) return std::nullopt;
    return week;
}

weekly_share make(soci::session& sql, calendar_week week, std::string_view made_by, sys_seconds now) {
    if (find(sql, calendar_weeks::text(week))) throw conflict("conflict.share_made");
    return freeze(sql, week, compose(sql, week, now).dump(), made_by, now);
}

weekly_share freeze(soci::session& sql, calendar_week week, std::string body, std::string_view made_by, sys_seconds now) {
    auto name = calendar_weeks::text(week);
    auto span = calendar_weeks::span_of(week);
    auto hash = sha256::hex(body);
    weekly_share out{0, name, span.from, span.to, now, std::string(made_by), std::move(hash), std::move(body)};
    try {
        out.id = sql::insert(sql,
                             "INSERT INTO weekly_share (week, from_at, until_at, made_at, made_by, sha256, body) VALUES (:week, :from, "
                             ":until, :made, :by, :sha256, :body)",
                             out.week, out.from_at, out.until_at, out.made_at, out.made_by, out.sha256, out.body);
    } catch (const std::exception& error) {
        if (sql::is_duplicate(error)) throw conflict("conflict.share_made");
        throw;
    }
    events::record(sql, actor{}, "share.made", "weekly_share", out.id, {{"week", name}, {"sha256", out.sha256}}, now);
    return out;
}

weekly_share get(soci::session& sql, std::int64_t id) {
    auto found = sql::first<weekly_share>(sql, select + "WHERE id = :id", id);
    if (!found) throw not_found();
    return std::move(*found);
}

std::optional<weekly_share> find(soci::session& sql, std::string_view week) {
    return sql::first<weekly_share>(sql, select + "WHERE week = :week", week);
}

weekly_share get(soci::session& sql, std::string_view week) {
    auto found = find(sql, week);
    if (!found) throw not_found();
    return std::move(*found);
}

std::vector<weekly_share_line> list(soci::session& sql, std::string_view before, int limit) {
    return sql::all<weekly_share_line>(sql, select_line + "WHERE week < :before ORDER BY from_at DESC LIMIT :limit",
                                       before.empty() ? std::string_view("9999-W99") : before, limit);
}

std::vector<weekly_share_line> of_year(soci::session& sql, int year) {
    return sql::all<weekly_share_line>(sql, select_line + "WHERE week >= :first AND week <= :last ORDER BY week LIMIT 53",
                                       fmt::format("{:04}-W01", year), fmt::format("{:04}-W53", year));
}

std::vector<std::string> weeks(soci::session& sql) {
    return sql::all<std::string>(sql, "SELECT week FROM weekly_share ORDER BY week LIMIT :limit", weeks_limit);
}

std::pair<int, int> years(soci::session& sql) {
    auto year_of = [&](const char* order) {
        auto found = sql::first<std::string>(sql, std::string("SELECT week FROM weekly_share ORDER BY week ") + order + " LIMIT 1");
        auto week = found ? calendar_weeks::parse(*found) : std::nullopt;
        return week ? week->year : 0;
    };
    return {year_of("ASC"), year_of("DESC")};
}

std::vector<std::string> earlier_bodies(soci::session& sql, sys_seconds before, int limit) {
    return sql::all<std::string>(sql, "SELECT body FROM weekly_share WHERE from_at < :before ORDER BY from_at DESC LIMIT :limit", before,
                                 limit);
}

std::vector<std::string> hashes(soci::session& sql, sys_seconds before, int limit) {
    return sql::all<std::string>(sql, "SELECT sha256 FROM weekly_share WHERE from_at < :before ORDER BY from_at DESC LIMIT :limit", before,
                                 limit);
}

std::string neighbour(soci::session& sql, const weekly_share& of, bool after) {
    auto found =
        after ? sql::first<std::string>(sql, "SELECT week FROM weekly_share WHERE from_at > :at ORDER BY from_at LIMIT 1", of.from_at)
              : sql::first<std::string>(sql, "SELECT week FROM weekly_share WHERE from_at < :at ORDER BY from_at DESC LIMIT 1", of.from_at);
    return found.value_or("");
}

bool acknowledge(soci::session& sql, std::int64_t id, const actor& who, sys_seconds now) {
    auto share = get(sql, id);
    auto person = person_of(sql, who);
    if (sql::first<std::int64_t>(sql, "SELECT id FROM share_receipt WHERE share_id = :share AND person = :person", id, person))
        return false;
    try {
        sql::change(sql,
                    "INSERT INTO share_receipt (share_id, person, actor_kind, actor_id, actor_name, made_at) VALUES (:share, :person, "
                    ":kind, :actor, :name, :now)",
                    id, person, who.kind, who.id, who.name, now);
    } catch (const std::exception& error) {
        if (sql::is_duplicate(error)) return false;
        throw;
    }
    events::record(sql, who, "share.acknowledged", "weekly_share", id, {{"week", share.week}}, now);
    return true;
}

std::vector<share_acknowledgement> acknowledgements(soci::session& sql, std::int64_t id) {
    return sql::all<share_acknowledgement>(
        sql, "SELECT actor_name, made_at FROM share_receipt WHERE share_id = :share ORDER BY id LIMIT 200", id);
}

} // namespace relais::model::weekly_shares
