// SPDX-License-Identifier: EUPL-1.2
#include "model/rule_decision.hpp"

#include "model/category.hpp"
#include "model/legal_clock.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace relais::model {

namespace {

// Whether a list names the value; an empty list does not matter.
template <class Value> bool fits(const std::vector<Value>& wanted, const Value& value) {
    return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

bool has_part(std::string_view text, std::string_view part) {
    return (" " + std::string(text) + " ").find(" " + std::string(part) + " ") != std::string::npos;
}

bool has_any(const std::vector<std::string>& wanted, std::string_view flags) {
    return wanted.empty() || std::any_of(wanted.begin(), wanted.end(), [flags](const auto& each) { return has_part(flags, each); });
}

bool says_any(const std::vector<std::string>& wanted, std::string_view words) {
    return wanted.empty() ||
           std::any_of(wanted.begin(), wanted.end(), [words](const auto& each) { return has_part(words, rule_words(each)); });
}

bool is_due(const std::optional<std::int64_t>& days, const rule_moment& at) {
    if (!days) return true;
    return seconds(at.facts.legal_at) != legal_clocks::never && at.facts.legal_at - at.at <= std::chrono::hours(24) * *days;
}

bool is_urgent(std::string_view category) {
    const auto* known = categories::find(category);
    return known && known->skips_queue;
}

} // namespace

std::string rule_words(std::string_view text) {
    std::string out;
    for (char each : text::fold(text)) {
        auto is_letter = (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9') || static_cast<unsigned char>(each) >= 0x80;
        if (is_letter)
            out += each;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    if (out.ends_with(' ')) out.pop_back();
    return out;
}

namespace rule_decisions {

bool holds(const rule_conditions& when, const rule_moment& at) {
    const auto& of = at.facts;
    return fits(when.procedures, of.procedure) && fits(when.categories, of.category) && fits(when.departments, of.department) &&
           fits(when.channels, of.channel) && fits(when.statuses, of.status) && fits(when.waiting_reasons, of.waiting_reason) &&
           fits(when.dossier_statuses, of.dossier_status) && fits(when.teams, of.team) && has_any(when.flags, of.flags) &&
           (when.clocks.empty() || at.clock.empty() || fits(when.clocks, at.clock)) && is_due(when.legal_days, at) &&
           (!when.is_urgent || is_urgent(of.category)) && (!when.is_unassigned || of.assignee == 0) && says_any(when.words, at.words);
}

rule_actions effect(const rule_actions& wanted, const rule_facts& on) {
    if (on.status == "merged") return {};
    auto out = wanted;
    auto is_closed = on.status == "closed";
    if (out.category == on.category) out.category.clear();
    if (out.team == on.team) out.team.clear();
    if (out.assignee == on.assignee || is_closed) out.assignee = 0;
    if (is_closed || (on.status == "waiting" && on.waiting_reason == out.hold)) out.hold.clear();
    if (out.hold.empty()) out.hold_detail.clear();
    return out;
}

void apply(rule_facts& to, const rule_actions& done) {
    if (!done.category.empty()) to.category = done.category;
    if (!done.team.empty()) to.team = done.team;
    if (done.assignee != 0) {
        to.assignee = done.assignee;
        if (to.status == "new") to.status = "open";
    }
    if (!done.hold.empty()) to.status = "waiting", to.waiting_reason = done.hold;
}

std::vector<rule_decision> decide(const std::vector<rule>& in_order, const rule_moment& at, const std::set<std::int64_t>& spent) {
    std::vector<rule_decision> out;
    auto seen = at;
    for (const auto& each : in_order) {
        if (!seen.events.contains(each.event) || seen.at < each.on_since || spent.contains(each.id)) continue;
        if (!holds(each.when, seen)) continue;
        auto does = effect(each.then, seen.facts);
        if (does.is_nothing()) continue;
        apply(seen.facts, does);
        out.push_back({&each, std::move(does)});
    }
    return out;
}

} // namespace rule_decisions

} // namespace relais::model
