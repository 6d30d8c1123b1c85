// SPDX-License-Identifier: EUPL-1.2
#include "model/escalation_rule.hpp"

#include "model/category.hpp"
#include "model/incident_actions.hpp"
#include "model/incident_facts.hpp"
#include "model/incident_state.hpp"
#include "model/silent_dossier.hpp"
#include "model/sql.hpp"

#include <date/date.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace relais::model::escalation_rules {

namespace {

using namespace std::chrono_literals;
constexpr auto week = 7 * 24h;
constexpr auto before_fix = 3 * 24h, recent = 14 * 24h;
constexpr auto registry_patience = 10min;

incidents::action by_machine(std::int64_t number, sys_seconds now) { return {number, 0, actor{}, now}; }

std::int64_t received(soci::session& sql, std::int64_t number, sys_seconds from, sys_seconds until) {
    return *sql::first<std::int64_t>(
        sql, "SELECT COUNT(*) FROM report WHERE incident_id = :incident AND received_at > :from AND received_at <= :until", number, from,
        until);
}

// The smallest n with P(N <= n) >= 0.95.
std::int64_t poisson_centile(double mean) {
    constexpr double wanted = 0.95;
    constexpr std::int64_t limit = 1'000'000;
    auto term = std::exp(-mean), sum = term;
    if (term == 0) return static_cast<std::int64_t>(std::ceil(mean + 1.645 * std::sqrt(mean))); // large means: the normal law
    std::int64_t n = 0;
    while (sum < wanted && n < limit) sum += term *= mean / static_cast<double>(++n);
    return n;
}

// Most of its tickets look like an anomaly, or say the same error code, or too many came at once for what they look like.
bool is_anomaly(soci::session& sql, const incident& of, const std::vector<incident_fact>& facts, const escalation_terms& terms,
                sys_seconds now) {
    std::int64_t ordinary = 0, same_code = 0;
    for (const auto& each : facts) {
        const auto* category = each.name == "category" ? categories::find(each.value) : nullptr;
        if (category && category->nature.empty()) ordinary += each.tickets;
        if (each.name == "error_code") same_code = std::max(same_code, each.tickets);
    }
    if (ordinary * 2 <= of.tickets || same_code * 2 >= of.tickets) return true;
    return (of.burst_at && now - *of.burst_at < 24h) || received(sql, of.id, now - 24h, now) >= terms.ordinary_tickets;
}

// People said that it is no bug: it waits like a group of ordinary contacts, and for more than they saw in the day before they said so.
// The numbers that say to ask them again; nothing otherwise.
std::optional<nlohmann::json> second_look(soci::session& sql, const incident& of, const escalation_terms& terms, sys_seconds now) {
    auto said_at = sql::first<sys_seconds>(
        sql, "SELECT made_at FROM correction WHERE incident_id = :incident AND kind = 'dismiss' ORDER BY id DESC LIMIT 1", of.id);
    if (!said_at || of.merged_into) return std::nullopt;
    auto before = received(sql, of.id, *said_at - 24h, *said_at), since = received(sql, of.id, std::max(*said_at, now - 24h), now);
    auto is_bursting = of.burst_at && *of.burst_at > *said_at && now - *of.burst_at < 24h;
    if (!is_bursting && (since < terms.ordinary_tickets || since <= before)) return std::nullopt;
    return nlohmann::json{{"tickets", since}, {"before", before}, {"threshold", terms.ordinary_tickets}};
}

// What a group that nobody read has become.
struct judged_group {
    const category* about = nullptr; // what most of its tickets are about
    bool skips_queue = false, is_to_propose = false, is_to_withdraw = false;
};
judged_group judge_group(soci::session& sql, const incident& of, const escalation_terms& terms, sys_seconds now) {
    judged_group out;
    auto was_proposed = of.state == "proposed" && !of.is_reviewed;
    if ((of.state != "watched" && !was_proposed) || of.merged_into) return out;
    auto facts = incident_facts::read(sql, of.id);
    out.about = categories::find(incident_facts::dominant(facts, "category"));
    out.skips_queue = out.about && out.about->skips_queue && of.tickets > 0;
    auto is_large = of.tickets >= terms.propose_tickets && of.citizens >= terms.propose_citizens;
    out.is_to_withdraw = was_proposed && !out.skips_queue && !is_large;
    out.is_to_propose = !was_proposed && (out.skips_queue || (is_large && is_anomaly(sql, of, facts, terms, now)));
    return out;
}

bool is_calm(const incident& of, sys_seconds now) { return of.calm_until_at && *of.calm_until_at > now; }

// More than late reporters explain, as far as their number alone tells.
bool are_many(const late_counts& counted, const escalation_terms& terms) {
    return counted.tickets >= terms.regression_tickets && counted.tickets > late_allowed(counted, terms);
}

} // namespace

