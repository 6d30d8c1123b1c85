// SPDX-License-Identifier: EUPL-1.2
#include "api/incident_list.hpp"

#include "api/action_fields.hpp"
#include "api/guards.hpp"
#include "api/incident_page.hpp"
#include "api/incident_view.hpp"
#include "api/ticket_page.hpp"
#include "api/time_text.hpp"
#include "api/view_text.hpp"
#include "api/write_once.hpp"
#include "model/cause_owner.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/incident_figures.hpp"
#include "model/incident_state.hpp"
#include "model/small_cell.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace relais::api {

namespace {

constexpr int page_size = 50;
constexpr auto figures_span = std::chrono::hours(24 * 90);
constexpr std::size_t title_limit = 200, text_limit = 4000; // code points
constexpr auto natures = std::to_array<std::string_view>({"software_defect", "data_error", "legal_case_not_covered", "process_delay"});

struct list_request {
    model::incidents::filter filter;
    std::string after;
    int limit = page_size;
};

list_request read_list_request(const request& request) {
    list_request out;
    std::vector<model::field_fault> faults;
    out.filter.state = request.parameter("state");
    if (!out.filter.state.empty() && out.filter.state != "open" && !model::incident_states::is_known(out.filter.state))
        faults.push_back({"state", "unknown", "fault.parameter.unknown"});
    if (auto since = request.parameter("updated_since"); !since.empty()) {
        out.filter.updated_since = time_text::parse(since);
        if (!out.filter.updated_since) faults.push_back({"updated_since", "malformed", "fault.parameter.malformed"});
    }
    if (auto text = request.parameter("limit"); !text.empty()) {
        auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.limit);
        if (error != std::errc{} || end != text.data() + text.size() || out.limit < 1 || out.limit > model::incidents::page_limit)
            faults.push_back({"limit", "out_of_range", "fault.parameter.limit"});
    }
    if (!faults.empty()) throw model::invalid(std::move(faults));
    out.after = request.parameter("after");
    return out;
}

// Those that skip the queue first, then those that bursts, then the law's clocks, then the most people.
bool is_more_urgent(const model::incident& one, const model::incident& other) {
    auto rank = [](const model::incident& of) {
        return std::tuple(!(of.is_security || of.is_hardship), of.severity != "critical",
                          of.legal_on.empty() ? std::string("9") : of.legal_on, -of.citizens);
    };
    return rank(one) < rank(other);
}

struct titled {
    model::incident incident;
    std::vector<model::incident_fact> facts;
};
std::vector<titled> with_facts(soci::session& sql, std::vector<model::incident> all) {
    std::vector<titled> out;
    for (auto& each : all) {
        auto facts = each.title.empty() ? model::incident_facts::read(sql, each.id) : std::vector<model::incident_fact>{};
        out.push_back({std::move(each), std::move(facts)});
    }
    return out;
}

nlohmann::json card(const titled& of, const lens& through) {
    auto out = views::incident(of.incident, through);
    out["title"] = views::incident_title(of.incident, of.facts, through);
    if (!through.for_people) return out;
    const auto& incident = of.incident;
    auto soon = std::chrono::hours(24 * 14);
    auto today = view_text::local_day(through.now), near = view_text::local_day(through.now + soon);
    out["is_urgent"] = incident.is_security || incident.is_hardship;
    out["is_legal_late"] = !incident.legal_on.empty() && incident.legal_on < today;
    out["is_legal_soon"] = !incident.legal_on.empty() && incident.legal_on >= today && incident.legal_on <= near;
    out["is_bursting"] = incident.burst_at && through.now - *incident.burst_at < std::chrono::hours(24);
    return out;
}

