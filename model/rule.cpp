// SPDX-License-Identifier: EUPL-1.2
#include "model/rule.hpp"

#include "model/error.hpp"
#include "model/sql.hpp"

#include <algorithm>
#include <tuple>

namespace relais::model::rules {

namespace {

using nlohmann::json;

// A row as it lies: conditions and actions in JSON.
struct rule_row {
    rule what;
    std::string body;
    static constexpr auto columns = "id, title, place, is_on, event, after_hours, body, version, on_since, looked_since, looked_ticket, "
                                    "fired, fired_at, changed_by, changed_at";
    auto fields() {
        return std::tie(what.id, what.title, what.place, what.is_on, what.event, what.after_hours, body, what.version, what.on_since,
                        what.looked_since, what.looked_ticket, what.fired, what.fired_at, what.changed_by, what.changed_at);
    }
    rule take() {
        auto read = from_json(json::parse(body, nullptr, false));
        what.when = std::move(read.when), what.then = std::move(read.then);
        return std::move(what);
    }
};

const std::string select = std::string("SELECT ") + rule_row::columns + " FROM rule WHERE removed_at IS NULL ";

std::vector<rule> read(soci::session& sql, const std::string& query) {
    std::vector<rule> out;
    for (auto& each : sql::all<rule_row>(sql, query)) out.push_back(each.take());
    return out;
}

void record(soci::session& sql, const actor& who, std::string_view action, std::int64_t id, const json& data, sys_seconds now) {
    events::record(sql, who, action, "rule", id, data, now);
}

json conditions_json(const rule_conditions& of) {
    return {{"procedures", of.procedures},
            {"categories", of.categories},
            {"departments", of.departments},
            {"channels", of.channels},
            {"statuses", of.statuses},
            {"waiting_reasons", of.waiting_reasons},
            {"dossier_statuses", of.dossier_statuses},
            {"flags", of.flags},
            {"clocks", of.clocks},
            {"words", of.words},
            {"teams", of.teams},
            {"legal_days", of.legal_days ? json(*of.legal_days) : json(nullptr)},
            {"is_urgent", of.is_urgent},
            {"is_unassigned", of.is_unassigned}};
}

template <class Value> void take(const json& from, const char* name, Value& to) {
    if (auto found = from.find(name); found != from.end() && !found->is_null()) to = found->get<Value>();
}

rule_conditions conditions_from(const json& from) {
    rule_conditions out;
    take(from, "procedures", out.procedures), take(from, "categories", out.categories), take(from, "departments", out.departments);
    take(from, "channels", out.channels), take(from, "statuses", out.statuses), take(from, "waiting_reasons", out.waiting_reasons);
    take(from, "dossier_statuses", out.dossier_statuses), take(from, "flags", out.flags), take(from, "clocks", out.clocks);
    take(from, "words", out.words), take(from, "teams", out.teams);
    take(from, "is_urgent", out.is_urgent), take(from, "is_unassigned", out.is_unassigned);
    if (auto found = from.find("legal_days"); found != from.end() && found->is_number_integer())
        out.legal_days = found->get<std::int64_t>();
    return out;
}

rule_actions actions_from(const json& from) {
    rule_actions out;
    take(from, "set_category", out.category), take(from, "set_team", out.team), take(from, "set_assignee", out.assignee);
    take(from, "hold", out.hold), take(from, "hold_detail", out.hold_detail), take(from, "note", out.note), take(from, "alert", out.alerts);
    return out;
}

} // namespace

json to_json(const rule_actions& of) {
    return {{"set_category", of.category},
            {"set_team", of.team},
            {"set_assignee", of.assignee == 0 ? json(nullptr) : json(of.assignee)},
            {"hold", of.hold},
            {"hold_detail", of.hold_detail},
            {"note", of.note},
            {"alert", of.alerts}};
}

json to_json(const rule_text& of) {
    json out = {{"title", of.title}, {"is_on", of.is_on}, {"event", of.event}};
    out["after_hours"] = of.event == "waited" ? json(of.after_hours) : json(nullptr);
    out.update(conditions_json(of.when));
    out.update(to_json(of.then));
    return out;
}

rule_text from_json(const json& from) {
    rule_text out;
    if (!from.is_object()) return out;
    take(from, "title", out.title), take(from, "is_on", out.is_on), take(from, "event", out.event);
    take(from, "after_hours", out.after_hours);
    out.when = conditions_from(from), out.then = actions_from(from);
    return out;
}

std::vector<rule> all(soci::session& sql) { return read(sql, select + "ORDER BY place, id"); }

std::vector<rule> on(soci::session& sql) { return read(sql, select + "AND is_on = 1 ORDER BY place, id"); }

rule get(soci::session& sql, std::int64_t id) {
    auto found = sql::first<rule_row>(sql, select + "AND id = :id", id);
    if (!found) throw not_found();
    return found->take();
}

std::int64_t add(soci::session& sql, const rule_text& what, const actor& who, sys_seconds now) {
    auto good = check(sql, what);
    auto known = all(sql);
    if (known.size() >= count_limit) throw conflict("conflict.rules");
    auto place = known.empty() ? 1 : known.back().place + 1;
    auto id = sql::insert(sql,
                          "INSERT INTO rule (title, place, is_on, event, after_hours, body, on_since, changed_by, changed_at) VALUES "
                          "(:title, :place, :is_on, :event, :after_hours, :body, :on_since, :by, :now)",
                          good.title, place, good.is_on, good.event, good.after_hours, to_json(good).dump(), now, who.name, now);
    record(sql, who, "rule.added", id, {{"title", good.title}, {"is_on", good.is_on}}, now);
    return id;
}

void change(soci::session& sql, std::int64_t id, std::int64_t seen, const rule_text& what, const actor& who, sys_seconds now) {
    get(sql, id);
    auto good = check(sql, what);
    auto taken = sql::change(sql,
                             "UPDATE rule SET version = version + 1, title = :title, is_on = :is_on, event = :event, after_hours = "
                             ":after_hours, body = :body, on_since = :on_since, looked_since = 0, looked_ticket = 0, changed_by = :by, "
                             "changed_at = :now WHERE id = :id AND version = :seen",
                             good.title, good.is_on, good.event, good.after_hours, to_json(good).dump(), now, who.name, now, id, seen);
    if (taken == 0) throw conflict("conflict.rule");
    record(sql, who, "rule.changed", id, {{"title", good.title}, {"is_on", good.is_on}}, now);
}

void hold(soci::session& sql, std::int64_t id, std::int64_t seen) {
    sql::change(sql, "UPDATE rule SET version = version WHERE id = :id", id);
    if (auto version = get(sql, id).version; seen != 0 && seen != version) throw conflict("conflict.rule");
}

void set_on(soci::session& sql, std::int64_t id, bool is_on, const actor& who, sys_seconds now) {
    get(sql, id);
    auto changed = sql::change(sql,
                               "UPDATE rule SET version = version + 1, is_on = :is_on, on_since = :on_since, looked_since = 0, "
                               "looked_ticket = 0, changed_by = :by, changed_at = :now WHERE id = :id AND is_on <> :same",
                               is_on, now, who.name, now, id, is_on);
    if (changed == 1) record(sql, who, is_on ? "rule.switched_on" : "rule.switched_off", id, json::object(), now);
}

void move(soci::session& sql, std::int64_t id, bool is_earlier, const actor& who, sys_seconds now) {
    get(sql, id);
    auto order = all(sql);
    auto at = std::find_if(order.begin(), order.end(), [id](const rule& each) { return each.id == id; });
    if (is_earlier ? at == order.begin() : at + 1 == order.end()) return;
    std::iter_swap(at, is_earlier ? at - 1 : at + 1);
    for (std::size_t i = 0; i < order.size(); ++i)
        sql::change(sql, "UPDATE rule SET place = :place WHERE id = :id", static_cast<std::int64_t>(i) + 1, order[i].id);
    sql::change(sql, "UPDATE rule SET version = version + 1 WHERE id = :id", id);
    record(sql, who, "rule.moved", id, {{"earlier", is_earlier}}, now);
}

void remove(soci::session& sql, std::int64_t id, const actor& who, sys_seconds now) {
    auto gone = get(sql, id);
    sql::change(sql, "UPDATE rule SET is_on = 0, removed_at = :now WHERE id = :id", now, id);
    record(sql, who, "rule.removed", id, {{"title", gone.title}}, now);
}

} // namespace relais::model::rules