counts read(soci::session& sql, const incident& of, sys_seconds now) {
    counts out;
    out.tickets_7d = received(sql, of.id, now - week, now);
    out.tickets_before = received(sql, of.id, now - 2 * week, now - week);
    out.departments = *sql::first<std::int64_t>(
        sql, "SELECT COUNT(*) FROM incident_fact WHERE incident_id = :incident AND name = 'department' AND tickets > 0", of.id);
    out.episode = of.episode;
    out.is_bursting = of.burst_at && now - *of.burst_at < 24h;
    auto alarm =
        sql::first<std::string>(sql, "SELECT numbers FROM incident_burst WHERE incident_id = :incident ORDER BY hour DESC LIMIT 1", of.id);
    if (alarm) out.burst = nlohmann::json::parse(*alarm, nullptr, false);
    return out;
}

std::optional<fired> judge(const counts& counted, const escalation_terms& terms) {
    if (counted.is_bursting) return fired{"burst", counted.burst};
    if (counted.tickets_7d >= terms.tickets && counted.tickets_7d > counted.tickets_before)
        return fired{"growth",
                     {{"tickets_7d", counted.tickets_7d}, {"tickets_before", counted.tickets_before}, {"threshold", terms.tickets}}};
    if (counted.departments >= terms.departments)
        return fired{"departments", {{"departments", counted.departments}, {"threshold", terms.departments}}};
    if (counted.episode - 1 >= terms.recurrences)
        return fired{"recurrence", {{"episode", counted.episode}, {"threshold", terms.recurrences}}};
    return std::nullopt;
}

bool apply(soci::session& sql, std::int64_t number, const escalation_terms& terms, sys_seconds now) {
    auto of = incidents::get(sql, number);
    if (of.state != "confirmed" || of.merged_into || is_calm(of, now)) return false;
    auto fired = judge(read(sql, of, now), terms);
    if (!fired) return false;
    incidents::escalate(sql, by_machine(number, now), fired->rule, fired->numbers);
    return true;
}

late_counts read_late(soci::session& sql, const incident& of, const escalation_terms& terms, sys_seconds now) {
    late_counts out;
    if (!of.fixed_at) return out;
    auto fixed = *of.fixed_at;
    // Only what is recent: one stray ticket a month never adds up to a regression.
    auto from = std::max(fixed, now - recent);
    out.tickets = received(sql, of.id, from, now);
    out.elapsed = now - fixed;
    out.a_day_before = static_cast<double>(received(sql, of.id, fixed - before_fix, fixed)) / 3.0;
    if (!are_many(out, terms)) return out; // nearly always: no dossier is looked at
    // The day of the fix itself says nothing: a dossier stuck that day may have been so before it. Nor does, for some minutes, a ticket
    // whose dossier the registry is being asked for.
    auto day = date::format("%F", date::floor<date::days>(fixed));
    out.arisen = *sql::first<std::int64_t>(
        sql,
        "SELECT COUNT(*) FROM report JOIN ticket ON ticket.id = report.ticket_id LEFT JOIN dossier_snapshot seen ON seen.id = (SELECT "
        "MIN(id) FROM dossier_snapshot WHERE ticket_id = ticket.id AND dossier_id = ticket.dossier_id) WHERE report.incident_id = "
        ":incident AND report.received_at > :fixed AND (seen.id IS NULL OR seen.status_since > :day OR seen.status_since = '') AND NOT "
        "EXISTS (SELECT 1 FROM registry_lookup lookup WHERE lookup.ticket_id = ticket.id AND lookup.state = 'waiting' AND "
        "lookup.answered_at IS NULL AND lookup.created_at > :lately AND (ticket.dossier_number_typed <> '' OR ticket.neph_typed <> '') "
        "AND ticket.dossier_id IS NULL)",
        of.id, from, day, now - registry_patience);
    return out;
}

