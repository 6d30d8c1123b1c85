// SPDX-License-Identifier: EUPL-1.2
#include "api/share_incident_view.hpp"

#include "api/chart.hpp"
#include "api/pages.hpp"
#include "api/share_drawing.hpp"
#include "api/share_text.hpp"
#include "api/share_view.hpp"
#include "api/view_parts.hpp"
#include "api/view_text.hpp"
#include "model/clock.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace relais::api::views {

namespace {

using json = nlohmann::json;
constexpr std::size_t group_limit = 6, legal_limit = 20, department_limit = 8; // on paper

std::chrono::sys_seconds at(const json& value) { return model::at_seconds(value.get<std::int64_t>()); }

std::string day_words(std::chrono::sys_seconds when, const lens& through) {
    return view_text::day(*through.texts, through.language, view_text::local_day(when));
}

std::string shown(const json& count, const lens& through) { return share_text::count(count, *through.texts, through.language); }

// On paper the table beside the map is one line: those of the most tickets, then the rest.
void add_departments_line(json& to, const json& counts, const lens& through) {
    std::vector<json> most(counts["departments"].begin(), counts["departments"].end());
    std::stable_sort(most.begin(), most.end(), [](const json& one, const json& other) { return one["tickets"] > other["tickets"]; });
    std::string line;
    for (std::size_t i = 0; i < most.size() && i < department_limit; ++i) {
        auto code = most[i]["code"].get<std::string>();
        line += (i ? ", " : "") + code + " " + through.texts->say(through.language, "department." + code, json::object()) + " (" +
                share_text::count(most[i]["tickets"], *through.texts, through.language) + ")";
    }
    if (counts["rest"]["departments"] != 0)
        line += (line.empty() ? "" : ", ") + through.texts->say(through.language, "share.rest_departments", json::object()) + " (" +
                share_text::count(counts["rest"]["tickets"], *through.texts, through.language) + ")";
    to["departments_line"] = line;
    if (const auto* of = share_drawing::mapped_stretch(counts))
        to["departments_period"] = through.texts->say(through.language, "share.departments_period",
                                                      {{"from", day_words(at((*of)["from_at"]), through)},
                                                       {"until", day_words(at((*of)["until_at"]) - std::chrono::seconds(1), through)}});
    if (most.size() > department_limit)
        to["beyond_departments"] = through.texts->say(through.language, "share.beyond", {{"count", most.size() - department_limit}});
}

void add_counts(json& to, const json& counts, const lens& through) {
    for (const char* name : {"persons", "dossiers", "tickets", "contacts", "silent"})
        to[std::string(name) + "_shown"] = shown(counts[name], through);
    to["t:trend_label"] = "share.trend." + counts["trend"].get<std::string>();
    to["is_held"] = counts["is_held"], to["is_regrouped"] = counts.value("is_regrouped", false);
    to["is_counted"] = !counts["persons"].is_null();
    if (!counts["counted_until"].is_null())
        to["counted_until_shown"] = day_words(at(counts["counted_until"]) - std::chrono::seconds(1), through);
    to["stretches"] = json::array();
    for (const auto& each : counts["stretches"])
        to["stretches"].push_back({{"from_shown", view_text::short_moment(at(each["from_at"])).substr(0, 10)},
                                   {"until_shown", view_text::short_moment(at(each["until_at"]) - std::chrono::seconds(1)).substr(0, 10)},
                                   {"tickets", each["tickets"]},
                                   {"tickets_drawn", drawn(each["tickets"])},
                                   {"persons", each["persons"]}});
    to["departments"] = json::array();
    for (const auto& each : counts["departments"])
        to["departments"].push_back({{"code", each["code"]},
                                     {"t:name", "department." + each["code"].get<std::string>()},
                                     {"tickets", each["tickets"]},
                                     {"persons", each["persons"]}});
    if (counts["rest"]["departments"] != 0) to["rest"] = counts["rest"];
    add_departments_line(to, counts, through);
}

void add_commitments(json& to, const json& promised, const lens& through) {
    to["commitments"] = json::array();
    for (const auto& each : promised) {
        auto state = each["state"].get<std::string>();
        to["commitments"].push_back({{"t:what_label", "share.commitment." + each["what"].get<std::string>()},
                                     {"t:state_label", "share.kept." + state},
                                     {"due_shown", day_words(at(each["due_at"]), through)},
                                     {"is_broken", state == "missed" || state == "late"}});
    }
}

void add_curve(json& to, const json& of, const lens& through) {
    to["curve"] = share_drawing::stretches(of["counts"], through);
    to["curve"]["from"] = source_of({"stretches-" + of["number"].dump(), "2", "bar", "1"});
}

std::string labels(const std::string& family, const json& codes, const lens& through) {
    std::string out;
    for (const auto& each : codes)
        out += (out.empty() ? "" : ", ") + through.texts->say(through.language, family + "." + each.get<std::string>(), json::object());
    return out;
}

json incident(const json& of, const lens& through, bool has_map) {
    json out = of;
    out["title"] = share_title(of, through), out["sentence"] = share_sentence(of, through);
    add_code(out, through, "state", "incident.state", of["state"]);
    add_code(out, through, "nature", "nature", of["nature"]);
    add_code(out, through, "cause_owner", "cause_owner", of["cause_owner"]);
    add_code(out, through, "severity", "incident.severity", of["severity"]);
    add_counts(out, of["counts"], through);
    add_commitments(out, of["commitments"], through);
    out["happened"] = json::array();
    for (const auto& each : of["happened"]) out["happened"].push_back({{"t:label", "share.heading." + each.get<std::string>()}});
    out["asked_shown"] = labels("share.asked", of["asked"], through);
    out["is_asking"] = !of["asked"].empty();
    if (!of["fix_at"].is_null()) out["fix_at_shown"] = day_words(at(of["fix_at"]), through);
    if (!of["legal_on"].get<std::string>().empty())
        out["legal_on_shown"] = view_text::day(*through.texts, through.language, of["legal_on"].get<std::string>());
    out["has_stretches"] = of["counts"]["stretches"].size() > 1;
    if (out["has_stretches"] == true) add_curve(out, of, through);
    out["is_mapped"] = has_map && !of["counts"]["departments"].empty();
    out["has_departments"] = !of["counts"]["departments"].empty() || of["counts"]["rest"]["departments"] != 0;
    if (out["is_mapped"] == true) out["map"] = share_drawing::map(of["counts"], through);
    if (of.contains("law")) out["law"]["article"] = share_text::article(of["law"], *through.texts, through.language);
    return out;
}

// The headings of the page, those that call for the owner's eye first.
constexpr auto page_headings = std::to_array<std::string_view>(
    {"asked", "regressed", "bursting", "escalated", "new", "worked_around", "fixed", "verified", "closed", "others"});
constexpr std::size_t open_limit = 10; // incidents that are unfolded when the page is opened

bool belongs(const json& of, std::string_view name) {
    if (name == "others") return true;
    if (name == "asked") return !of["asked"].empty();
    return std::find(of["happened"].begin(), of["happened"].end(), name) != of["happened"].end();
}

} // namespace

