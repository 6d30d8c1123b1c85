// SPDX-License-Identifier: EUPL-1.2
#include "api/rule_view.hpp"

#include "api/pages.hpp"
#include "api/view_parts.hpp"
#include "model/category.hpp"
#include "model/dossier_status.hpp"
#include "model/procedure.hpp"

#include <algorithm>
#include <array>

namespace relais::api::views {

namespace {

using nlohmann::json;

// The lists of codes that a rule may name, and the family of their words.
struct code_list {
    const char* name;
    const char* family;
};
constexpr auto code_lists = std::to_array<code_list>({{"procedures", "procedure"},
                                                      {"categories", "category"},
                                                      {"channels", "channel"},
                                                      {"statuses", "ticket_status"},
                                                      {"waiting_reasons", "waiting_reason"},
                                                      {"dossier_statuses", "dossier_status"},
                                                      {"flags", "flag"},
                                                      {"clocks", "clock"},
                                                      {"departments", "department"},
                                                      {"teams", "team"},
                                                      {"words", ""}});

std::string say(const lens& through, const std::string& key, const json& values = json::object()) {
    return through.texts->say(through.language, key, values);
}

std::string label(const rule_names& names, const lens& through, std::string_view family, const std::string& code) {
    if (family == "team") {
        for (const auto& each : names.teams)
            if (each.code == code) return each.name;
        return code;
    }
    const auto* found = through.texts->find(through.language, std::string(family) + "." + code);
    return found ? *found : code;
}

std::string colleague(const rule_names& names, std::int64_t id) {
    for (const auto& each : names.colleagues)
        if (each.id == id) return each.name;
    return "n° " + std::to_string(id);
}

json conditions(const model::rule& of, const rule_names& names, const lens& through) {
    auto out = json::array();
    auto flat = model::rules::to_json(of);
    for (const auto& list : code_lists) {
        std::string values;
        for (const auto& each : flat.at(list.name))
            values += (values.empty() ? "" : ", ") + label(names, through, list.family, each.get<std::string>());
        if (!values.empty()) out.push_back(say(through, "rule.condition." + std::string(list.name), {{"values", values}}));
    }
    if (of.when.legal_days) out.push_back(say(through, "rule.condition.legal_days", {{"days", *of.when.legal_days}}));
    if (of.when.is_urgent) out.push_back(say(through, "rule.condition.is_urgent"));
    if (of.when.is_unassigned) out.push_back(say(through, "rule.condition.is_unassigned"));
    return out;
}

json effects(const model::rule_actions& of, const rule_names& names, const lens& through) {
    auto out = json::array();
    auto add = [&](const char* name, const std::string& value) {
        out.push_back(say(through, "rule.effect." + std::string(name), {{"value", value}}));
    };
    if (!of.category.empty()) add("set_category", label(names, through, "category", of.category));
    if (!of.team.empty()) add("set_team", label(names, through, "team", of.team));
    if (of.assignee != 0) add("set_assignee", colleague(names, of.assignee));
    if (!of.hold.empty())
        add("hold", label(names, through, "waiting_reason", of.hold) + (of.hold_detail.empty() ? "" : " (" + of.hold_detail + ")"));
    if (!of.note.empty()) add("note", of.note);
    if (of.alerts) add("alert", "");
    return out;
}

json options(const json& chosen, const json& all) {
    auto out = json::array();
    for (const auto& each : all) {
        auto one = each;
        one["is_chosen"] = std::find(chosen.begin(), chosen.end(), each.at("code")) != chosen.end();
        out.push_back(std::move(one));
    }
    return out;
}

template <class Codes> json labelled(const Codes& codes, std::string_view family, const rule_names& names, const lens& through) {
    auto out = json::array();
    for (const auto& each : codes) out.push_back({{"code", each}, {"label", label(names, through, family, std::string(each))}});
    return out;
}

json group(const char* name, const json& shown, json all, const lens& through) {
    auto chosen = shown.value(name, json::array());
    return {{"name", name},
            {"legend", say(through, "rule.list." + std::string(name))},
            {"is_open", !chosen.empty()},
            {"count", chosen.empty() ? json(nullptr) : json(chosen.size())},
            {"options", options(chosen, all)}};
}

json choices(const json& shown, const char* name, const json& all) { return options(json::array({shown.value(name, json(nullptr))}), all); }

std::string joined(const json& list, const char* between) {
    std::string out;
    for (const auto& each : list) out += (out.empty() ? "" : between) + each.get<std::string>();
    return out;
}

} // namespace

json rule(const model::rule& of, const rule_names& names, const lens& through) {
    auto out = model::rules::to_json(of);
    out.update({{"id", of.id}, {"place", of.place}, {"version", of.version}, {"fired", of.fired}, {"changed_by", of.changed_by}});
    add_moment(out, through, "fired_at", of.fired_at);
    add_moment(out, through, "changed_at", of.changed_at);
    if (!through.for_people) return out;
    out["event_label"] = say(through, "rule.event." + of.event, {{"hours", of.after_hours}});
    out["conditions"] = conditions(of, names, through);
    out["has_conditions"] = !out["conditions"].empty();
    out["effects"] = effects(of.then, names, through);
    return out;
}

json rule_firing(const model::rule_firing& of, const rule_names& names, const lens& through) {
    auto effect = json::parse(of.effect, nullptr, false);
    if (!effect.is_object()) effect = json::object();
    auto does = model::rules::from_json(effect).then;
    auto is_noted = !does.note.empty();
    effect["note"] = is_noted;
    json out = {
        {"ticket", of.reference}, {"state", of.state}, {"reason", of.reason.empty() ? json(nullptr) : json(of.reason)}, {"effect", effect}};
    add_moment(out, through, "at", of.happened_at);
    if (!through.for_people) return out;
    does.note.clear();
    out["effects"] = effects(does, names, through);
    if (is_noted) out["effects"].push_back(say(through, "rule.effect.noted"));
    out["is_refused"] = of.state == "refused";
    if (!of.reason.empty()) out["t:reason_label"] = of.reason;
    return out;
}

json rule_trial(const model::rule_trial& of, const rule_names& names, const lens& through) {
    json out = {{"tickets", of.tickets},
                {"times", of.times},
                {"days", model::rule_trials::days},
                {"is_whole", of.is_whole},
                {"touched", json::array()}};
    for (const auto& each : of.touched) {
        json one = {{"ticket", each.reference}, {"effect", model::rules::to_json(each.does)}};
        add_moment(one, through, "at", each.at);
        if (through.for_people) one["effects"] = effects(each.does, names, through);
        out["touched"].push_back(std::move(one));
    }
    if (!through.for_people) return out;
    auto count = of.tickets == 0 ? "none" : of.tickets == 1 ? "one" : "some";
    out["words"] = say(through, "rule.trial." + std::string(count), {{"tickets", of.tickets}, {"times", of.times}});
    out["has_touched"] = of.tickets > 0;
    out["is_cut"] = of.tickets > static_cast<std::int64_t>(of.touched.size());
    return out;
}

json rule_form(const json& shown, const rule_names& names, const lens& through) {
    namespace rules = model::rules;
    json out = shown;
    std::vector<std::string_view> categories;
    for (const auto& each : model::categories::all()) categories.push_back(each.code);
    auto teams = json::array(), colleagues = json::array();
    for (const auto& each : names.teams) teams.push_back({{"code", each.code}, {"label", each.name}});
    for (const auto& each : names.colleagues) colleagues.push_back({{"code", each.id}, {"label", each.name}});
    auto all_categories = labelled(categories, "category", names, through);
    auto events = json::array();
    for (auto each : rules::events) events.push_back({{"code", each}, {"label", say(through, "rule.choice." + std::string(each))}});
    out["groups"] =
        json::array({group("procedures", shown, labelled(model::procedures::all, "procedure", names, through), through),
                     group("categories", shown, all_categories, through),
                     group("channels", shown, labelled(rules::channels, "channel", names, through), through),
                     group("statuses", shown, labelled(rules::statuses, "ticket_status", names, through), through),
                     group("waiting_reasons", shown, labelled(rules::waiting_reasons, "waiting_reason", names, through), through),
                     group("dossier_statuses", shown, labelled(model::dossier_statuses::all, "dossier_status", names, through), through),
                     group("teams", shown, teams, through), group("flags", shown, labelled(rules::flags, "flag", names, through), through),
                     group("clocks", shown, labelled(rules::clocks, "clock", names, through), through)});
    out["departments_text"] = joined(shown.value("departments", json::array()), " ");
    out["words_text"] = joined(shown.value("words", json::array()), ", ");
    out["event_options"] = choices(shown, "event", events);
    out["category_options"] = choices(shown, "set_category", all_categories);
    out["team_options"] = choices(shown, "set_team", teams);
    out["colleague_options"] = choices(shown, "set_assignee", colleagues);
    out["hold_options"] = choices(shown, "hold", labelled(rules::holds, "waiting_reason", names, through));
    return out;
}

} // namespace relais::api::views
