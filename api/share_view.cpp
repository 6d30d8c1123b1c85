// SPDX-License-Identifier: EUPL-1.2
#include "api/share_view.hpp"

#include "api/incident_view.hpp"
#include "api/pages.hpp"
#include "api/share_drawing.hpp"
#include "api/share_incident_view.hpp"
#include "api/share_text.hpp"
#include "api/view_parts.hpp"
#include "api/view_text.hpp"
#include "model/incident_facts.hpp"
#include "model/share_correction.hpp"
#include "model/sql.hpp"

#include <algorithm>
#include <array>

namespace relais::api::views {

namespace {

using json = nlohmann::json;
constexpr int curve_weeks = 10;
constexpr std::size_t waiting_limit = 10, corrections_limit = 15; // on paper

std::chrono::sys_seconds at(const json& value) { return model::at_seconds(value.get<std::int64_t>()); }

std::string say(const lens& through, std::string_view key, const json& values = json::object()) {
    return through.texts->say(through.language, key, values);
}

std::string day_words(std::chrono::sys_seconds when, const lens& through) {
    return view_text::day(*through.texts, through.language, view_text::local_day(when));
}

std::string shown(const json& count, const lens& through) { return share_text::count(count, *through.texts, through.language); }

json figure(const json& of, const lens& through) {
    json out = of;
    const auto* definition = model::figures::find(of["id"].get<std::string>());
    if (!definition) return out;
    auto number = [](const json& value) { return value.is_null() ? std::nullopt : std::optional(value.get<double>()); };
    out["code"] = share_text::code(definition->id);
    out["t:name"] = share_text::key(definition->id, "name"), out["t:formula"] = share_text::key(definition->id, "formula");
    out["note"] = share_text::note(of, *through.texts, through.language), out["has_value"] = !of["value"].is_null();
    out["value_shown"] = share_text::value(*definition, number(of["value"]), through.language);
    out["before_shown"] = share_text::value(*definition, number(of["before"]), through.language);
    out["target_shown"] = share_text::target(*definition, *through.texts, through.language);
    out["is_missed"] = of["is_met"] == false, out["is_reached"] = of["is_met"] == true;
    out["is_alert"] = model::figures::is_alert(*definition, number(of["value"]));
    if (!of["whole"].is_null())
        out["detail"] = share_text::number(of["part"].get<std::int64_t>(), through.language) + " / " +
                        share_text::number(of["whole"].get<std::int64_t>(), through.language);
    return out;
}

json volume(const json& of, const char* family, const lens& through) {
    json out = {{"rows", json::array()}};
    for (const auto& each : of["rows"]) {
        json row = {{"tickets", share_text::number(each["tickets"].get<std::int64_t>(), through.language)}};
        add_code(row, through, "code", family, each["code"]);
        out["rows"].push_back(std::move(row));
    }
    if (of["rest"]["rows"] != 0)
        out["rows"].push_back({{"code_label", say(through, "share.rest", {{"count", of["rest"]["rows"]}})},
                               {"tickets", share_text::number(of["rest"]["tickets"].get<std::int64_t>(), through.language)}});
    return out;
}

json correction(const json& of, const lens& through) {
    auto id = of["id"].get<std::string>();
    const auto* definition = model::figures::find(id);
    auto text = [&](const json& side) {
        if (side["value"].is_null()) return std::string("-");
        return definition ? share_text::value(*definition, side["value"].get<double>(), through.language)
                          : share_text::number(side["value"].get<std::int64_t>(), through.language);
    };
    json out = {{"week", of["week"]}, {"id", definition ? id : ""}, {"was_shown", text(of["was"])}, {"is_shown", text(of["is"])}};
    out["name"] = share_text::corrected_name(id, *through.texts, through.language);
    return out;
}

json waiting(const json& of, const lens& through) {
    json out = of;
    add_code(out, through, "decision", "decision", of["decision"]);
    add_code(out, through, "state", "incident.state", of["state"]);
    if (!of["due"].get<std::string>().empty())
        out["due_shown"] = view_text::day(*through.texts, through.language, of["due"].get<std::string>());
    out["decided_shown"] = day_words(at(of["decided_at"]), through);
    return out;
}

void add_page(json& to, const share_sheet& sheet, const json& body, const lens& through) {
    to["period"] = week_words(sheet.share.from_at, sheet.share.until_at, through);
    to["made_shown"] = view_text::moment(*through.texts, through.language, sheet.share.made_at);
    to["hours"] = body["hours"], to["is_odd_week"] = body["hours"] != 168;
    to["short_hash"] = sheet.share.sha256.substr(0, 16);
    to["waiting"] = json::array(), to["figures"] = json::array(), to["corrections"] = json::array();
    for (const auto& each : body["decisions"]) to["waiting"].push_back(waiting(each, through));
    for (const auto& each : body["figures"]) to["figures"].push_back(figure(each, through));
    for (const auto& each : body["corrections"]) to["corrections"].push_back(correction(each, through));
    cut_on_paper(to, "waiting", waiting_limit, through), cut_on_paper(to, "corrections", corrections_limit, through);
    to["corrections_limits"] =
        through.texts->say(through.language, "share.corrections_limits", {{"weeks", model::share_corrections::corrected_weeks}});
    to["has_waiting"] = !to["waiting"].empty(), to["has_corrections"] = !to["corrections"].empty();
    add_share_incidents(to, body, through);
    to["open"] = body["sections"]["open"];
    to["received"] = shown(body["volumes"]["received"], through);
    to["closed"] = shown(body["volumes"]["closed"], through);
    to["channels"] = volume(body["volumes"]["channels"], "channel_name", through);
    to["procedures"] = volume(body["volumes"]["procedures"], "procedure", through);
    for (const auto& [name, value] : body["callbacks"].items()) to["callbacks"][name] = shown(value, through);
    to["curves"] = share_drawing::curves(body, sheet.earlier, through);
    to["previous"] = sheet.previous, to["next"] = sheet.next;
}

} // namespace

std::string share_title(const json& incident, const lens& through) {
    auto title = incident["title"].get<std::string>();
    if (!title.empty()) return title;
    const auto& facts = incident["facts"];
    for (const auto& [name, family] : {std::pair{"category", "category"}, {"procedure", "procedure"}}) {
        auto code = facts[name].get<std::string>();
        auto key = std::string(family) + "." + code;
        if (!code.empty()) return through.texts->find(through.language, key) ? say(through, key) : code;
    }
    return say(through, "incident.untitled");
}

std::string share_sentence(const json& incident, const lens& through) {
    std::vector<model::incident_fact> said;
    for (const auto& [name, value] : incident["facts"].items()) said.push_back({name, value.get<std::string>(), 1});
    return incident_sentence(said, through);
}

std::string week_words(std::chrono::sys_seconds from, std::chrono::sys_seconds until, const lens& through) {
    return say(through, "share.period",
               {{"from", day_words(from, through)}, {"until", day_words(until - std::chrono::seconds(1), through)}});
}

json decision(const model::decision_thread& of, const lens& through) {
    const auto& what = of.what;
    json out = {{"id", what.id},         {"week", what.week}, {"incident", what.incident_id}, {"text", what.text},     {"due", what.due},
                {"by", what.actor_name}, {"amends", nullptr}, {"amended_by", nullptr},        {"steps", json::array()}};
    add_code(out, through, "decision", "decision", what.kind);
    add_moment(out, through, "decided_at", what.decided_at);
    add_moment(out, through, "carried_out_at", what.carried_out_at);
    if (what.amends_id) out["amends"] = *what.amends_id;
    if (what.amended_by) out["amended_by"] = *what.amended_by;
    for (const auto& each : of.steps) {
        json one = {{"text", each.text}, {"by", each.actor_name}};
        add_code(one, through, "kind", "decision_step", each.kind);
        add_moment(one, through, "made_at", each.made_at);
        out["steps"].push_back(std::move(one));
    }
    if (!through.for_people) return out;
    if (!what.due.empty()) out["due_shown"] = view_text::day(*through.texts, through.language, what.due);
    out["stands"] = what.stands(), out["is_waiting"] = what.stands() && !what.carried_out_at;
    out["has_steps"] = !of.steps.empty();
    return out;
}

json share(const share_sheet& sheet, const lens& through) {
    auto body = json::parse(sheet.share.body);
    json out = {
        {"week", sheet.share.week}, {"sha256", sheet.share.sha256}, {"acknowledgements", json::array()}, {"decisions", json::array()}};
    add_moment(out, through, "from", sheet.share.from_at);
    add_moment(out, through, "until", sheet.share.until_at);
    add_moment(out, through, "made_at", sheet.share.made_at);
    for (const auto& each : sheet.acknowledgements) {
        json one = {{"by", each.actor_name}};
        add_moment(one, through, "made_at", each.made_at);
        out["acknowledgements"].push_back(std::move(one));
    }
    for (const auto& each : sheet.decisions) out["decisions"].push_back(decision(each, through));
    if (!through.for_people) {
        out["share"] = std::move(body);
        return out;
    }
    add_page(out, sheet, body, through);
    out["is_acknowledged"] = !sheet.acknowledgements.empty(), out["has_decisions"] = !sheet.decisions.empty();
    // Beside each incident, what was decided on it in this share.
    for (auto& group : out["groups"])
        for (auto& each : group["items"])
            for (const auto& one : out["decisions"])
                if (one["incident"] == each["number"]) each["decided"].push_back(one);
    return out;
}

json share_links(const std::vector<model::share_link>& all, const lens& through, std::chrono::sys_seconds now) {
    auto out = json::array();
    for (const auto& each : all) {
        json one = {
            {"id", each.id}, {"name", each.name}, {"recipient", each.recipient}, {"is_good", !each.revoked_at && each.expires_at > now}};
        add_moment(one, through, "opened_at", each.opened_at);
        add_moment(one, through, "expires_at", each.expires_at);
        add_moment(one, through, "revoked_at", each.revoked_at);
        out.push_back(std::move(one));
    }
    return out;
}

json share_line(const model::weekly_share_line& of, const lens& through) {
    json out = {{"week", of.week}, {"sha256", of.sha256}, {"decisions", of.decisions}};
    add_moment(out, through, "from", of.from_at);
    add_moment(out, through, "until", of.until_at);
    add_moment(out, through, "made_at", of.made_at);
    add_moment(out, through, "acknowledged_at", of.acknowledged_at);
    if (through.for_people) out["period"] = week_words(of.from_at, of.until_at, through);
    return out;
}

share_sheet read_share(soci::session& sql, const std::string& week) {
    share_sheet out;
    out.share = model::weekly_shares::get(sql, week);
    out.acknowledgements = model::weekly_shares::acknowledgements(sql, out.share.id);
    out.decisions = model::decisions::told(sql, model::decisions::threads(sql, model::decisions::of_share(sql, out.share.id)));
    out.links = model::share_links::of_share(sql, out.share.id);
    out.earlier = model::weekly_shares::earlier_bodies(sql, out.share.from_at, curve_weeks - 1);
    out.previous = model::weekly_shares::neighbour(sql, out.share, false);
    out.next = model::weekly_shares::neighbour(sql, out.share, true);
    return out;
}

} // namespace relais::api::views
