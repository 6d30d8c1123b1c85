// SPDX-License-Identifier: EUPL-1.2
#include "model/tracker_link.hpp"

#include "model/error.hpp"
#include "model/sql.hpp"

#include <algorithm>

namespace relais::model::tracker_links {

namespace {

using namespace std::chrono_literals;

const std::string columns = tracker_link::columns;
constexpr std::chrono::seconds held = 60s, longest_wait = 4h;
constexpr std::int64_t attempts_limit = 12; // about a day

std::chrono::seconds wait_after(std::int64_t attempts) {
    std::chrono::seconds doubled = 60s * (1LL << std::clamp<std::int64_t>(attempts, 0, 10));
    return std::min(doubled, longest_wait);
}

} // namespace

void ask(soci::session& sql, const incidents::action& act, std::string_view tracker) {
    if (incidents::get(sql, act.number).merged_into) throw conflict("conflict.merged");
    auto again =
        sql::change(sql,
                    "UPDATE tracker_link SET state = 'waiting', attempts = 0, next_at = :now, error = '', updated_at = :again WHERE "
                    "incident_id = :incident AND tracker = :tracker AND state = 'failed'",
                    act.now, act.now, act.number, tracker);
    auto known = sql::first<std::int64_t>(sql, "SELECT id FROM tracker_link WHERE incident_id = :incident AND tracker = :tracker",
                                          act.number, tracker);
    if (again == 0 && known) throw conflict("conflict.tracker");
    if (!known)
        sql::change(sql,
                    "INSERT INTO tracker_link (incident_id, tracker, state, next_at, created_at, updated_at) VALUES (:incident, :tracker, "
                    "'waiting', :next, :created, :updated)",
                    act.number, tracker, act.now, act.now, act.now);
    incidents::record(sql, act, "sent_outside", {{"tracker", tracker}});
}

std::vector<tracker_link> of_incident(soci::session& sql, std::int64_t incident_id) {
    return sql::all<tracker_link>(sql, "SELECT " + columns + " FROM tracker_link WHERE incident_id = :incident ORDER BY id", incident_id);
}

std::vector<tracker_link> take_due(soci::session& sql, int limit, sys_seconds now) {
    auto due = sql::all<tracker_link>(
        sql, "SELECT " + columns + " FROM tracker_link WHERE state = 'waiting' AND next_at <= :now ORDER BY next_at, id LIMIT :limit", now,
        limit);
    std::vector<tracker_link> out;
    for (auto& each : due) {
        ++each.attempts;
        auto taken =
            sql::change(sql,
                        "UPDATE tracker_link SET attempts = attempts + 1, next_at = :later WHERE id = :id AND state = 'waiting' AND "
                        "next_at <= :now",
                        now + held, each.id, now);
        if (taken == 1) out.push_back(std::move(each));
    }
    return out;
}

void opened(soci::session& sql, const tracker_link& link, std::string_view reference, std::string_view address, sys_seconds now) {
    auto changed =
        sql::change(sql,
                    "UPDATE tracker_link SET state = 'sent', reference = :reference, address = :address, error = '', updated_at = "
                    ":now WHERE id = :id AND state = 'waiting'",
                    reference, address, now, link.id);
    if (changed == 0) return;
    incidents::record(sql, {link.incident_id, 0, actor{}, now}, "opened_outside", {{"tracker", link.tracker}, {"reference", reference}});
}

void failed(soci::session& sql, const tracker_link& link, std::string_view error, sys_seconds now) {
    auto is_over = link.attempts >= attempts_limit;
    sql::change(
        sql,
        "UPDATE tracker_link SET state = :state, next_at = :next, error = :error, updated_at = :now WHERE id = :id AND state = 'waiting'",
        is_over ? "failed" : "waiting", now + wait_after(link.attempts), error.substr(0, 400), now, link.id);
}

void hear(soci::session& sql, std::string_view tracker, std::string_view reference, std::string_view outside_state, sys_seconds now) {
    using row = std::tuple<std::int64_t, std::int64_t, std::string>;
    auto found =
        sql::first<row>(sql,
                        "SELECT id, incident_id, outside_state FROM tracker_link WHERE tracker = :tracker AND reference = :reference "
                        "ORDER BY id LIMIT 1",
                        tracker, reference);
    if (!found || reference.empty()) throw not_found();
    const auto& [id, incident, before] = *found;
    if (before == outside_state) return;
    sql::change(sql, "UPDATE tracker_link SET outside_state = :state, updated_at = :now WHERE id = :id", outside_state, now, id);
    incidents::record(sql, {incident, 0, actor{"system", {}, std::string(tracker), {}}, now}, "outside_state",
                      {{"tracker", tracker}, {"from", before}, {"to", outside_state}});
}

} // namespace relais::model::tracker_links
