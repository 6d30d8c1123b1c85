// SPDX-License-Identifier: EUPL-1.2
#include "api/registry_page.hpp"

#include "api/share_text.hpp"
#include "api/view_parts.hpp"
#include "model/database.hpp"
#include "model/registry_health.hpp"
#include "model/registry_lookup.hpp"
#include "model/registry_reading.hpp"

#include <cmath>

namespace relais::api {

namespace {

using nlohmann::json;

constexpr auto outcomes = std::to_array<std::string_view>({"found", "not_found", "several", "unreadable", "unavailable"});

// A node with what it wrote, read.
struct node_health {
    std::string name;
    std::chrono::sys_seconds seen_at;
    json said;
};

struct registry_sheet {
    std::vector<node_health> nodes;
    std::vector<model::registry_refusal> refusals;
    model::registry_progress progress;
    std::int64_t waiting = 0, per_day = 0;
    int hours = 0;
};

registry_sheet look_at(soci::session& sql, std::chrono::sys_seconds now) {
    registry_sheet out;
    for (auto& each : model::registry_nodes::all(sql, now)) {
        auto said = json::parse(each.health, nullptr, false);
        if (said.is_object()) out.nodes.push_back({each.node, each.seen_at, std::move(said)});
    }
    out.refusals = model::registry_refusals::recent(sql);
    out.waiting = model::registry_lookups::count_waiting(sql);
    if (out.nodes.empty()) return out;
    const auto& said = out.nodes.front().said; // the configuration is the same everywhere
    out.per_day = said.value("refresh_per_day", std::int64_t{0}), out.hours = said.value("refresh_hours", 1);
    out.progress = model::registry_readings::progress(sql, {out.per_day, out.hours}, now);
    return out;
}

std::int64_t sum(const std::vector<node_health>& nodes, std::string_view name) {
    std::int64_t out = 0;
    for (const auto& each : nodes) out += each.said.value(std::string(name), std::int64_t{0});
    return out;
}

// The bound under which that share of the answers of all nodes came; nothing without an answer. Longer than every bound: the last bound.
std::optional<std::int64_t> bound_at(const std::vector<node_health>& nodes, double share) {
    if (nodes.empty()) return std::nullopt;
    auto bounds = nodes.front().said.value("bounds_ms", std::vector<std::int64_t>{});
    std::vector<std::int64_t> counts(bounds.size() + 1);
    std::int64_t total = 0;
    for (const auto& each : nodes) {
        auto histogram = each.said.value("histogram", std::vector<std::int64_t>{});
        if (histogram.size() != counts.size()) continue; // another version of the program
        for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += histogram[i], total += histogram[i];
    }
    if (total == 0) return std::nullopt;
    auto wanted = static_cast<std::int64_t>(std::ceil(share * static_cast<double>(total)));
    std::size_t at = 0;
    for (auto passed = counts[0]; passed < wanted && at + 1 < bounds.size();) passed += counts[++at];
    return bounds[at];
}

void add_percent(json& to, const lens& through, const std::string& name, std::int64_t part, std::int64_t whole) {
    auto share = whole == 0 ? std::nullopt : std::optional(std::round(static_cast<double>(part) * 1000 / static_cast<double>(whole)) / 10);
    to[name + "_percent"] = share ? json(*share) : json();
    if (through.for_people && share) to[name + "_shown"] = share_text::value(*model::figures::find("K1"), share, through.language);
}

json last_hour(const registry_sheet& sheet, const lens& through) {
    json out = json::object();
    std::int64_t asked = 0;
    for (auto name : outcomes) {
        auto counted = sum(sheet.nodes, name);
        out[std::string(name)] = counted;
        asked += counted;
    }
    auto cached = sum(sheet.nodes, "cached");
    auto p50 = bound_at(sheet.nodes, 0.5), p95 = bound_at(sheet.nodes, 0.95);
    out["asked"] = asked, out["cached"] = cached;
    add_percent(out, through, "failure", out["unavailable"], asked);
    add_percent(out, through, "cache", cached, asked + cached);
    out["p50_ms"] = p50 ? json(*p50) : json(), out["p95_ms"] = p95 ? json(*p95) : json();
    return out;
}

std::optional<std::chrono::sys_seconds> moment_in(const json& said, const char* name) {
    auto found = said.find(name);
    if (found == said.end() || !found->is_number_integer()) return std::nullopt;
    return std::chrono::sys_seconds(std::chrono::seconds(found->get<std::int64_t>()));
}

json nodes_of(const registry_sheet& sheet, const lens& through) {
    auto out = json::array();
    for (const auto& each : sheet.nodes) {
        auto is_open = each.said.value("is_breaker_open", false);
        json node = {{"node", each.name}, {"is_left_alone", is_open}, {"probe_s", each.said.value("probe_s", 0)}};
        views::add_moment(node, through, "seen_at", each.seen_at);
        views::add_moment(node, through, "last_success_at", moment_in(each.said, "last_success_at"));
        views::add_moment(node, through, "last_failure_at", moment_in(each.said, "last_failure_at"));
        auto has_answered = moment_in(each.said, "last_success_at").has_value();
        if (through.for_people) {
            node["t:state"] = is_open ? "registry.left_alone" : has_answered ? "registry.answers" : "registry.not_yet";
            node["is_well"] = !is_open && has_answered, node["is_unknown"] = !is_open && !has_answered;
        }
        out.push_back(std::move(node));
    }
    return out;
}

json refresh_of(const registry_sheet& sheet, const lens& through) {
    const auto& at = sheet.progress;
    json out = {{"per_day", sheet.per_day},      {"hours", sheet.hours},
                {"dossiers", at.dossiers},       {"due", at.due},
                {"asked_today", at.asked_today}, {"read_in_a_day", at.read_in_a_day}};
    views::add_moment(out, through, "oldest_at", at.oldest_at);
    if (!through.for_people) return out;
    for (const auto* name : {"per_day", "dossiers", "due", "asked_today", "read_in_a_day"})
        out[std::string(name) + "_shown"] = share_text::number(out[name], through.language);
    out["is_on"] = sheet.per_day > 0;
    return out;
}

json refusals_of(const registry_sheet& sheet, const lens& through) {
    auto out = json::array();
    for (const auto& each : sheet.refusals) {
        json line = {{"day", each.day}, {"column", each.column}, {"times", each.times}};
        views::add_code(line, through, "reason", "registry.reason", each.reason);
        views::add_moment(line, through, "last_at", each.last_at);
        out.push_back(std::move(line));
    }
    return out;
}

} // namespace

asio::awaitable<reply> show_registry(const request& request, app& app) {
    auto look = [now = request.now](soci::session& sql) { return look_at(sql, now); };
    auto sheet = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    nlohmann::json data = {{"is_configured", !sheet.nodes.empty()},  {"nodes", nodes_of(sheet, through)},
                           {"last_hour", last_hour(sheet, through)}, {"waiting", sheet.waiting},
                           {"refresh", refresh_of(sheet, through)},  {"refusals", refusals_of(sheet, through)}};
    if (!through.for_people) co_return api::json(std::move(data));
    data["here_registry"] = true, data["has_refusals"] = !sheet.refusals.empty();
    data["cache_s"] = sheet.nodes.empty() ? 0 : sheet.nodes.front().said.value("cache_s", 0);
    data["has_answers"] = data["last_hour"]["asked"] != 0;
    co_return page("console/registry", std::move(data));
}

} // namespace relais::api
