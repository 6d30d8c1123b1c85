// SPDX-License-Identifier: EUPL-1.2
// The whole of an incident: what lists and actions share is in incident_view.cpp.
#include "api/incident_drawing.hpp"
#include "api/incident_view.hpp"
#include "api/pages.hpp"
#include "api/view_parts.hpp"
#include "model/silent_dossier.hpp"

namespace relais::api::views {

namespace {

using json = nlohmann::json;

// Numbers that the journal keeps: those of one to four persons are told to some.
json told(json value, const lens& through) {
    if (value.is_number_integer()) return told_count(value.get<std::int64_t>(), through);
    if (value.is_structured())
        for (auto& each : value) each = told(std::move(each), through);
    return value;
}

// What tickets say, without what few of them say.
std::vector<model::incident_fact> told_facts(const model::incident_sheet& sheet, const lens& through) {
    if (hides_few(sheet.incident, through)) return {};
    auto out = sheet.facts;
    std::erase_if(out, [&](const auto& each) { return told_count(each.tickets, through).is_null(); });
    return out;
}

json escalation(const model::escalation& of, const lens& through) {
    json out = {{"episode", of.episode}, {"numbers", told(json::parse(of.numbers, nullptr, false), through)}, {"actor", of.actor_name}};
    add_code(out, through, "rule", "incident.rule", of.rule);
    add_code(out, through, "outcome", "incident.outcome", of.outcome);
    add_moment(out, through, "escalated_at", of.escalated_at);
    add_moment(out, through, "outcome_at", of.outcome_at);
    out.update({{"reason", through.sees.words ? json(of.reason) : json(nullptr)}, {"outcome_by", of.outcome_by}});
    if (through.for_people) {
        auto& numbers = out["numbers_shown"] = json::array();
        if (out["numbers"].is_object())
            for (const auto& [name, value] : out["numbers"].items())
                numbers.push_back({{"t:name_label", "incident.number." + name},
                                   {"value", value.is_string() ? value : json(count_shown(value, through))}});
    }
    return out;
}

json episode(const model::incident_episode& of, const lens& through) {
    json out = {
        {"number", of.number}, {"evidence", told(json::parse(of.evidence, nullptr, false), through)}, {"fix_release", of.fix_release}};
    add_code(out, through, "reason", "incident.episode", of.reason);
    add_moment(out, through, "started_at", of.started_at);
    add_moment(out, through, "fixed_at", of.fixed_at);
    return out;
}

void add_count(json& to, const lens& through, const std::string& name, std::int64_t count) {
    to[name] = told_count(count, through);
    if (through.for_people) to[name + "_shown"] = count_shown(to[name], through);
}

json telling(const std::pair<model::broadcast, model::broadcasts::progress>& of, const lens& through) {
    const auto& [what, progress] = of;
    json out = {{"id", what.id},
                {"message", through.sees.words ? json(what.body) : json(nullptr)},
                {"author", what.author},
                {"queued", told_count(what.queued, through)},
                {"progress", json::object()}};
    auto& sent = out["progress"];
    add_count(sent, through, "waiting", progress.waiting), add_count(sent, through, "sent", progress.sent);
    add_count(sent, through, "failed", progress.failed), add_count(sent, through, "stopped", progress.stopped);
    add_count(sent, through, "letters", progress.letters), add_count(out, through, "by_phone", what.by_phone);
    add_code(out, through, "kind", "incident.telling", what.kind);
    add_code(out, through, "state", "incident.telling_state", what.state);
    add_moment(out, through, "started_at", what.started_at);
    if (through.for_people) {
        out["is_stopped"] = what.state == "stopped";
        out["is_running"] = what.state != "stopped" && (progress.waiting > 0 || what.state == "queueing");
    }
    return out;
}

json outside(const model::tracker_link& of, const lens& through) {
    json out = {{"tracker", of.tracker}, {"reference", of.reference}, {"address", of.address}, {"outside_state", of.outside_state}};
    add_code(out, through, "state", "incident.outside", of.state);
    add_moment(out, through, "updated_at", of.updated_at);
    return out;
}

json verification(const model::verification_run& of, const lens& through) {
    json out = {{"state", of.state}};
    add_count(out, through, "moved", of.moved), add_count(out, through, "stuck", of.stuck);
    add_count(out, through, "no_dossier", of.no_dossier), add_count(out, through, "unread", of.unread);
    add_moment(out, through, "started_at", of.started_at);
    add_moment(out, through, "finished_at", of.finished_at);
    return out;
}

} // namespace

std::string silent_shown(std::int64_t count, const lens& through) {
    using model::silent_dossiers::shown_most;
    if (told_count(count, through).is_null()) return count_shown({}, through);
    return count < shown_most ? std::to_string(count) : std::to_string(shown_most - 1) + "+";
}

json incident_sheet(const model::incident_sheet& sheet, const lens& through) {
    auto out = incident(sheet.incident, through);
    out["title"] = incident_title(sheet.incident, sheet.facts, through);
    out["sentence"] = incident_sentence(sheet.facts, through);
    auto facts = told_facts(sheet, through);
    out["facts"] = incident_facts(facts, through);
    out["silent"] = told_count(sheet.silent, through);
    if (through.for_people) out["silent_shown"] = silent_shown(sheet.silent, through);
    auto list = [&](const auto& all, auto view) {
        auto items = json::array();
        for (const auto& each : all) items.push_back(view(each, through));
        return items;
    };
    out["episodes"] = list(sheet.episodes, episode);
    out["escalations"] = list(sheet.escalations, escalation);
    auto is_few = hides_few(sheet.incident, through);
    out["examples"] = is_few ? json::array() : list(sheet.examples, incident_ticket);
    out["trackers"] = list(sheet.trackers, outside);
    out["broadcasts"] = list(sheet.tellings, telling);
    out["verification"] = sheet.verification ? verification(*sheet.verification, through) : json(nullptr);
    out["suggested"] = is_few ? json::array() : list(sheet.suggested, incident_ticket);
    out["alike"] = list(sheet.alike, incident);
    out["history"] = list(sheet.history, event);
    out["trend"] = incident_drawing::trend(sheet, through);
    if (through.for_people) out["map"] = incident_drawing::map(facts, through);
    return out;
}

} // namespace relais::api::views
