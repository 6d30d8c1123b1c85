// SPDX-License-Identifier: EUPL-1.2
#include "api/share_comparison.hpp"

#include "api/share_text.hpp"
#include "api/share_view.hpp"
#include "api/view_parts.hpp"

#include <cmath>

namespace relais::api::share_comparison {

namespace {

using json = nlohmann::json;

const json* find(const json& list, const char* name, const json& wanted) {
    for (const auto& each : list)
        if (each[name] == wanted) return &each;
    return nullptr;
}

json figure(const json& before, const json& after, const lens& through) {
    json out = {{"id", after["id"]}, {"one", before["value"]}, {"other", after["value"]}, {"difference", nullptr}};
    if (!before["value"].is_null() && !after["value"].is_null())
        out["difference"] = std::round((after["value"].get<double>() - before["value"].get<double>()) * 100) / 100;
    if (!through.for_people) return out;
    const auto* definition = model::figures::find(after["id"].get<std::string>());
    if (!definition) return out;
    auto number = [](const json& value) { return value.is_null() ? std::nullopt : std::optional(value.get<double>()); };
    auto shown = [&](const json& side) {
        auto value = number(side["value"]);
        return value ? share_text::value(*definition, value, through.language) : share_text::note(side, *through.texts, through.language);
    };
    out["code"] = share_text::code(definition->id), out["t:name"] = share_text::key(definition->id, "name");
    out["one_shown"] = shown(before), out["other_shown"] = shown(after);
    auto difference = number(out["difference"]);
    out["difference_shown"] = difference ? share_text::difference(*definition, *difference, through.language) : "-";
    return out;
}

json incident(const json* before, const json* after, const lens& through) {
    const auto& known = after ? *after : *before;
    json out = {{"number", known["number"]}, {"title", views::share_title(known, through)}};
    auto state = [](const json* of) { return of ? (*of)["state"].get<std::string>() : std::string{}; };
    views::add_code(out, through, "one_state", "incident.state", state(before));
    views::add_code(out, through, "other_state", "incident.state", state(after));
    for (const auto& [name, side] : {std::pair{"one_persons", before}, {"other_persons", after}}) {
        out[name] = side ? (*side)["counts"]["persons"] : json();
        if (!through.for_people) continue;
        out[name] = side ? share_text::count(out[name], *through.texts, through.language) : "-";
    }
    return out;
}

} // namespace

json compare(const model::weekly_share& one, const model::weekly_share& other, const lens& through) {
    const auto& first = one.from_at <= other.from_at ? one : other;
    const auto& second = one.from_at <= other.from_at ? other : one;
    auto before = json::parse(first.body), after = json::parse(second.body);
    json out = {{"one", first.week}, {"other", second.week}, {"figures", json::array()}, {"incidents", json::array()}};
    for (const auto& [side, body] : {std::pair{"one", &before}, {"other", &after}}) {
        const auto& received = (*body)["volumes"]["received"];
        out["received"][side] = through.for_people ? json(share_text::count(received, *through.texts, through.language)) : received;
    }
    for (const auto& each : after["figures"])
        if (const auto* known = find(before["figures"], "id", each["id"])) out["figures"].push_back(figure(*known, each, through));
    for (const auto& each : after["incidents"]) {
        const auto* known = find(before["incidents"], "number", each["number"]);
        if (!known || (*known)["state"] != each["state"] || (*known)["counts"]["persons"] != each["counts"]["persons"])
            out["incidents"].push_back(incident(known, &each, through));
    }
    for (const auto& each : before["incidents"])
        if (!find(after["incidents"], "number", each["number"])) out["incidents"].push_back(incident(&each, nullptr, through));
    if (through.for_people) out["has_incidents"] = !out["incidents"].empty();
    return out;
}

} // namespace relais::api::share_comparison
