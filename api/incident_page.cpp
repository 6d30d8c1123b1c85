// SPDX-License-Identifier: EUPL-1.2
#include "api/incident_page.hpp"

#include "api/guards.hpp"
#include "api/incident_drawing.hpp"
#include "api/incident_view.hpp"
#include "api/pages.hpp"
#include "api/refusal.hpp"
#include "api/share_view.hpp"
#include "api/ticket_page.hpp"
#include "api/tracker.hpp"
#include "model/cause_owner.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/incident_corrections.hpp"
#include "model/incident_sheet.hpp"
#include "model/incident_state.hpp"
#include "model/procedure.hpp"
#include "model/silent_dossier.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace relais::api {

namespace {

constexpr int page_size = 50;

// can.confirmation, can.escalation...: what this person may do now, so that the page shows no button that is refused.
nlohmann::json permissions(const model::incident& of, const request& request) {
    nlohmann::json out = nlohmann::json::object();
    if (of.merged_into) return {{"unmerge", (table_role(request) & model::incident_states::deciders) != 0}};
    for (const auto& each : model::incident_states::table)
        if (model::incident_states::holds(each.from, of.state) && (each.by & table_role(request)) != 0)
            out[std::string(each.action)] = true;
    out["any"] = !out.empty();
    return out;
}

template <class Codes> nlohmann::json choices(const Codes& codes, std::string_view family, std::string_view chosen) {
    auto out = nlohmann::json::array();
    for (std::string_view each : codes)
        out.push_back({{"code", each}, {"t:label", std::string(family) + "." + std::string(each)}, {"is_chosen", each == chosen}});
    return out;
}

// What an event tells of a correction that still stands, and that this person might make.
bool can_undo(const model::incident_sheet& sheet, const nlohmann::json& told, unsigned role) {
    if (!told.is_object() || !told.contains("correction") || told.contains("undone")) return false;
    auto found = sheet.standing.find(told["correction"].get<std::int64_t>());
    return found != sheet.standing.end() && model::incident_states::lets(role, model::incidents::noun_of(found->second));
}

void add_choices(nlohmann::json& data, const model::incident_sheet& sheet, const request& request, const app& app) {
    constexpr auto natures = std::to_array<std::string_view>({"software_defect", "data_error", "legal_case_not_covered", "process_delay"});
    constexpr auto severities = std::to_array<std::string_view>({"minor", "normal", "major", "critical"});
    const auto& of = sheet.incident;
    data["can"] = permissions(of, request);
    data["natures"] = choices(natures, "nature", of.nature);
    data["severities"] = choices(severities, "incident.severity", of.severity);
    data["cause_owners"] = choices(model::cause_owners::all, "cause_owner", of.cause_owner);
    data["has_suggested"] = !data["suggested"].empty(), data["has_alike"] = !data["alike"].empty();
    data["has_examples"] = !data["examples"].empty(), data["has_escalations"] = !data["escalations"].empty();
    data["has_broadcasts"] = !data["broadcasts"].empty();
    data["has_episodes"] = sheet.episodes.size() > 1;
    data["is_of_few"] = views::hides_few(of, lens_of(request, app));
    data["form_title"] = of.title.empty() ? data["title"] : nlohmann::json(of.title);
    data["public_form_title"] = of.public_title.empty() ? data["form_title"] : nlohmann::json(of.public_title);
    data["here_incidents"] = true;
    for (auto& each : data["history"]) {
        const auto& what = each["data"];
        each["is_undoable"] = can_undo(sheet, what, table_role(request));
        if (what.is_object() && what.contains("reason") && what["reason"].is_string()) each["reason"] = what["reason"];
    }
}

nlohmann::json page_data(const model::incident_sheet& sheet, const request& request, const app& app) {
    auto data = views::incident_sheet(sheet, lens_of(request, app));
    if (request.wants_json()) return data;
    add_choices(data, sheet, request, app);
    data["decisions"] = nlohmann::json::array();
    for (const auto& each : sheet.decisions) data["decisions"].push_back(views::decision(each, lens_of(request, app)));
    data["has_decisions"] = !sheet.decisions.empty();
    data["can_answer"] = (table_role(request) & model::incident_states::deciders) != 0;
    if (app.trackers)
        for (const auto& each : *app.trackers) data["tracker_choices"].push_back({{"name", each.name}});
    data["has_tracker_choices"] = app.trackers && !app.trackers->empty();
    data["has_trackers"] = !data["trackers"].empty();
    if (app.templates.has_asset("departments.svg")) data["map"]["address"] = app.templates.asset("departments.svg");
    return data;
}

asio::awaitable<model::incident_sheet> read_sheet(const request& request, app& app) {
    auto look = [number = incident_number(request), now = request.now, sees = lens_of(request, app).sees](soci::session& sql) {
        auto out = model::incident_sheets::get(sql, number, now);
        if (!sees.words) out.decisions = model::decisions::told(sql, std::move(out.decisions));
        return out;
    };
    co_return co_await app.database.read(std::move(look));
}

int limit_of(const request& request) {
    auto text = request.parameter("limit");
    if (text.empty()) return page_size;
    int out = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size() || out < 1 || out > model::incidents::page_limit)
        throw model::invalid({{"limit", "out_of_range", "fault.parameter.limit"}});
    return out;
}