using counts = std::map<std::string, std::int64_t>;
nlohmann::json columns(const std::vector<titled>& all, const counts& counted, const lens& through) {
    auto out = nlohmann::json::array();
    for (auto state : model::incident_states::all) {
        if (!model::incident_states::is_listed(state)) continue;
        nlohmann::json column = {{"state", state}, {"t:title", "incident.state." + std::string(state)}, {"items", nlohmann::json::array()}};
        for (const auto& each : all)
            if (each.incident.state == state) column["items"].push_back(card(each, through));
        auto count = counted.find(std::string(state));
        column["count"] = count == counted.end() ? 0 : count->second;
        column["is_empty"] = column["items"].empty();
        column["has_more"] = column["count"] > column["items"].size();
        column["more_address"] = "/console/incidents?state=" + column["state"].get<std::string>();
        out.push_back(std::move(column));
    }
    return out;
}

nlohmann::json commitment(const model::incident_figures::commitment& of) {
    nlohmann::json out = {{"kept", of.kept}, {"of", of.of}};
    out["percent"] = of.of == 0 ? nlohmann::json(nullptr) : nlohmann::json(of.kept * 100 / of.of);
    return out;
}

// Of tickets: with few persons on either side it tells of them.
nlohmann::json attachments(const model::incident_figures::commitment& of, const lens& through) {
    if (views::sees_few(through.sees) || !model::small_cells::hides(of.kept, of.of)) return commitment(of);
    return {{"kept", nullptr}, {"of", nullptr}, {"percent", nullptr}};
}

nlohmann::json figures(const model::incident_figures::figures& of, const lens& through) {
    nlohmann::json out = {{"accepted", commitment(of.accepted)},
                          {"workaround", commitment(of.workaround)},
                          {"dated", commitment(of.dated)},
                          {"attached", attachments(of.attached, through)},
                          {"returned", of.returned},
                          {"lead_days_p50", nullptr},
                          {"lead_days_p90", nullptr}};
    if (of.lead_p50) out["lead_days_p50"] = of.lead_p50->count() / 86400;
    if (of.lead_p90) out["lead_days_p90"] = of.lead_p90->count() / 86400;
    return out;
}

// The same as the lines of a list: "92 %" or, when nothing was due yet, the words that say so.
nlohmann::json figures_shown(const nlohmann::json& of) {
    auto out = nlohmann::json::array();
    for (const auto* name : {"accepted", "workaround", "dated", "attached"}) {
        nlohmann::json line = {{"t:label", "incident.figure." + std::string(name)}};
        if (of[name]["percent"].is_null())
            line["t:value"] = of[name]["of"].is_null() ? "share.few" : "incident.figure.none";
        else
            line.update({{"value", of[name]["percent"].dump() + " %"}, {"kept", of[name]["kept"].dump()}, {"of", of[name]["of"]}});
        out.push_back(std::move(line));
    }
    if (!of["lead_days_p50"].is_null())
        out.push_back({{"t:label", "incident.figure.lead"}, {"value", of["lead_days_p50"].dump() + " ; " + of["lead_days_p90"].dump()}});
    out.push_back({{"t:label", "incident.figure.returned"}, {"value", of["returned"].dump()}});
    return out;
}

asio::awaitable<reply> show_board(const request& request, app& app) {
    auto look = [now = request.now](soci::session& sql) {
        return std::tuple{with_facts(sql, model::incidents::board(sql)), model::incidents::board_counts(sql),
                          model::incident_figures::compute(sql, now - figures_span, now)};
    };
    auto [all, counted, measured] = co_await app.database.read(std::move(look));
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& one, const auto& other) { return is_more_urgent(one.incident, other.incident); });
    std::int64_t total = 0;
    for (const auto& [state, count] : counted) total += count;
    nlohmann::json data = {{"columns", columns(all, counted, lens_of(request, app))},
                           {"total", total},
                           {"figures", figures(measured, lens_of(request, app))},
                           {"here_incidents", true}};
    data["figures_shown"] = figures_shown(data["figures"]);
    data["can_open"] = (role_bit(request.who.role) & desk) != 0;
    co_return page("console/incidents", std::move(data));
}

