// SPDX-License-Identifier: EUPL-1.2
#include "model/call_count.hpp"

#include "model/sql.hpp"
#include "model/sql_bulk.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <span>
#include <string>
#include <tuple>

namespace relais::model::call_counts {

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t us_in_s = 1'000'000, half_hour_s = 1800;
// A call changes for some hours, while it goes on. What changes after a day is noted; what is two days old is written down: a change on its
// way to the database when its half hour is counted was noted.
constexpr auto noted_after = 24h, settled_after = 48h, written_at_once = 24h * 7;
constexpr int again_limit = 100;
constexpr std::size_t columns = 9, rows_at_once = 200;

std::int64_t half_hour_of(sys_seconds at) { return seconds(at) - seconds(at) % half_hour_s; }

// By half hour, team, outcome and wait; waits beyond a minute rounded up to tens of seconds, beyond ten minutes as one. SUM of integers is
// a decimal in MariaDB: read as an integer all the same.
constexpr auto count_calls =
    "SELECT started_at_us - started_at_us % 1800000000, COALESCE(team_id, 0), outcome, "
    "CASE WHEN wait_s <= 60 THEN wait_s WHEN wait_s < 600 THEN wait_s + 9 - (wait_s + 9) % 10 ELSE 600 END AS waited, "
    "COUNT(*), SUM(COALESCE(ended_at_us - answered_at_us, 0)) FROM phone_call "
    "WHERE direction = 'in' AND started_at_us >= :from AND started_at_us < :to "
    "AND outcome IN ('answered', 'missed', 'abandoned', 'busy', 'voicemail') "
    "GROUP BY started_at_us - started_at_us % 1800000000, COALESCE(team_id, 0), outcome, "
    "CASE WHEN wait_s <= 60 THEN wait_s WHEN wait_s < 600 THEN wait_s + 9 - (wait_s + 9) % 10 ELSE 600 END";

struct counted_row {
    std::int64_t starts_at_us = 0, team = 0;
    std::string outcome;
    std::int64_t wait_s = 0, calls = 0, talk_us = 0;
    auto fields() { return std::tie(starts_at_us, team, outcome, wait_s, calls, talk_us); }
};

// talk_s holds microseconds until the half hour is whole.
void add(call_figure& to, const counted_row& row) {
    to.offered += row.calls;
    if (row.outcome == "answered") {
        to.answered += row.calls, to.talk_s += row.talk_us;
        to.waits[row.wait_s] += row.calls;
        if (row.wait_s <= call_stats::fast_s) to.fast += row.calls;
    } else {
        (row.wait_s > call_stats::patient_s ? to.lost : to.brief) += row.calls;
    }
}

std::vector<call_count> of_calls(soci::session& sql, sys_seconds from, sys_seconds to) {
    std::map<std::pair<std::int64_t, std::int64_t>, call_figure> found;
    if (from >= to) return {};
    for (const auto& row : sql::all<counted_row>(sql, count_calls, seconds(from) * us_in_s, seconds(to) * us_in_s))
        add(found[{row.starts_at_us / us_in_s, row.team}], row);
    std::vector<call_count> out;
    for (auto& [key, figure] : found) {
        figure.talk_s /= us_in_s;
        out.push_back({at_seconds(key.first), key.second, std::move(figure)});
    }
    return out;
}

std::string text_of(const std::map<std::int64_t, std::int64_t>& waits) {
    std::string out;
    for (const auto& [wait, count] : waits) out += (out.empty() ? "" : " ") + std::to_string(wait) + ":" + std::to_string(count);
    return out;
}

std::map<std::int64_t, std::int64_t> waits_of(const std::string& text) {
    std::map<std::int64_t, std::int64_t> out;
    const auto* end = text.data() + text.size();
    for (const auto* at = text.data(); at < end;) {
        std::int64_t wait = 0, count = 0;
        at = std::from_chars(at, end, wait).ptr + 1; // the colon
        if (at >= end) break;
        at = std::from_chars(at, end, count).ptr + 1; // the space
        out.emplace_hint(out.end(), wait, count);
    }
    return out;
}

struct kept_row {
    std::int64_t starts_at = 0, team = 0, offered = 0, answered = 0, fast = 0, lost = 0, brief = 0, talk_s = 0;
    std::string waits;
    auto fields() { return std::tie(starts_at, team, offered, answered, fast, lost, brief, talk_s, waits); }
};

std::vector<call_count> kept(soci::session& sql, sys_seconds from, sys_seconds to) {
    std::vector<call_count> out;
    if (from >= to) return out;
    for (auto& row : sql::all<kept_row>(sql,
                                        "SELECT starts_at, team_id, offered, answered, fast, lost, brief, talk_s, waits FROM call_count "
                                        "WHERE starts_at >= :from AND starts_at < :to ORDER BY starts_at, team_id",
                                        from, to)) {
        auto& one = out.emplace_back();
        one.starts_at = at_seconds(row.starts_at), one.team_id = row.team;
        auto& of = one.figure;
        of.offered = row.offered, of.answered = row.answered, of.fast = row.fast, of.lost = row.lost, of.brief = row.brief;
        of.talk_s = row.talk_s, of.waits = waits_of(row.waits);
    }
    return out;
}

void write(soci::session& sql, const std::vector<call_count>& counts) {
    std::vector<std::string> values;
    for (const auto& [starts_at, team, of] : counts) {
        for (auto each : {seconds(starts_at), team, of.offered, of.answered, of.fast, of.lost, of.brief, of.talk_s})
            values.push_back(std::to_string(each));
        values.push_back(text_of(of.waits));
    }
    for (std::size_t at = 0; at < values.size();) {
        auto size = std::min(rows_at_once * columns, values.size() - at);
        sql::change_bulk(sql,
                         "INSERT INTO call_count (starts_at, team_id, offered, answered, fast, lost, brief, talk_s, waits) VALUES " +
                             sql::placeholder_rows(size / columns, columns),
                         std::span(values).subspan(at, size));
        at += size;
    }
}

struct progress {
    sys_seconds counted_to, forgotten_to;
    auto fields() { return std::tie(counted_to, forgotten_to); }
};

progress progress_of(soci::session& sql) {
    return sql::first<progress>(sql, "SELECT counted_to, forgotten_to FROM call_count_progress WHERE id = 1").value_or(progress{});
}

// Counts again the half hours in which something changed. A change made meanwhile leaves its note, and they are counted once more.
int count_again(soci::session& sql, const progress& at) {
    using note = std::tuple<sys_seconds, std::int64_t>;
    auto notes =
        sql::all<note>(sql, "SELECT starts_at, changes FROM call_count_again ORDER BY starts_at LIMIT " + std::to_string(again_limit));
    for (const auto& [starts_at, changes] : notes) {
        if (starts_at < at.counted_to && starts_at >= at.forgotten_to) {
            sql::change(sql, "DELETE FROM call_count WHERE starts_at = :starts_at", starts_at);
            write(sql, of_calls(sql, starts_at, starts_at + std::chrono::seconds(half_hour_s)));
        }
        sql::change(sql, "DELETE FROM call_count_again WHERE starts_at = :starts_at AND changes = :changes", starts_at, changes);
    }
    return static_cast<int>(notes.size());
}

// Where counting goes on: at first, with the first call of all. Nothing when there is none to count yet.
std::optional<sys_seconds> next_to_count(soci::session& sql, const progress& at, sys_seconds until) {
    if (at.counted_to > sys_seconds{}) return at.counted_to;
    auto first = sql::first<std::optional<std::int64_t>>(sql, "SELECT MIN(started_at_us) FROM phone_call").value();
    if (!first || *first >= seconds(until) * us_in_s) return std::nullopt;
    return at_seconds(half_hour_of(at_seconds(*first / us_in_s)));
}

} // namespace

