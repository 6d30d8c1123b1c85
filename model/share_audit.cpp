// SPDX-License-Identifier: EUPL-1.2
#include "model/share_audit.hpp"

#include "model/sha256.hpp"
#include "model/sql.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>

namespace relais::model::share_audits {

namespace {

using names = std::map<std::string, std::string>; // "decision 12": the hash of what it says

// What the journal says was written, and what is there.
struct both {
    names written, found;
};

std::string hash_in(const nlohmann::json& data, const char* name) {
    return data.is_object() ? data.value(name, std::string{}) : std::string{};
}

void add_shares(soci::session& sql, both& to) {
    using event_row = std::tuple<std::int64_t, std::string>;
    for (const auto& [id, data] :
         sql::all<event_row>(sql, "SELECT object_id, data FROM event WHERE object_kind = 'weekly_share' AND action = 'share.made'"))
        to.written["share " + std::to_string(id)] = hash_in(nlohmann::json::parse(data, nullptr, false), "sha256");
    for (auto id : sql::all<std::int64_t>(sql, "SELECT id FROM weekly_share ORDER BY id"))
        to.found["share " + std::to_string(id)] =
            sha256::hex(*sql::first<std::string>(sql, "SELECT body FROM weekly_share WHERE id = :id", id));
}

std::string of_decision(std::int64_t id) { return "decision " + std::to_string(id); }

// Who did something and when, as both the row and its event say it.
struct doing {
    std::string actor_kind;
    std::optional<std::int64_t> actor_id;
    std::string actor_name;
    std::int64_t at = 0; // seconds in a row, microseconds in an event
    std::string text(std::int64_t units_in_s = 1) const {
        auto id = actor_id ? std::to_string(*actor_id) : std::string{};
        return actor_kind + " " + id + " " + actor_name + " " + std::to_string(at / units_in_s) + "\n";
    }
};
constexpr std::int64_t us_in_s = 1'000'000;

struct told {
    std::int64_t object_id = 0;
    doing done;
    std::string action, text;
    nlohmann::json data;
    auto fields() { return std::tie(object_id, done.actor_kind, done.actor_id, done.actor_name, done.at, action, text); }
    std::int64_t number(const char* name) const { return data.value(name, std::int64_t{0}); }
};

// The events that tell of a decision, in their order.
std::vector<told> told_of_decisions(soci::session& sql, const std::string& actions) {
    auto out = sql::all<told>(sql, "SELECT object_id, actor_kind, actor_id, actor_name, at_us, action, data FROM event WHERE object_kind = "
                                   "'incident' AND action IN (" +
                                       actions + ") ORDER BY id");
    for (auto& each : out) each.data = nlohmann::json::parse(each.text, nullptr, false);
    std::erase_if(out, [](const told& each) { return !each.data.is_object() || !each.data.contains("decision"); });
    return out;
}

struct decided {
    std::int64_t id = 0, share_id = 0, incident_id = 0;
    std::string kind, due, text;
    std::int64_t amends = 0; // 0: none
    doing done;
    auto fields() {
        return std::tie(id, share_id, incident_id, kind, due, text, amends, done.actor_kind, done.actor_id, done.actor_name, done.at);
    }
};

std::string said(std::int64_t share, std::int64_t incident, const std::string& kind, const std::string& due, std::int64_t amends,
                 const std::string& text_hash) {
    auto numbers = std::to_string(share) + " " + std::to_string(incident) + " " + std::to_string(amends);
    return numbers + " " + kind + " " + due + " " + text_hash + " ";
}

// Two events of one number add up to what no row says: it was taken away, and its number given again.
void add_decisions(soci::session& sql, both& to) {
    std::set<std::int64_t> with_share; // events did not say it at first
    for (const auto& each : told_of_decisions(sql, "'incident.decided', 'incident.decision_amended'")) {
        if (each.data.contains("share")) with_share.insert(each.number("decision"));
        to.written[of_decision(each.number("decision"))] +=
            said(each.number("share"), each.object_id, hash_in(each.data, "kind"), hash_in(each.data, "due"), each.number("amends"),
                 hash_in(each.data, "text_sha256")) +
            each.done.text(us_in_s);
    }
    for (const auto& each : sql::all<decided>(sql, "SELECT id, share_id, incident_id, kind, due, text, COALESCE(amends_id, 0), actor_kind, "
                                                   "actor_id, actor_name, decided_at FROM decision ORDER BY id")) {
        auto share = with_share.contains(each.id) ? each.share_id : 0;
        to.found[of_decision(each.id)] =
            said(share, each.incident_id, each.kind, each.due, each.amends, sha256::hex(each.text)) + each.done.text();
    }
}

struct step {
    std::int64_t id = 0, decision_id = 0;
    std::string kind, text;
    doing done;
    auto fields() { return std::tie(id, decision_id, kind, text, done.actor_kind, done.actor_id, done.actor_name, done.at); }
};

// What was said about a decision. Events had no number of the step at first: those are compared together, in their order.
void add_steps(soci::session& sql, both& to) {
    constexpr std::string_view prefix = "incident.decision_";
    auto all_of = [](std::int64_t decision) { return "what was said of " + of_decision(decision); };
    std::map<std::int64_t, std::string> named; // steps that have a number
    for (const auto& each : told_of_decisions(sql, "'incident.decision_comment', 'incident.decision_answer', "
                                                   "'incident.decision_carried_out', 'incident.decision_resumed'")) {
        auto decision = each.number("decision");
        auto name = all_of(decision);
        if (auto number = each.number("step"); number > 0)
            name = named[number] = "step " + std::to_string(number) + " of " + of_decision(decision);
        to.written[name] += std::to_string(decision) + " " + each.action.substr(prefix.size()) + " " + hash_in(each.data, "text_sha256") +
                            " " + each.done.text(us_in_s);
    }
    for (const auto& each : sql::all<step>(sql, "SELECT id, decision_id, kind, text, actor_kind, actor_id, actor_name, made_at FROM "
                                                "decision_step ORDER BY id")) {
        auto name = named.find(each.id);
        to.found[name == named.end() ? all_of(each.decision_id) : name->second] +=
            std::to_string(each.decision_id) + " " + each.kind + " " + sha256::hex(each.text) + " " + each.done.text();
    }
}

struct acknowledged {
    std::int64_t share_id = 0;
    doing done;
    auto fields() { return std::tie(share_id, done.actor_kind, done.actor_id, done.actor_name, done.at); }
};

// Those of a share together, in the order of their words: two that were made at once may have been told in another order.
void add_acknowledgements(soci::session& sql, both& to) {
    auto add = [&sql](names& into, const std::string& select, std::int64_t units_in_s) {
        std::map<std::int64_t, std::multiset<std::string>> by_share;
        for (const auto& each : sql::all<acknowledged>(sql, select)) by_share[each.share_id].insert(each.done.text(units_in_s));
        for (const auto& [share, all] : by_share)
            for (const auto& each : all) into["the list of acknowledgements of share " + std::to_string(share)] += each;
    };
    add(to.written,
        "SELECT object_id, actor_kind, actor_id, actor_name, at_us FROM event WHERE object_kind = 'weekly_share' AND action = "
        "'share.acknowledged'",
        us_in_s);
    add(to.found, "SELECT share_id, actor_kind, actor_id, actor_name, made_at FROM share_receipt", 1);
}

} // namespace

std::vector<std::string> differences(soci::session& sql) {
    both all;
    add_shares(sql, all);
    add_decisions(sql, all);
    add_steps(sql, all);
    add_acknowledgements(sql, all);
    std::vector<std::string> out;
    for (const auto& [name, hash] : all.written) {
        auto found = all.found.find(name);
        if (found == all.found.end())
            out.push_back(name + " was taken away");
        else if (found->second != hash)
            out.push_back(name + " was changed");
    }
    for (const auto& [name, hash] : all.found)
        if (!all.written.contains(name)) out.push_back(name + " was written by nobody the journal knows");
    return out;
}

} // namespace relais::model::share_audits