std::int64_t late_allowed(const late_counts& counted, const escalation_terms& terms) {
    auto days = static_cast<double>(std::max<std::int64_t>(counted.elapsed.count(), 0)) / 86400.0;
    auto mean_days = static_cast<double>(terms.late_days);
    return poisson_centile(counted.a_day_before * mean_days * (1 - std::exp(-days / mean_days)));
}

std::optional<nlohmann::json> regression(const late_counts& counted, const escalation_terms& terms) {
    if (!are_many(counted, terms) || counted.arisen < 1) return std::nullopt;
    return nlohmann::json{{"tickets", counted.tickets},
                          {"after_fix", counted.arisen},
                          {"late_allowed", late_allowed(counted, terms)},
                          {"threshold", terms.regression_tickets}};
}

bool apply_regression(soci::session& sql, std::int64_t number, const escalation_terms& terms, sys_seconds now) {
    auto of = incidents::get(sql, number);
    if (!incident_states::is_fixed(of.state) || of.merged_into) return false;
    auto evidence = regression(read_late(sql, of, terms, now), terms);
    if (!evidence) return false;
    incidents::regress(sql, by_machine(number, now), *evidence);
    return true;
}

bool apply_proposal(soci::session& sql, std::int64_t number, const escalation_terms& terms, sys_seconds now) {
    auto of = incidents::get(sql, number);
    if (of.state == "dismissed") {
        auto numbers = second_look(sql, of, terms, now);
        if (numbers) incidents::propose_again(sql, by_machine(number, now), *numbers);
        return numbers.has_value();
    }
    auto found = judge_group(sql, of, terms, now);
    if (found.is_to_withdraw) incidents::withdraw(sql, by_machine(number, now));
    if (!found.is_to_propose) return false;
    incidents::propose(sql, by_machine(number, now));
    silent_dossiers::guess(sql, number);
    if (found.about)
        sql::change(sql, "UPDATE incident SET nature = :nature, cause_owner = :owner WHERE id = :id AND nature = ''", found.about->nature,
                    found.about->cause_owner, number);
    // Whose data or identity is at stake is security; the other starred categories are people in hardship.
    auto is_security = found.skips_queue && (found.about->code == "CIV-06" || found.about->code == "PHO-04");
    if (found.skips_queue)
        sql::change(sql, "UPDATE incident SET is_security = :security, is_hardship = :hardship WHERE id = :id", is_security, !is_security,
                    number);
    return true;
}

void apply_all(soci::session& sql, std::int64_t number, const escalation_terms& terms, sys_seconds now) {
    apply_proposal(sql, number, terms, now);
    if (!apply_regression(sql, number, terms, now)) apply(sql, number, terms, now);
}

bool would_act(soci::session& sql, std::int64_t number, const escalation_terms& terms, sys_seconds now) {
    auto of = incidents::get(sql, number);
    if (of.merged_into) return false;
    if (of.state == "dismissed") return second_look(sql, of, terms, now).has_value();
    if (incident_states::is_fixed(of.state)) return regression(read_late(sql, of, terms, now), terms).has_value();
    if (of.state == "confirmed") return !is_calm(of, now) && judge(read(sql, of, now), terms).has_value();
    auto found = judge_group(sql, of, terms, now);
    return found.is_to_propose || found.is_to_withdraw;
}

std::vector<std::int64_t> due(soci::session& sql, sys_seconds since, sys_seconds now) {
    std::set<std::int64_t> out;
    auto add = [&](const std::string& text, auto... values) {
        for (auto each : sql::all<std::int64_t>(sql, text, values...)) out.insert(each);
    };
    add("SELECT id FROM incident WHERE state = 'confirmed' AND merged_into IS NULL");
    // By the times alone (0 + hides the others): for a DISTINCT, or an incident's number, SQLite reads every report of every incident.
    add("SELECT incident_id FROM report WHERE received_at >= :lately AND 0 + incident_id > 0", now - 1h);
    add("SELECT incident_id FROM report WHERE updated_at >= :since AND 0 + incident_id > 0", since);
    return {out.begin(), out.end()};
}

} // namespace relais::model::escalation_rules
