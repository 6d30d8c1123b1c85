// SPDX-License-Identifier: EUPL-1.2
#include "model/share_question.hpp"

#include "model/decision.hpp"
#include "model/incident_state.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace relais::model::share_questions {

namespace {

using json = nlohmann::json;
using incident_moments::us_in_s;

// Each question with when it came up, in microseconds.
using questions = std::vector<std::pair<std::string, std::int64_t>>;

// It was handed over, or came back: everything is asked anew.
bool is_anew(const incident_moment& one) {
    return one.action == "incident.escalated" || one.action == "incident.regressed" || one.action == "incident.reopened";
}

bool is_now_legal(const incident_moment& one) {
    auto data = one.data();
    auto legal = std::string("legal_case_not_covered");
    if (one.action == "incident.confirmed") return data.value("nature", std::string{}) == legal && data.value("nature_from", "") != legal;
    return one.action == "incident.described" && data.value("to", std::string{}) == legal && data.value("from", std::string{}) != legal;
}

// Events that do not say what the severity was before may have raised it.
bool is_now_critical(const incident_moment& one) {
    auto data = one.data();
    if (one.action != "incident.confirmed" && one.action != "incident.described") return false;
    return data.value("severity", std::string{}) == "critical" && data.value("severity_from", std::string{}) != "critical";
}

bool is_now_national(const incident_moment& one) {
    auto data = one.data();
    auto national = std::string("NATIONAL_SYSTEM");
    if (one.action == "incident.confirmed")
        return data.value("cause_owner", std::string{}) == national && data.value("cause_owner_from", "") != national;
    return one.action == "incident.cause" && data.value("to", std::string{}) == national && data.value("from", std::string{}) != national;
}

template <class Rule> std::int64_t last_us(const subject& of, Rule is_asking) {
    std::int64_t out = 0;
    for (const auto& each : of.journal)
        if (each.is_before(of.until) && (is_anew(each) || is_asking(each))) out = each.at_us;
    return out;
}

questions asked(const subject& one) {
    questions out;
    auto is_handed_over = incident_states::is_handed_over(one.state);
    if (one.of.nature == "legal_case_not_covered" && !incident_states::is_fixed(one.state))
        out.emplace_back("rule", last_us(one, is_now_legal));
    if (one.state == "regressed" || (is_handed_over && one.of.severity == "critical"))
        out.emplace_back("priority", last_us(one, is_now_critical));
    for (const auto& each : one.commitments)
        if (each["state"] == "missed" && each["what"] == "date") out.emplace_back("date", each["due_at"].get<std::int64_t>() * us_in_s);
    if (is_handed_over && one.of.cause_owner == "NATIONAL_SYSTEM" && out.empty())
        out.emplace_back("arbitration", last_us(one, is_now_national));
    return out;
}

bool is_answered(soci::session& sql, const decision& one, sys_seconds until) {
    auto said = decisions::steps(sql, one.id);
    return std::any_of(said.begin(), said.end(), [until](const auto& each) { return each.kind == "answer" && each.made_at < until; });
}

// When the last decision was made, of those that stood and count; 0: none.
std::int64_t last_decision_us(soci::session& sql, const subject& of) {
    auto all = decisions::of_incident(sql, of.of.id);
    std::erase_if(all, [&](const auto& each) { return each.decided_at >= of.until; });
    std::set<std::int64_t> replaced;
    for (const auto& each : all)
        if (each.amends_id) replaced.insert(*each.amends_id);
    std::int64_t out = 0;
    for (const auto& each : all)
        if (!replaced.contains(each.id) && (each.kind != "ask" || !is_answered(sql, each, of.until)))
            out = std::max(out, seconds(each.decided_at) * us_in_s);
    return out;
}

} // namespace

json tell(soci::session& sql, const subject& one) {
    auto out = json::array();
    auto all = asked(one);
    if (all.empty()) return out;
    auto decided_us = last_decision_us(sql, one);
    for (const auto& [question, asked_us] : all)
        if (decided_us / us_in_s < asked_us / us_in_s || decided_us == 0) out.push_back(question);
    return out;
}

} // namespace relais::model::share_questions
