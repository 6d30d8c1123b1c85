// SPDX-License-Identifier: EUPL-1.2
#include "model/incident_moment.hpp"

#include "model/sql_bulk.hpp"

#include <algorithm>
#include <array>

namespace relais::model {

bool incident_moment::is_before(sys_seconds at) const { return at_us < seconds(at) * incident_moments::us_in_s; }

nlohmann::json incident_moment::data() const {
    auto read = nlohmann::json::parse(text, nullptr, false);
    return read.is_object() ? read : nlohmann::json::object();
}

namespace incident_moments {

namespace {

// What an event of the journal makes of an incident's state, and under which heading a share tells it.
struct step {
    std::string_view action, state, heading;
};
constexpr auto steps = std::to_array<step>({
    {"incident.opened", "", "new"},
    {"incident.proposed", "proposed", "new"},
    {"incident.withdrawn", "watched", ""},
    {"incident.confirmed", "confirmed", ""},
    {"incident.escalated", "escalated", "escalated"},
    {"incident.accepted", "accepted", ""},
    {"incident.returned", "confirmed", ""},
    {"incident.scheduled", "fix_scheduled", ""},
    {"incident.fixed", "fixed", "fixed"},
    {"incident.verified", "verified", "verified"},
    {"incident.closed", "closed", "closed"},
    {"incident.reopened", "confirmed", ""},
    {"incident.regressed", "regressed", "regressed"},
    {"incident.dismissed", "dismissed", ""},
    {"incident.workaround", "", "worked_around"},
});

const step* find_step(std::string_view action) {
    auto found = std::find_if(steps.begin(), steps.end(), [action](const auto& each) { return each.action == action; });
    return found == steps.end() ? nullptr : &*found;
}

std::string state_after(const incident_moment& one) {
    if (one.action == "incident.opened") return one.data().value("state", std::string{});
    const auto* known = find_step(one.action);
    return known ? std::string(known->state) : std::string{};
}

std::int64_t correction_of(const incident_moment& one) { return one.data().value("correction", std::int64_t{0}); }

bool is_undone_dismissal(const incident_moment& one) {
    return one.action == "incident.undone" && one.data().value("undone", std::string{}) == "dismiss";
}

// The machine wrote its merges with the incident that remains alone, once.
std::optional<std::int64_t> joined_at_us(soci::session& sql, const incident& of) {
    for (const auto& each : sql::all<incident_moment>(sql,
                                                      "SELECT object_id, at_us, action, data FROM event WHERE object_kind = 'incident' AND "
                                                      "object_id = :into AND action = 'incident.joined' ORDER BY id DESC",
                                                      *of.merged_into))
        if (each.data().value("from", std::int64_t{0}) == of.id) return each.at_us;
    return std::nullopt;
}

} // namespace

std::map<std::int64_t, std::vector<incident_moment>> read(soci::session& sql, const std::vector<std::string>& numbers) {
    std::map<std::int64_t, std::vector<incident_moment>> out;
    if (numbers.empty()) return out;
    for (auto& each : sql::all_bulk<incident_moment>(
             sql,
             "SELECT object_id, at_us, action, data FROM event WHERE object_kind = 'incident' AND object_id IN (" +
                 sql::placeholders(numbers.size()) + ") AND action <> 'incident.attached' AND action <> 'incident.detached' ORDER BY id",
             numbers))
        out[each.incident].push_back(std::move(each));
    return out;
}

std::string_view heading_of(std::string_view action) {
    const auto* known = find_step(action);
    return known ? known->heading : std::string_view{};
}

bool is_regrouping(const incident_moment& one) {
    constexpr auto all = std::to_array<std::string_view>(
        {"incident.merged", "incident.merged_in", "incident.joined", "incident.joined_to", "incident.split"});
    if (one.action == "incident.undone") return one.data().value("undone", std::string{}) != "dismiss";
    return std::find(all.begin(), all.end(), one.action) != all.end();
}

std::optional<std::int64_t> joined_by(const incident_moment& one) {
    if (one.action != "incident.merged_in" && one.action != "incident.joined") return std::nullopt;
    return one.data().value("from", std::int64_t{0});
}

std::string state_at(const std::vector<incident_moment>& all, const incident& of, sys_seconds at) {
    std::string out;
    std::map<std::int64_t, std::string> dismissed_from; // by correction
    auto has_later = false;
    for (const auto& each : all) {
        auto next = is_undone_dismissal(each) ? dismissed_from[correction_of(each)] : state_after(each);
        if (each.action == "incident.dismissed") dismissed_from[correction_of(each)] = out.empty() ? "watched" : out;
        if (next.empty()) continue;
        if (each.is_before(at))
            out = next;
        else
            has_later = true;
    }
    if (!has_later) return of.state;
    return out.empty() ? "watched" : out;
}

bool is_merged_before(soci::session& sql, const std::vector<incident_moment>& all, const incident& of, sys_seconds at) {
    if (!of.merged_into) return false;
    auto is_merging = [](const auto& each) { return each.action == "incident.merged" || each.action == "incident.joined_to"; };
    auto merging = std::find_if(all.rbegin(), all.rend(), is_merging);
    if (merging != all.rend()) return merging->is_before(at);
    auto joined_us = joined_at_us(sql, of);
    return joined_us ? *joined_us < seconds(at) * us_in_s : of.updated_at < at;
}

} // namespace incident_moments

} // namespace relais::model