void add_share_incidents(json& to, const json& body, const lens& through) {
    std::vector<bool> told(body["incidents"].size());
    to["groups"] = json::array(), to["choices"] = json::array();
    for (auto name : page_headings) {
        json group = {{"name", name}, {"items", json::array()}};
        group["t:title"] = name == "others" ? "share.others" : "share.heading." + std::string(name);
        for (std::size_t i = 0; i < told.size(); ++i) {
            const auto& each = body["incidents"][i];
            if (told[i] || !belongs(each, name)) continue;
            told[i] = true;
            group["items"].push_back(incident(each, through, true));
            group["items"].back()["is_open"] = name == "asked" && group["items"].size() <= open_limit;
        }
        group["count"] = group["items"].size();
        cut_on_paper(group, "items", name == "asked" ? open_limit : group_limit, through);
        if (!group["items"].empty()) to["groups"].push_back(std::move(group));
    }
    for (const auto& each : body["incidents"]) to["choices"].push_back({{"number", each["number"]}, {"title", share_title(each, through)}});
    to["oldest"] = json::array(), to["legal_cases"] = json::array();
    for (const auto* each : share_text::oldest(body)) to["oldest"].push_back(incident(*each, through, false));
    for (const auto& each : body["incidents"])
        if (each.contains("law")) to["legal_cases"].push_back(incident(each, through, false));
    cut_on_paper(to, "legal_cases", legal_limit, through);
    for (const char* name : {"oldest", "legal_cases", "groups"}) to[std::string("has_") + name] = !to[name].empty();
}

void cut_on_paper(json& to, const char* name, std::size_t limit, const lens& through) {
    auto& list = to[name];
    if (list.size() <= limit) return;
    for (std::size_t i = limit; i < list.size(); ++i) list[i]["is_beyond"] = true;
    auto count = share_text::number(static_cast<std::int64_t>(list.size() - limit), through.language);
    to[std::string("beyond_") + name] = through.texts->say(through.language, "share.beyond", {{"count", count}});
}

} // namespace relais::api::views