// "r<ticket>" among the reported ones, "s<dossier>" among the silent ones.
struct dossier_place {
    bool is_silent = false;
    std::int64_t after = 0;
};
dossier_place read_place(std::string_view text) {
    dossier_place out;
    if (text.empty()) return out;
    out.is_silent = text.front() == 's';
    auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), out.after);
    if ((!out.is_silent && text.front() != 'r') || error != std::errc{} || end != text.data() + text.size())
        throw model::invalid({{"after", "malformed", "fault.parameter.malformed"}});
    return out;
}

struct dossier_lists {
    model::incident incident;
    std::vector<model::silent_dossiers::reported_dossier> reported;
    std::vector<model::dossier> silent;
    std::int64_t silent_count = 0;
    std::string next;
};

dossier_lists read_dossiers(soci::session& sql, std::int64_t number, const dossier_place& from, int limit) {
    dossier_lists out;
    out.incident = model::incidents::get(sql, number);
    out.silent_count = model::silent_dossiers::count(sql, out.incident, model::silent_dossiers::shown_most);
    if (!from.is_silent) {
        out.reported = model::silent_dossiers::reported(sql, number, from.after, limit + 1);
        if (static_cast<int>(out.reported.size()) > limit) {
            out.reported.pop_back();
            out.next = "r" + std::to_string(out.reported.back().ticket_id);
            return out;
        }
    }
    auto left = std::max(1, limit - static_cast<int>(out.reported.size()));
    out.silent = model::silent_dossiers::list(sql, out.incident, from.is_silent ? from.after : 0, left + 1);
    if (static_cast<int>(out.silent.size()) <= left) return out;
    out.silent.pop_back();
    out.next = "s" + std::to_string(out.silent.back().id);
    return out;
}

} // namespace

unsigned table_role(const request& request) {
    auto bit = role_bit(request.who.role);
    if (bit == agent) return model::incident_states::agents;
    if (bit == resolver) return model::incident_states::resolvers;
    return bit == supervisor ? unsigned{model::incident_states::supervisors} : 0U;
}

std::int64_t incident_number(const request& request) {
    const auto& text = request.capture(0);
    std::int64_t out = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size() || out <= 0) throw model::not_found();
    return out;
}

asio::awaitable<reply> show_incident(const request& request, app& app) {
    auto sheet = co_await read_sheet(request, app);
    auto out = page("console/incident", page_data(sheet, request, app));
    auto done = request.parameter("done");
    if (!done.empty() && app.templates.texts().find(request.language, "incident.done." + std::string(done)))
        out.data["t:done"] = "incident.done." + std::string(done);
    out.headers.emplace_back("ETag", ticket_etag(sheet.incident.version));
    co_return out;
}

