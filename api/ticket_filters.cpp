// SPDX-License-Identifier: EUPL-1.2
#include "api/ticket_filters.hpp"

#include "api/incident_view.hpp"
#include "api/url.hpp"
#include "model/category.hpp"
#include "model/department.hpp"
#include "model/digits.hpp"
#include "model/error.hpp"
#include "model/procedure.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace relais::api::ticket_filters {

namespace {

using json = nlohmann::json;

constexpr std::array<std::string_view, 8> statuses = {"active", "unclosed", "new", "open", "waiting", "closed", "merged", "all"};
constexpr std::array<std::string_view, 4> waiting_reasons = {"citizen", "centre", "incident", "external_owner"};
constexpr std::array<std::string_view, 5> orders = {"due", "legal", "oldest", "newest", "touched"};
constexpr std::array<std::string_view, 10> view_names = {"status", "department",     "procedure", "category", "assignee",
                                                         "queue",  "waiting_reason", "incident",  "late",     "sort"};
// What narrows a list and is no view: words searched for, one dossier, a moment.
constexpr std::array<std::string_view, 3> passing_names = {"q", "dossier", "updated_since"};
constexpr std::array<std::string_view, 2> page_names = {"columns", "view"};
constexpr std::size_t view_limit_bytes = 900;

json choice(std::string_view code, const std::string& key, std::string_view chosen) {
    auto out = json::object();
    out["code"] = code, out["t:label"] = key, out["is_chosen"] = code == chosen;
    return out;
}

template <class Codes> json choices(const Codes& codes, std::string_view family, std::string_view chosen) {
    auto out = json::array();
    for (auto code : codes) out.push_back(choice(code, std::string(family) + "." + std::string(code), chosen));
    return out;
}

json departments_with(std::string_view chosen) {
    auto out = json::array();
    for (const auto& each : model::departments::all()) {
        auto& one = out.emplace_back(json::object());
        one["code"] = each.code, one["name"] = each.name, one["is_chosen"] = each.code == chosen;
    }
    return out;
}

json families_with(std::string_view chosen) {
    auto out = json::array();
    for (const auto& each : model::categories::all()) {
        if (out.empty() || out.back()["family"] != each.family())
            out.push_back(
                {{"family", each.family()}, {"t:label", "category_family." + std::string(each.family())}, {"categories", json::array()}});
        out.back()["categories"].push_back(choice(each.code, "category." + std::string(each.code), chosen));
    }
    return out;
}

void add_to_query(std::string& query, std::string_view name, std::string_view value) {
    if (!value.empty()) query += (query.empty() ? "" : "&") + std::string(name) + "=" + encode_component(value);
}

template <class Names> void add_to_query(std::string& query, const Names& names, const parameters& from, std::string_view without = {}) {
    for (auto name : names)
        if (auto found = from.find(name); found != from.end() && name != without) add_to_query(query, name, found->second);
}

// All that says which tickets a page shows; "mine" is another word for the assignee.
std::string list_query(const parameters& from, std::string_view without = {}) {
    std::string out;
    add_to_query(out, view_names, from, without);
    if (from.contains("mine") && !from.contains("assignee")) add_to_query(out, "assignee", "me");
    add_to_query(out, passing_names, from, without);
    return out;
}

std::string page_query(const request& request, std::string_view without = {}) {
    auto out = list_query(request.query, without);
    add_to_query(out, page_names, request.query);
    return out;
}

// The same address, with another value of one name.
std::string address_with(const request& request, std::string_view changed, std::string_view value) {
    auto query = page_query(request, changed);
    add_to_query(query, changed, value);
    return "/console/tickets?" + query;
}

// Filters that the form above the queue does not show, kept when it is sent.
json hidden_filters(const request& request) {
    auto out = json::array();
    for (std::string_view name : {"incident", "late"})
        if (auto value = request.parameter(name); !value.empty()) out.push_back({{"name", name}, {"value", value}});
    return out;
}

void read_assignee(const request& request, model::queue_filter& out, std::vector<model::field_fault>& faults) {
    auto wanted = request.parameter("assignee");
    if (wanted.empty() && !request.parameter("mine").empty()) wanted = "me";
    if (wanted == "none")
        out.unassigned = true;
    else if (wanted == "me")
        out.assignee = request.who.id;
    else if (!wanted.empty()) {
        out.assignee = model::digits::value(wanted);
        if (!out.assignee) faults.push_back({"assignee", "malformed", "fault.parameter.malformed"});
    }
}

} // namespace

std::string count_shown(std::int64_t count) {
    using model::ticket_queue::count_limit;
    return count >= count_limit ? std::to_string(count_limit - 1) + "+" : std::to_string(count);
}

