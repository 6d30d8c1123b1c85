// SPDX-License-Identifier: EUPL-1.2
#include "model/registry_reading.hpp"

#include "model/dossier.hpp"
#include "model/event.hpp"
#include "model/legal_clock.hpp"
#include "model/registry_health.hpp"
#include "model/setting.hpp"
#include "model/sql.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace relais::model::registry_readings {

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t day_s = 86'400, hour_s = 3'600;
constexpr auto longest_earning = 60s;
constexpr auto overlap = 60s;       // a transaction may commit after a later one
constexpr std::int64_t spare = 200; // rows looked at beyond the limit: some have no open ticket any more
constexpr std::string_view place_setting = "registry.place", credit_setting = "registry.credit", spent_setting = "registry.spent";
const std::string is_open = "status NOT IN ('closed', 'merged')";

// Two numbers kept together, "12:34".
std::pair<std::int64_t, std::int64_t> read_pair(soci::session& sql, std::string_view name) {
    std::pair<std::int64_t, std::int64_t> out{0, 0};
    auto found = settings::find(sql, name);
    if (!found) return out;
    const auto* end = found->data() + found->size();
    auto first = std::from_chars(found->data(), end, out.first);
    if (first.ec == std::errc{} && first.ptr != end) std::from_chars(first.ptr + 1, end, out.second);
    return out;
}

void write_pair(soci::session& sql, std::string_view name, std::int64_t one, std::int64_t other) {
    settings::set(sql, name, std::to_string(one) + ":" + std::to_string(other));
}

struct changed_ticket {
    sys_seconds at{};
    std::int64_t id = 0;
    std::optional<std::int64_t> dossier_id;
    std::string status;
    sys_seconds received_at{};
    auto fields() { return std::tie(at, id, dossier_id, status, received_at); }
};

// At the end of the line, unless it stands there already. The ticket's arrival is when it was last looked up.
void line_up(soci::session& sql, std::int64_t dossier_id, sys_seconds since) {
    sql::change(sql,
                "INSERT INTO registry_reading (dossier_id, queued_at) SELECT :dossier, :since FROM (SELECT 1 AS one) AS only_one "
                "WHERE NOT EXISTS (SELECT 1 FROM registry_reading WHERE dossier_id = :same)",
                dossier_id, since, dossier_id);
}

bool has_open_ticket(soci::session& sql, std::int64_t dossier_id) {
    static const auto text = "SELECT id FROM ticket WHERE dossier_id = :dossier AND " + is_open + " LIMIT 1";
    return sql::first<std::int64_t>(sql, text, dossier_id).has_value();
}

void leave(soci::session& sql, std::int64_t dossier_id) {
    sql::change(sql, "DELETE FROM registry_reading WHERE dossier_id = :dossier", dossier_id);
}

// At the third failure in a row it stands aside; at the one after that, when the registry has answered others, it goes to the end.
void step_back(soci::session& sql, std::int64_t dossier_id, sys_seconds now) {
    sql::change(sql,
                "UPDATE registry_reading SET queued_at = CASE WHEN failures > :tries THEN :now ELSE queued_at END, failures = CASE WHEN "
                "failures > :same THEN 0 ELSE failures + 1 END, outcome = 'unavailable' WHERE dossier_id = :dossier",
                tries, now, tries, dossier_id);
}

// The registry answers: those who stand aside have a last try.
void call_back(soci::session& sql) {
    sql::change(sql, "UPDATE registry_reading SET failures = :last WHERE failures = :aside", tries + 1, tries);
}

// The first in line; those who stand aside when there is nobody else.
std::vector<std::int64_t> first_in_line(soci::session& sql, sys_seconds last, std::int64_t limit) {
    auto out = sql::all<std::int64_t>(sql,
                                      "SELECT dossier_id FROM registry_reading WHERE queued_at <= :last AND failures <> :aside ORDER BY "
                                      "queued_at, dossier_id LIMIT :limit",
                                      last, tries, limit);
    if (!out.empty()) return out;
    return sql::all<std::int64_t>(
        sql, "SELECT dossier_id FROM registry_reading WHERE queued_at <= :last ORDER BY queued_at, dossier_id LIMIT :limit", last, limit);
}

void go_last(soci::session& sql, std::int64_t dossier_id, std::string_view outcome, std::optional<sys_seconds> read_at, sys_seconds now) {
    sql::change(sql,
                "UPDATE registry_reading SET queued_at = :now, read_at = COALESCE(:read, read_at), failures = 0, outcome = :outcome WHERE "
                "dossier_id = :dossier",
                now, read_at, outcome, dossier_id);
}

bool has_moved(const dossier& before, const dossier& after) {
    return before.status != after.status || before.status_since != after.status_since || before.step != after.step ||
           before.error_code != after.error_code;
}

nlohmann::json state_of(const dossier& of) {
    return {{"status", of.status}, {"status_since", of.status_since}, {"step", of.step}, {"error_code", of.error_code}};
}