asio::awaitable<reply> list_incident_tickets(const request& request, app& app) {
    auto look = [number = incident_number(request), after = std::string(request.parameter("after")),
                 limit = limit_of(request)](soci::session& sql) {
        return std::pair{model::incidents::get(sql, number), model::incident_sheets::tickets(sql, number, after, limit)};
    };
    auto [incident, found] = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    nlohmann::json data = {{"items", nlohmann::json::array()}, {"next", nullptr}};
    if (views::hides_few(incident, through)) found = {};
    for (const auto& each : found.items) data["items"].push_back(views::incident_ticket(each, through));
    if (!found.next.empty()) data["next"] = found.next;
    if (!through.for_people) co_return json(std::move(data));
    auto address = "/console/incidents/" + std::to_string(incident.id);
    if (!found.next.empty()) data["next_address"] = address + "/tickets?after=" + found.next;
    data["incident"] = views::incident(incident, through), data["can"] = permissions(incident, request);
    data["here_incidents"] = true;
    co_return page("console/incident_tickets", std::move(data));
}

asio::awaitable<reply> list_incident_dossiers(const request& request, app& app) {
    auto look = [number = incident_number(request), from = read_place(request.parameter("after")),
                 limit = limit_of(request)](soci::session& sql) { return read_dossiers(sql, number, from, limit); };
    auto found = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    auto silent_count = views::told_count(found.silent_count, through);
    if (views::hides_few(found.incident, through)) found.reported.clear();
    if (silent_count.is_null()) found.silent.clear();
    nlohmann::json data = {
        {"items", nlohmann::json::array()}, {"silent", nlohmann::json::array()}, {"silent_count", silent_count}, {"next", nullptr}};
    for (const auto& each : found.reported) data["items"].push_back(views::reported_dossier(each, through));
    for (const auto& each : found.silent) data["silent"].push_back(views::dossier(each, through));
    if (!found.next.empty()) data["next"] = found.next;
    if (!through.for_people) co_return json(std::move(data));
    auto address = "/console/incidents/" + std::to_string(found.incident.id);
    if (!found.next.empty()) data["next_address"] = address + "/dossiers?after=" + found.next;
    data["incident"] = views::incident(found.incident, through), data["can"] = permissions(found.incident, request);
    data["procedures"] = nlohmann::json::array();
    for (const auto& each : model::procedures::all)
        data["procedures"].push_back(
            {{"code", each}, {"t:label", "procedure." + std::string(each)}, {"is_chosen", each == found.incident.stuck_procedure}});
    data["here_incidents"] = true, data["silent_shown"] = views::silent_shown(found.silent_count, through);
    co_return page("console/incident_dossiers", std::move(data));
}

asio::awaitable<reply> show_incident_timeline(const request& request, app& app) {
    auto limit = limit_of(request);
    auto before = std::numeric_limits<std::int64_t>::max();
    if (auto after = request.parameter("after"); !after.empty()) {
        auto [end, error] = std::from_chars(after.data(), after.data() + after.size(), before);
        if (error != std::errc{} || end != after.data() + after.size())
            throw model::invalid({{"after", "malformed", "fault.parameter.malformed"}});
    }
    auto look = [number = incident_number(request), limit, before](soci::session& sql) {
        model::incidents::get(sql, number);
        return model::incident_sheets::history(sql, number, before, limit + 1);
    };
    auto history = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    nlohmann::json data = {{"items", nlohmann::json::array()}, {"next", nullptr}};
    if (static_cast<int>(history.size()) > limit) {
        history.pop_back();
        data["next"] = std::to_string(history.back().id);
    }
    for (const auto& each : history) data["items"].push_back(views::event(each, through));
    co_return json(std::move(data));
}

asio::awaitable<reply> show_incident_trend(const request& request, app& app) {
    auto sheet = co_await read_sheet(request, app);
    co_return json(incident_drawing::trend(sheet, lens_of(request, app)));
}

asio::awaitable<reply> show_refused_incident(const request& request, app& app, const action_fields& typed, std::exception_ptr why) {
    auto sheet = co_await read_sheet(request, app);
    auto out = page("console/incident", page_data(sheet, request, app));
    put_refusal(out, typed.all(), why);
    for (const auto& each : out.data["errors"])
        if (each["field"] == "new_request_reason") out.data["asks_why"] = true;
    for (const char* noun : {"broadcast", "fix", "verification"}) // each has a message of its own, in a form of its own
        out.data["was"][noun] = request.path.ends_with(std::string("/") + noun);
    co_return out;
}

} // namespace relais::api