std::vector<call_count> between(soci::session& sql, sys_seconds from, sys_seconds to) {
    auto counted_to = progress_of(sql).counted_to;
    auto out = kept(sql, from, std::min(to, counted_to));
    auto fresh = of_calls(sql, std::max(from, counted_to), to);
    std::move(fresh.begin(), fresh.end(), std::back_inserter(out));
    return out;
}

void note_change(soci::session& sql, sys_seconds began_at, sys_seconds now) {
    if (began_at + noted_after > now) return;
    auto starts_at = half_hour_of(began_at);
    constexpr auto count_note = "UPDATE call_count_again SET changes = changes + 1 WHERE starts_at = :starts_at";
    if (sql::change(sql, count_note, starts_at) > 0) return;
    try {
        sql::change(sql, "INSERT INTO call_count_again (starts_at, changes) VALUES (:starts_at, 1)", starts_at);
    } catch (const std::exception& error) {
        if (!sql::is_duplicate(error)) throw;
        sql::change(sql, count_note, starts_at);
    }
}

bool advance(soci::session& sql, sys_seconds now) {
    // First of all, so that what follows sees all that another node did before.
    sql::change(sql, "UPDATE call_count_progress SET rounds = rounds + 1 WHERE id = 1");
    auto at = progress_of(sql);
    auto is_behind = count_again(sql, at) == again_limit;
    auto until = at_seconds(half_hour_of(now - settled_after));
    if (at.counted_to >= until) return is_behind;
    auto from = next_to_count(sql, at, until);
    if (!from) return is_behind;
    auto to = std::min(until, *from + written_at_once);
    write(sql, of_calls(sql, *from, to));
    sql::change(sql, "UPDATE call_count_progress SET counted_to = :to WHERE id = 1", to);
    return is_behind || to < until;
}

void begin_again(soci::session& sql) {
    sql::change(sql, "UPDATE call_count_progress SET rounds = rounds + 1, counted_to = forgotten_to WHERE id = 1");
    sql::change(sql, "DELETE FROM call_count WHERE starts_at >= :forgotten_to", progress_of(sql).forgotten_to);
}

std::int64_t forget_calls(soci::session& sql, int days, sys_seconds now, int limit) {
    auto to = std::min(at_seconds(half_hour_of(now - 24h * days)), progress_of(sql).counted_to);
    auto is_waiting = sql::first<std::int64_t>(sql, "SELECT starts_at FROM call_count_again WHERE starts_at < :to LIMIT 1", to);
    if (is_waiting) return 0; // counted first, forgotten then
    auto old = sql::all<std::int64_t>(sql,
                                      "SELECT id FROM phone_call WHERE ticket_id IS NULL AND started_at_us < :to "
                                      "ORDER BY started_at_us LIMIT :limit",
                                      seconds(to) * us_in_s, limit);
    if (old.empty()) return 0;
    sql::change(sql, "UPDATE call_count_progress SET forgotten_to = :to WHERE id = 1 AND forgotten_to < :same", to, to);
    for (auto each : old) sql::change(sql, "DELETE FROM phone_call WHERE id = :id AND ticket_id IS NULL", each);
    return static_cast<std::int64_t>(old.size());
}

} // namespace relais::model::call_counts