void tell(soci::session& sql, const dossier& before, const dossier& after, sys_seconds asked_at, sys_seconds now) {
    static const auto text = "SELECT id FROM ticket WHERE dossier_id = :dossier AND " + is_open + " ORDER BY id LIMIT :limit";
    for (auto ticket : sql::all<std::int64_t>(sql, text, after.id, tickets_a_dossier)) {
        dossiers::snapshot_of(sql, after, ticket, "registry", asked_at);
        legal_clocks::place(sql, ticket);
    }
    events::record(sql, actor{}, "dossier.moved", "dossier", after.id, {{"from", state_of(before)}, {"to", state_of(after)}}, now);
}

} // namespace

std::int64_t earn(registry_credit& held, std::int64_t per_day, sys_seconds now) {
    auto hour = std::chrono::floor<std::chrono::hours>(now);
    auto from = std::max({held.at, sys_seconds(hour), now - longest_earning});
    if (from < now) held.parts += per_day * (now - from).count();
    held.at = now;
    auto earned = held.parts / day_s;
    held.parts %= day_s;
    return earned;
}

std::int64_t needed_per_day(const registry_pace& pace, std::int64_t dossiers) {
    auto needed = (dossiers * (day_s / hour_s) + pace.hours - 1) / pace.hours;
    return std::min(pace.per_day, needed);
}

std::int64_t spend(soci::session& sql, std::int64_t per_day, std::int64_t limit, sys_seconds now) {
    auto [at, parts] = read_pair(sql, credit_setting);
    registry_credit held{at_seconds(at), parts};
    auto earned = std::min(earn(held, per_day, now), limit);
    write_pair(sql, credit_setting, seconds(held.at), held.parts);
    return earned;
}

bool follow(soci::session& sql, sys_seconds now, int limit) {
    auto [at, id] = read_pair(sql, place_setting);
    auto rows = sql::all<changed_ticket>(sql,
                                         "SELECT updated_at, id, dossier_id, status, received_at FROM ticket WHERE updated_at >= :at AND "
                                         "(updated_at > :again OR id > :id) ORDER BY updated_at, id LIMIT :limit",
                                         at, at, id, limit);
    for (const auto& each : rows)
        if (each.dossier_id && each.status != "closed" && each.status != "merged") line_up(sql, *each.dossier_id, each.received_at);
    auto is_end = static_cast<int>(rows.size()) < limit;
    if (!rows.empty()) at = seconds(rows.back().at), id = rows.back().id;
    if (is_end && at > seconds(now - overlap)) at = seconds(now - overlap), id = 0;
    write_pair(sql, place_setting, at, id);
    return !is_end;
}

std::vector<registry_reading> take(soci::session& sql, std::int64_t limit, const registry_pace& pace, sys_seconds now) {
    if (limit <= 0) return {};
    auto last = now - std::chrono::hours(pace.hours);
    std::vector<registry_reading> out;
    for (auto id : first_in_line(sql, last, limit + spare)) {
        if (static_cast<std::int64_t>(out.size()) == limit) break;
        auto held = dossiers::find(sql, id);
        if (!held || !has_open_ticket(sql, id))
            leave(sql, id);
        else
            out.push_back({id, held->number});
    }
    auto today = seconds(now) / day_s;
    auto [day, spent] = read_pair(sql, spent_setting);
    write_pair(sql, spent_setting, today, (day == today ? spent : 0) + static_cast<std::int64_t>(out.size()));
    return out;
}

bool finish(soci::session& sql, const registry_reading& what, const registry_news& answer, sys_seconds now) {
    if (answer.what == registry_news::outcome::unavailable) return step_back(sql, what.dossier_id, now), false;
    call_back(sql);
    if (answer.what == registry_news::outcome::unreadable) {
        registry_refusals::note(sql, answer.column, answer.reason, now);
        go_last(sql, what.dossier_id, "unreadable", std::nullopt, now);
        return false;
    }
    auto before = dossiers::find(sql, what.dossier_id);
    auto is_it = [&what](const dossier_news& each) { return each.values.number == what.number; };
    auto told = std::find_if(answer.dossiers.begin(), answer.dossiers.end(), is_it);
    if (!before || told == answer.dossiers.end()) {
        go_last(sql, what.dossier_id, "not_found", answer.asked_at, now);
        return false;
    }
    dossiers::store(sql, std::span(&*told, 1), now);
    go_last(sql, what.dossier_id, "answered", answer.asked_at, now);
    auto after = dossiers::find(sql, what.dossier_id);
    if (!after || !has_moved(*before, *after)) return false;
    tell(sql, *before, *after, answer.asked_at, now);
    return true;
}

void note(soci::session& sql, std::int64_t dossier_id, sys_seconds asked_at, sys_seconds now) {
    go_last(sql, dossier_id, "answered", asked_at, now);
}

std::int64_t count(soci::session& sql) { return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM registry_reading"); }

registry_progress progress(soci::session& sql, const registry_pace& pace, sys_seconds now) {
    registry_progress out;
    out.dossiers = count(sql);
    auto last = now - std::chrono::hours(pace.hours);
    out.due = *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM registry_reading WHERE queued_at <= :last", last);
    out.read_in_a_day = *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM registry_reading WHERE read_at > :day", now - 24h);
    out.oldest_at = sql::first<sys_seconds>(sql, "SELECT queued_at FROM registry_reading ORDER BY queued_at, dossier_id LIMIT 1");
    auto [day, spent] = read_pair(sql, spent_setting);
    out.asked_today = day == seconds(now) / day_s ? spent : 0;
    return out;
}

} // namespace relais::model::registry_readings
