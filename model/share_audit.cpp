// SPDX-License-Identifier: EUPL-1.2
#include "model/share_audit.hpp"

#include "model/sha256.hpp"
#include "model/sql.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
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

// Kind and due day are in the event as they were said.
std::string said(const std::string& kind, const std::string& due, const std::string& text_hash) {
    return kind + " " + due + " " + text_hash;
}

void add_decisions(soci::session& sql, both& to) {
    for (const auto& text : sql::all<std::string>(
             sql,
             "SELECT data FROM event WHERE object_kind = 'incident' AND action IN ('incident.decided', 'incident.decision_amended')")) {
        auto data = nlohmann::json::parse(text, nullptr, false);
        if (data.is_object() && data.contains("decision"))
            to.written[of_decision(data["decision"].get<std::int64_t>())] =
                said(hash_in(data, "kind"), hash_in(data, "due"), hash_in(data, "text_sha256"));
    }
    using row = std::tuple<std::int64_t, std::string, std::string, std::string>;
    for (const auto& [id, kind, due, text] : sql::all<row>(sql, "SELECT id, kind, due, text FROM decision ORDER BY id"))
        to.found[of_decision(id)] = said(kind, due, sha256::hex(text));
}

// What was said about a decision, in its order: a step has no number in its event.
void add_steps(soci::session& sql, both& to) {
    for (const auto& text : sql::all<std::string>(
             sql, "SELECT data FROM event WHERE object_kind = 'incident' AND action IN ('incident.decision_comment', "
                  "'incident.decision_answer', 'incident.decision_carried_out', 'incident.decision_resumed') ORDER BY id")) {
        auto data = nlohmann::json::parse(text, nullptr, false);
        if (data.is_object() && data.contains("decision"))
            to.written["what was said of " + of_decision(data["decision"].get<std::int64_t>())] += hash_in(data, "text_sha256");
    }
    using row = std::tuple<std::int64_t, std::string>;
    for (const auto& [decision, text] : sql::all<row>(sql, "SELECT decision_id, text FROM decision_step ORDER BY id"))
        to.found["what was said of " + of_decision(decision)] += sha256::hex(text);
}

} // namespace

std::vector<std::string> differences(soci::session& sql) {
    both all;
    add_shares(sql, all);
    add_decisions(sql, all);
    add_steps(sql, all);
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