model::queue_filter read(const request& request, std::vector<model::field_fault>& faults) {
    model::queue_filter out;
    auto refuse = [&faults](std::string field) { faults.push_back({std::move(field), "unknown", "fault.parameter.unknown"}); };
    auto is_late = !request.parameter("late").empty();
    if (auto status = request.parameter("status"); status == "all")
        out.status.clear();
    else if (!status.empty())
        out.status = status;
    else if (is_late)
        out.status = "unclosed"; // a date announced passes while somebody else is awaited
    else if (request.is_api())
        out.status.clear();
    if (!out.status.empty() && std::find(statuses.begin(), statuses.end(), out.status) == statuses.end()) refuse("status");
    out.department = request.parameter("department");
    if (!out.department.empty() && !model::departments::find(out.department)) refuse("department");
    out.procedure = request.parameter("procedure");
    if (!out.procedure.empty() && !model::procedures::is_known(out.procedure)) refuse("procedure");
    out.category = request.parameter("category");
    if (!out.category.empty() && !model::categories::is_known(out.category)) refuse("category");
    read_assignee(request, out, faults);
    if (auto incident = request.parameter("incident"); !incident.empty()) {
        out.incident = model::digits::value(incident);
        if (!views::sees_few(sight_of(request.who.role))) throw model::forbidden(); // they would be counted
        if (!out.incident) faults.push_back({"incident", "malformed", "fault.parameter.malformed"});
    }
    if (is_late) out.due_before = request.now;
    out.team = request.parameter("queue");
    out.waiting_reason = request.parameter("waiting_reason");
    if (!out.waiting_reason.empty() &&
        std::find(waiting_reasons.begin(), waiting_reasons.end(), out.waiting_reason) == waiting_reasons.end())
        refuse("waiting_reason");
    if (!out.waiting_reason.empty() && (out.status == "active" || out.status == "unclosed"))
        out.status = "waiting"; // what waits for somebody else is not active
    if (auto sort = request.parameter("sort"); std::find(orders.begin(), orders.end(), sort) != orders.end()) out.order = sort;
    return out;
}

bool is_order(std::string_view sort) { return std::find(orders.begin(), orders.end(), sort) != orders.end(); }

bool is_view(const parameters& of) {
    return std::none_of(passing_names.begin(), passing_names.end(), [&of](auto name) {
        auto found = of.find(name);
        return found != of.end() && !found->second.empty();
    });
}

request queue_of(const request& request, std::string_view query) {
    auto out = request;
    out.path = "/console/tickets", out.query = parse_query(query);
    return out;
}

view read_query(const request& request, std::string_view query) {
    auto at = queue_of(request, query);
    view out;
    std::vector<model::field_fault> faults;
    out.filter = read(at, faults);
    if (!faults.empty()) throw model::invalid(std::move(faults));
    out.query = list_query(at.query);
    if (out.query.size() > view_limit_bytes) throw model::invalid({{"query", "too_long", "fault.parameter.malformed"}});
    return out;
}

view read_view(const request& request, std::string_view query) {
    if (!is_view(parse_query(query))) throw model::invalid({{"view", "not_a_view", "fault.view.passing"}});
    return read_query(request, query);
}

void add_to_page(json& data, const request& request, const counts& how_many) {
    auto status = request.parameter("status");
    auto usual = request.parameter("late").empty() ? "active" : "unclosed";
    data["statuses"] = choices(statuses, "queue.status", status.empty() ? usual : status);
    data["departments"] = departments_with(request.parameter("department"));
    data["procedures"] = choices(model::procedures::all, "procedure", request.parameter("procedure"));
    data["families"] = families_with(request.parameter("category"));
    data["reasons"] = choices(waiting_reasons, "waiting_reason", request.parameter("waiting_reason"));
    auto sort = request.parameter("sort");
    data["orders"] = choices(orders, "queue.order", sort.empty() ? "due" : sort);
    data["is_view"] = is_view(request.query);
    data["list_query"] = list_query(request.query);
    auto assignee = request.parameter("mine").empty() ? request.parameter("assignee") : "me";
    data["assignees"] = json::array({choice("", "queue.assignee.anybody", assignee), choice("me", "queue.assignee.me", assignee),
                                     choice("none", "queue.assignee.nobody", assignee)});
    data["q"] = request.parameter("q");
    data["total"] = count_shown(how_many.total), data["mine"] = count_shown(how_many.mine), data["late"] = count_shown(how_many.late);
    data["is_empty"] = data["items"].empty();
    data["is_filtered"] = !page_query(request).empty();
    data["hidden"] = hidden_filters(request);
    data["first_address"] = address_with(request, "after", "");
    if (data["next"].is_string()) data["next_address"] = address_with(request, "after", data["next"].get<std::string>());
    if (data.contains("search") && data["search"]["suggestion"].is_string())
        data["suggestion_address"] = address_with(request, "q", data["search"]["suggestion"].get<std::string>());
    data["is_continued"] = !request.parameter("after").empty();
    data["here_tickets"] = true;
}

} // namespace relais::api::ticket_filters
