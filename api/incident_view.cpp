// SPDX-License-Identifier: EUPL-1.2
#include "api/incident_view.hpp"

#include "api/highlight.hpp"
#include "api/pages.hpp"
#include "api/view_parts.hpp"
#include "api/view_text.hpp"
#include "model/incident_state.hpp"
#include "model/small_cell.hpp"

#include <array>

namespace relais::api::views {

namespace {

using json = nlohmann::json;
constexpr auto dominant = model::incident_facts::dominant;

std::string label(const lens& through, std::string_view family, const std::string& code) {
    auto key = std::string(family) + "." + code;
    const auto* found = through.texts->find(through.language, key);
    return found ? *found : code;
}

void add_moments(json& out, const model::incident& of, const lens& through) {
    add_moment(out, through, "created_at", of.created_at);
    add_moment(out, through, "first_ticket_at", of.first_ticket_at);
    add_moment(out, through, "last_ticket_at", of.last_ticket_at);
    add_moment(out, through, "proposed_at", of.proposed_at);
    add_moment(out, through, "confirmed_at", of.confirmed_at);
    add_moment(out, through, "escalated_at", of.escalated_at);
    add_moment(out, through, "accepted_at", of.accepted_at);
    add_moment(out, through, "workaround_at", of.workaround_at);
    add_moment(out, through, "published_at", of.published_at);
    add_moment(out, through, "fix_at", of.fix_at);
    add_moment(out, through, "fixed_at", of.fixed_at);
    add_moment(out, through, "verified_at", of.verified_at);
    add_moment(out, through, "closed_at", of.closed_at);
    add_moment(out, through, "burst_at", of.burst_at);
    add_moment(out, through, "updated_at", of.updated_at);
}

json optional_number(std::optional<std::int64_t> value) { return value ? json(*value) : json(nullptr); }

void add_counts(json& out, const model::incident& of, const lens& through) {
    auto add = [&](const std::string& name, std::int64_t count) {
        out[name] = hides_few(of, through) ? json() : told_count(count, through);
        if (through.for_people) out[name + "_shown"] = count_shown(out[name], through);
    };
    add("tickets", of.tickets), add("citizens", of.citizens), add("dossiers", of.dossiers);
    add("contacts", of.contacts), add("followers", of.followers), add("me_too", of.me_too);
}

json facts_list(const std::vector<model::incident_fact>& all, const lens& through) {
    auto out = json::array();
    constexpr std::array families = {std::pair{"department", "department"}, std::pair{"procedure", "procedure"},
                                     std::pair{"category", "category"}, std::pair{"status", "dossier_status"}};
    for (const auto& each : all) {
        json one = {{"name", each.name}, {"value", each.value}, {"tickets", each.tickets}};
        if (through.for_people) {
            one["t:name_label"] = "incident.fact." + each.name;
            one["value_label"] = each.value;
            for (const auto& [name, family] : families)
                if (each.name == name) one["value_label"] = label(through, family, each.value);
        }
        out.push_back(std::move(one));
    }
    return out;
}

// The largest terms that decided, in words.
json reasons(const model::report& link, const lens& through) {
    auto out = json::array();
    auto kept = json::parse(link.reasons, nullptr, false);
    if (!kept.is_object() || !kept.contains("terms")) return out;
    for (const auto& each : kept["terms"]) {
        auto one = json::object();
        auto name = each.value("name", std::string{});
        auto contribution = each.value("contribution", 0.0);
        one["name"] = name, one["contribution"] = contribution;
        if (through.sees.words) one["ours"] = each.value("ours", std::string{}), one["theirs"] = each.value("theirs", std::string{});
        if (through.for_people) {
            constexpr std::string_view field = "field:";
            auto key = name.starts_with(field) ? "incident.fact." + name.substr(field.size()) : "incident.reason." + name;
            const auto* label = through.texts->find(through.language, key);
            one["label"] = label ? *label : name;
            one["is_for"] = contribution > 0;
        }
        out.push_back(std::move(one));
    }
    return out;
}

// What the words of the reasons point to, to be shown in the ticket itself.
std::vector<std::string> telling_words(const json& reasons) {
    std::vector<std::string> out;
    for (const auto& each : reasons)
        if (each["contribution"] > 0.0 && each.contains("ours"))
            for (auto& word : highlight::words_of(each["ours"].get_ref<const std::string&>())) out.push_back(std::move(word));
    return out;
}

// Whichever part comes first begins the sentence. Two bytes that begin with c3 are a letter of Latin-1, its capital 32 before it.
std::string capitalised(std::string text) {
    constexpr char lead = '\xc3', first_small = '\xa0', to_capital = 32;
    if (text.size() > 1 && text[0] == lead && static_cast<unsigned char>(text[1]) >= static_cast<unsigned char>(first_small))
        text[1] = static_cast<char>(text[1] - to_capital);
    else if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
        text[0] = static_cast<char>(text[0] - to_capital);
    return text;
}

std::string part(const lens& through, const char* name, const std::string& value) {
    return value.empty() ? std::string{}
                         : through.texts->say(through.language, "incident.sentence." + std::string(name), {{"value", value}});
}

} // namespace

bool sees_few(const sight& sees) { return sees.words || sees.people; }

bool hides_few(const model::incident& of, const lens& through) {
    return !sees_few(through.sees) && model::small_cells::is_small(of.citizens);
}

json told_count(std::int64_t count, const lens& through) {
    return !sees_few(through.sees) && model::small_cells::is_small(count) ? json() : json(count);
}

std::string count_shown(const json& count, const lens& through) {
    return count.is_null() ? through.texts->say(through.language, "share.few") : count.dump();
}

json incident_facts(const std::vector<model::incident_fact>& all, const lens& through) { return facts_list(all, through); }

std::string incident_sentence(const std::vector<model::incident_fact>& all, const lens& through) {
    auto coded = [&](const char* name, const char* family) {
        auto value = dominant(all, name);
        return value.empty() ? value : label(through, family, value);
    };
    std::string out;
    auto add = [&out](const std::string& text) { out += (out.empty() || text.empty() ? "" : ", ") + text; };
    add(part(through, "procedure", coded("procedure", "procedure")));
    add(part(through, "step", dominant(all, "step")));
    add(part(through, "error_code", dominant(all, "error_code")));
    add(part(through, "status", coded("status", "dossier_status")));
    add(part(through, "release", dominant(all, "release")));
    return out.empty() ? through.texts->say(through.language, "incident.sentence.unknown", {}) : capitalised(std::move(out)) + ".";
}

std::string incident_title(const model::incident& of, const std::vector<model::incident_fact>& all, const lens& through) {
    if (!of.title.empty()) return of.title;
    auto category = dominant(all, "category"), procedure = dominant(all, "procedure");
    if (!category.empty()) return label(through, "category", category);
    return procedure.empty() ? through.texts->say(through.language, "incident.untitled", {}) : label(through, "procedure", procedure);
}

json incident(const model::incident& of, const lens& through) {
    json out = {{"number", of.id},
                {"title", of.title},
                {"is_security", of.is_security},
                {"is_hardship", of.is_hardship},
                {"is_fix_incomplete", of.is_fix_incomplete},
                {"is_published", of.is_published()},
                {"is_reviewed", of.is_reviewed},
                {"episode", of.episode},
                {"returned", of.returned},
                {"merged_into", optional_number(of.merged_into)},
                {"public_title", of.public_title},
                {"public_workaround", of.public_workaround},
                {"legal_on", of.legal_on.empty() ? json(nullptr) : json(of.legal_on)},
                {"fix_release", of.fix_release},
                {"version", of.version}};
    add_counts(out, of, through);
    add_code(out, through, "state", "incident.state", of.state);
    add_code(out, through, "nature", "nature", of.nature);
    add_code(out, through, "cause_owner", "cause_owner", of.cause_owner);
    add_code(out, through, "severity", "incident.severity", of.severity);
    add_moments(out, of, through);
    out["legal_case"] = {{"article", of.law_article}, {"persons", of.law_persons}, {"procedure", of.law_procedure}};
    out["stuck"] = {
        {"procedure", of.stuck_procedure}, {"status", of.stuck_status}, {"error_code", of.stuck_error_code}, {"release", of.stuck_release}};
    // Written by and for the team.
    out["description"] = through.sees.words ? json(of.description) : json(nullptr);
    out["cause_text"] = through.sees.words ? json(of.cause_text) : json(nullptr);
    out["internal_workaround"] = through.sees.words ? json(of.internal_workaround) : json(nullptr);
    if (!through.for_people) return out;
    if (!of.legal_on.empty()) out["legal_on_shown"] = view_text::day(*through.texts, through.language, of.legal_on);
    out["age"] = duration(through.now - of.proposed_at.value_or(of.created_at), through);
    out["has_legal_case"] = !of.law_article.empty() || !of.law_persons.empty() || !of.law_procedure.empty();
    out["is_legal_case"] = of.nature == "legal_case_not_covered";
    return out;
}

json incident_ticket(const model::incident_ticket& of, const lens& through) {
    json out = {{"reference", of.reference},
                {"score", of.link.score},
                {"engine", of.link.engine},
                {"episode", of.link.episode},
                {"runner_up", optional_number(of.link.runner_up_id)},
                {"runner_up_score", of.link.runner_up_score},
                {"subject", through.sees.words ? json(of.subject) : json(nullptr)},
                {"decided_by", {{"kind", of.link.decided_by}, {"name", of.link.actor_name}}},
                {"verification", of.link.verification}};
    add_code(out, through, "status", "ticket_status", of.status);
    add_code(out, through, "procedure", "procedure", of.procedure_code);
    add_code(out, through, "department", "department", of.link.department);
    add_moment(out, through, "received_at", of.link.received_at);
    out["reasons"] = reasons(of.link, through);
    if (!through.for_people) return out;
    out["percent"] = static_cast<int>(of.link.score * 100 + 0.5);
    out["is_by_person"] = of.link.decided_by == "person";
    if (through.sees.words) out["excerpt"] = highlight::marked(of.body, telling_words(out["reasons"]));
    return out;
}

json ticket_incident(const model::ticket_incident& of, const lens& through) {
    json out = {{"incident", nullptr}, {"suggestion", nullptr}};
    if (!of.attached && !of.suggested) return out;
    const auto& which = of.attached ? *of.attached : *of.suggested;
    json one = {{"number", which.id},
                {"title", which.title.empty() ? through.texts->say(through.language, "incident.untitled", {}) : which.title},
                {"public_workaround", which.public_workaround},
                {"internal_workaround", through.sees.words ? json(which.internal_workaround) : json(nullptr)},
                {"by_hand", which.law_procedure},
                {"is_published", which.is_published()},
                {"score", of.link->score},
                {"decided_by", {{"kind", of.link->decided_by}, {"name", of.link->actor_name}}},
                {"runner_up", optional_number(of.link->runner_up_id)}};
    add_code(one, through, "state", "incident.state", which.state);
    add_moment(one, through, "fix_at", which.fix_at);
    add_moment(one, through, "fixed_at", which.fixed_at);
    one["reasons"] = reasons(*of.link, through);
    if (through.for_people) {
        one["percent"] = static_cast<int>(of.link->score * 100 + 0.5);
        one["is_by_person"] = of.link->decided_by == "person";
    }
    out[of.attached ? "incident" : "suggestion"] = std::move(one);
    return out;
}

json reported_dossier(const model::silent_dossiers::reported_dossier& of, const lens& through) {
    json out = {{"ticket", of.reference}, {"verification", of.verification}, {"has_moved", of.has_moved()}};
    auto state = [&](const std::string& status, const std::string& step, const std::string& code) {
        json one = {{"step", step}, {"error_code", code}};
        add_code(one, through, "status", "dossier_status", status);
        return one;
    };
    out["then"] = state(of.status_then, of.step_then, of.error_code_then);
    out["now"] = state(of.status_now, of.step_now, of.error_code_now);
    if (through.sees.people) out.update({{"id", of.public_id}, {"number", of.number}});
    if (through.for_people && !of.verification.empty()) out["t:verification_label"] = "incident.verification." + of.verification;
    return out;
}

json public_incident(const model::incident& of, const lens& through) {
    json out = {{"number", of.id},
                {"title", of.public_title},
                {"workaround", of.public_workaround},
                {"me_too", of.me_too + of.followers},
                {"people", of.citizens + of.me_too + of.followers}};
    auto is_over = model::incident_states::is_fixed(of.state);
    auto state = is_over ? "fixed" : of.fix_at ? "fix_scheduled" : "known";
    add_code(out, through, "state", "incident.public_state", state);
    add_moment(out, through, "published_at", of.published_at);
    add_moment(out, through, "fix_at", of.fix_at);
    add_moment(out, through, "fixed_at", of.fixed_at);
    if (!through.for_people) return out;
    auto day = [&](std::optional<model::sys_seconds> at) {
        return at ? view_text::day(*through.texts, through.language, view_text::local_day(*at)) : std::string{};
    };
    out["fix_day"] = day(of.fix_at), out["fixed_day"] = day(of.fixed_at), out["published_day"] = day(of.published_at);
    out["is_over"] = is_over;
    return out;
}

} // namespace relais::api::views