std::string checked(const action_fields& given, std::string_view name, std::size_t limit, std::vector<model::field_fault>& faults) {
    auto out = model::text::check_message(given.text(name), limit);
    if (!out.accepted()) faults.push_back(model::fault(std::string(name), "text", out));
    return out.normalised;
}

model::incidents::draft read_draft(const action_fields& given) {
    std::vector<model::field_fault> faults;
    model::incidents::draft out;
    out.state = "proposed", out.is_reviewed = true;
    out.title = checked(given, "title", title_limit, faults), out.description = checked(given, "description", text_limit, faults);
    out.nature = given.text("nature"), out.cause_owner = given.text("cause_owner");
    if (out.title.empty()) faults.push_back({"title", "missing", "fault.incident.title_missing"});
    if (!out.nature.empty() && std::find(natures.begin(), natures.end(), out.nature) == natures.end())
        faults.push_back({"nature", "unknown", "fault.parameter.unknown"});
    if (!out.cause_owner.empty() && !model::cause_owners::is_known(out.cause_owner))
        faults.push_back({"cause_owner", "unknown", "fault.parameter.unknown"});
    if (!faults.empty()) throw model::invalid(std::move(faults));
    return out;
}

} // namespace

asio::awaitable<reply> list_incidents(const request& request, app& app) {
    auto wanted = read_list_request(request);
    if (!request.wants_json() && wanted.filter.state.empty() && wanted.after.empty()) co_return co_await show_board(request, app);
    auto look = [wanted](soci::session& sql) {
        auto page = model::incidents::list(sql, wanted.filter, wanted.after, wanted.limit);
        return std::pair{with_facts(sql, std::move(page.items)), page.next};
    };
    auto [all, next] = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    nlohmann::json data = {{"items", nlohmann::json::array()}, {"next", nullptr}};
    for (const auto& each : all) data["items"].push_back(card(each, through));
    if (!next.empty()) data["next"] = next;
    if (!through.for_people) co_return json(std::move(data));
    if (!next.empty()) data["next_address"] = "/console/incidents?state=" + wanted.filter.state + "&after=" + next;
    data["state"] = wanted.filter.state, data["here_incidents"] = true, data["is_empty"] = all.empty();
    data["t:state_label"] = "incident.state." + (wanted.filter.state.empty() ? std::string("open") : wanted.filter.state);
    co_return page("console/incident_list", std::move(data));
}

asio::awaitable<reply> post_incident(const request& request, app& app) {
    action_fields given(request, {"title", "nature", "cause_owner", "description"});
    auto what = read_draft(given);
    std::function<reply(soci::session&)> visit = [what, who = actor_of(request), now = request.now,
                                                  through = lens_of(request, app)](soci::session& sql) {
        auto number = model::incidents::open(sql, what, who, now);
        auto made = model::incidents::get(sql, number);
        auto out = json(views::incident(made, through), 201);
        out.headers.emplace_back("ETag", ticket_etag(made.version));
        return out;
    };
    auto out = co_await write_once(request, app, std::move(visit));
    if (request.wants_json()) co_return out;
    co_return see_other("/console/incidents/" + std::to_string(out.data["number"].get<std::int64_t>()) + "?done=opened");
}

asio::awaitable<reply> show_incident_figures(const request& request, app& app) {
    auto until = time_text::parse(request.parameter("to")), from = time_text::parse(request.parameter("from"));
    std::vector<model::field_fault> faults;
    if (!until && !request.parameter("to").empty()) faults.push_back({"to", "malformed", "fault.parameter.malformed"});
    if (!from && !request.parameter("from").empty()) faults.push_back({"from", "malformed", "fault.parameter.malformed"});
    if (!faults.empty()) throw model::invalid(std::move(faults));
    if (!until) until = request.now;
    if (!from) from = *until - figures_span;
    auto look = [from = *from, until = *until](soci::session& sql) { return model::incident_figures::compute(sql, from, until); };
    auto counted = co_await app.database.read(std::move(look));
    co_return json(figures(counted, lens_of(request, app)));
}

} // namespace relais::api
