// SPDX-License-Identifier: EUPL-1.2
#include "model/decision.hpp"

#include "model/error.hpp"
#include "model/incident.hpp"
#include "model/sha256.hpp"
#include "model/sql.hpp"
#include "model/text.hpp"
#include "model/told_words.hpp"
#include "model/weekly_share.hpp"

#include <date/date.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <sstream>

namespace relais::model::decisions {

namespace {

constexpr auto kinds = std::to_array<std::string_view>({"accept", "prioritise", "reject", "ask"});
constexpr auto step_kinds = std::to_array<std::string_view>({"comment", "answer", "carried_out", "resumed"});

// The last carrying out, unless it was resumed since.
const std::string select =
    "SELECT decision.id, decision.share_id, decision.incident_id, weekly_share.week, decision.kind, decision.text, decision.due, "
    "decision.amends_id, (SELECT MIN(later.id) FROM decision later WHERE later.amends_id = decision.id), decision.actor_name, "
    "decision.decided_at, (SELECT MAX(done.made_at) FROM decision_step done WHERE done.decision_id = decision.id AND done.kind = "
    "'carried_out' AND NOT EXISTS (SELECT 1 FROM decision_step again WHERE again.decision_id = done.decision_id AND again.kind = 'resumed' "
    "AND again.id > done.id)) FROM decision JOIN weekly_share ON weekly_share.id = decision.share_id ";

bool is_day(const std::string& text) {
    std::istringstream in(text);
    date::year_month_day day{};
    in >> date::parse("%F", day);
    return !in.fail() && day.ok() && date::format("%F", day) == text;
}

void check(soci::session& sql, std::int64_t share_id, const draft& what) {
    std::vector<field_fault> faults;
    if (std::find(kinds.begin(), kinds.end(), what.kind) == kinds.end()) faults.push_back({"decision", "unknown", "fault.decision.kind"});
    if ((what.kind == "reject" || what.kind == "ask") && what.text.empty()) faults.push_back({"text", "missing", "fault.decision.text"});
    if (!what.due.empty() && !is_day(what.due)) faults.push_back({"due", "malformed", "fault.decision.due"});
    auto share = weekly_shares::get(sql, share_id);
    auto body = nlohmann::json::parse(share.body);
    auto in_share = std::any_of(body["incidents"].begin(), body["incidents"].end(),
                                [&](const auto& each) { return each["number"] == what.incident_id; });
    if (!in_share) faults.push_back({"incident", "unknown", "fault.decision.incident"});
    if (!faults.empty()) throw invalid(std::move(faults));
}

} // namespace

std::int64_t decide(soci::session& sql, std::int64_t share_id, const draft& what, const actor& who, sys_seconds now) {
    check(sql, share_id, what);
    std::optional<std::int64_t> amends;
    if (what.amends != 0) {
        auto before = get(sql, what.amends);
        if (before.incident_id != what.incident_id) throw invalid({{"amends", "unknown", "fault.decision.incident"}});
        amends = before.id;
    }
    std::int64_t id = 0;
    try {
        id = sql::insert(sql,
                         "INSERT INTO decision (share_id, incident_id, kind, text, due, amends_id, actor_kind, actor_id, actor_name, "
                         "decided_at) VALUES (:share, :incident, :kind, :text, :due, :amends, :actor_kind, :actor_id, :actor_name, :now)",
                         share_id, what.incident_id, what.kind, what.text, what.due, amends, who.kind, who.id, who.name, now);
    } catch (const std::exception& error) {
        if (sql::is_duplicate(error)) throw conflict("conflict.amended");
        throw;
    }
    auto data = nlohmann::json{
        {"decision", id}, {"share", share_id}, {"kind", what.kind}, {"due", what.due}, {"text_sha256", sha256::hex(what.text)}};
    if (amends) data["amends"] = *amends;
    events::record(sql, who, amends ? "incident.decision_amended" : "incident.decided", "incident", what.incident_id, data, now);
    return id;
}

void add_step(soci::session& sql, std::int64_t id, std::string_view kind, std::string_view text, const actor& who, sys_seconds now) {
    auto of = get(sql, id);
    if (std::find(step_kinds.begin(), step_kinds.end(), kind) == step_kinds.end())
        throw invalid({{"kind", "unknown", "fault.parameter.unknown"}});
    if ((kind == "comment" || kind == "answer") && text.empty()) throw invalid({{"text", "missing", "fault.decision.text"}});
    if ((kind == "carried_out" && of.carried_out_at) || (kind == "resumed" && !of.carried_out_at)) throw conflict("conflict.carried_out");
    auto step = sql::insert(sql,
                            "INSERT INTO decision_step (decision_id, kind, text, actor_kind, actor_id, actor_name, made_at) VALUES "
                            "(:decision, :kind, :text, :actor_kind, :actor_id, :actor_name, :now)",
                            id, kind, text, who.kind, who.id, who.name, now);
    events::record(sql, who, "incident.decision_" + std::string(kind), "incident", of.incident_id,
                   {{"decision", id}, {"step", step}, {"text_sha256", sha256::hex(text)}}, now);
}

decision get(soci::session& sql, std::int64_t id) {
    auto found = sql::first<decision>(sql, select + "WHERE decision.id = :id", id);
    if (!found) throw not_found();
    return std::move(*found);
}

std::vector<decision> of_incident(soci::session& sql, std::int64_t incident_id) {
    return sql::all<decision>(sql, select + "WHERE decision.incident_id = :incident ORDER BY decision.id LIMIT 500", incident_id);
}

std::vector<decision> of_share(soci::session& sql, std::int64_t share_id) {
    return sql::all<decision>(sql, select + "WHERE decision.share_id = :share ORDER BY decision.id LIMIT 2000", share_id);
}

std::vector<decision> outstanding(soci::session& sql, sys_seconds at) {
    return sql::all<decision>(
        sql,
        select + "WHERE decision.decided_at < :at AND NOT EXISTS (SELECT 1 FROM decision later WHERE later.amends_id = decision.id AND "
                 "later.decided_at < :again) AND NOT EXISTS (SELECT 1 FROM decision_step done WHERE done.decision_id = decision.id AND "
                 "done.kind = 'carried_out' AND done.made_at < :once_more AND NOT EXISTS (SELECT 1 FROM decision_step back WHERE "
                 "back.decision_id = done.decision_id AND back.kind = 'resumed' AND back.id > done.id AND back.made_at < :last)) ORDER BY "
                 "decision.decided_at, decision.id LIMIT 1000",
        at, at, at, at);
}

std::vector<decision_step> steps(soci::session& sql, std::int64_t decision_id) {
    return sql::all<decision_step>(sql,
                                   "SELECT id, decision_id, kind, text, actor_name, made_at FROM decision_step WHERE decision_id = "
                                   ":decision ORDER BY id LIMIT 500",
                                   decision_id);
}

std::vector<decision_thread> threads(soci::session& sql, std::vector<decision> all) {
    std::vector<decision_thread> out;
    for (auto& each : all) {
        auto said = steps(sql, each.id);
        out.push_back({std::move(each), std::move(said)});
    }
    return out;
}

std::vector<decision_thread> told(soci::session& sql, std::vector<decision_thread> all) {
    told_words words(sql);
    for (auto& [what, steps] : all) {
        what.text = words.of(what.incident_id, what.text);
        for (auto& each : steps) each.text = words.of(what.incident_id, each.text);
    }
    return all;
}

} // namespace relais::model::decisions
