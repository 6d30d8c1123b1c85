// SPDX-License-Identifier: EUPL-1.2
#include "api/queue_view.hpp"

#include "api/action_fields.hpp"
#include "api/form_fields.hpp"
#include "api/guards.hpp"
#include "api/parameters.hpp"
#include "api/refusal.hpp"
#include "api/ticket_change.hpp"
#include "api/ticket_filters.hpp"
#include "api/ticket_list.hpp"
#include "api/write_once.hpp"
#include "model/answer_variable.hpp"
#include "model/closure_reason.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/ticket_lease.hpp"

#include <algorithm>
#include <array>

namespace relais::api {

namespace {

using nlohmann::json;

// In the order of the table; the subject is always there.
constexpr std::array<std::string_view, 14> all_columns = {"due",       "legal",    "age",      "requester", "department",
                                                          "procedure", "category", "dossier",  "channel",   "status",
                                                          "waiting",   "team",     "assignee", "updated"};
constexpr std::string_view usual_columns = "due,age,requester,department,procedure,dossier,status";

bool is_among(std::string_view list, std::string_view word) {
    for (std::size_t from = 0; from <= list.size();) {
        auto end = std::min(list.find(',', from), list.size());
        if (list.substr(from, end - from) == word) return true;
        from = end + 1;
    }
    return false;
}

// The chosen columns that exist, in the order of the table; empty: the usual ones.
std::string columns_of(const std::vector<std::string>& chosen) {
    std::string out;
    for (auto each : all_columns)
        if (std::find(chosen.begin(), chosen.end(), each) != chosen.end()) out += (out.empty() ? "" : ",") + std::string(each);
    return out == usual_columns ? "" : out;
}

std::string queue_address(const std::string& query, std::int64_t view = 0) {
    auto out = "/console/tickets" + (query.empty() ? "" : "?" + query);
    if (view > 0) out += (query.empty() ? "?view=" : "&view=") + std::to_string(view);
    return out;
}

bool writes_shared(const request& request) { return request.who.role == "supervisor"; }

std::int64_t id_of(const request& request) {
    auto id = parameters::number_of(request.capture(0));
    if (!id) throw model::not_found();
    return *id;
}

// The queue as it was, with the name that was typed and why it was refused.
asio::awaitable<reply> show_refused_view(const request& request, app& app, std::string address, std::exception_ptr why) {
    auto asked = address.find('?');
    auto at = ticket_filters::queue_of(request, asked == std::string::npos ? "" : address.substr(asked + 1));
    auto out = co_await list_tickets(at, app);
    put_refusal(out, {{"name", request.field("name")}, {"shared", request.field("shared")}}, why);
    co_return out;
}

} // namespace

asio::awaitable<reply> post_view(const request& request, app& app) {
    std::string name(request.field("name"));
    auto asked = request.field("query");
    auto query = name.empty() ? ticket_filters::read_query(request, asked).query : ticket_filters::read_view(request, asked).query;
    if (auto columns = columns_of(form_list(request.form, "columns[]")); !columns.empty())
        query += (query.empty() ? "columns=" : "&columns=") + columns;
    auto opened = parameters::number_of(request.field("view")).value_or(0);
    model::saved_view view{opened, request.who.id, !request.field("shared").empty(), std::move(name), query, seen_version(request)};
    if (view.name.empty()) co_return see_other(queue_address(query));
    if (view.is_shared && !writes_shared(request)) throw model::forbidden();
    make_visit prepare = [&]() -> std::function<reply(soci::session&)> {
        return [view, who = actor_of(request), now = request.now](soci::session& sql) {
            return api::json({{"id", model::saved_views::add(sql, view, who, now)}});
        };
    };
    auto kept = co_await attempt_once(request, app, std::move(prepare));
    if (kept.refused) co_return co_await show_refused_view(request, app, queue_address(query, opened), kept.refused);
    co_return see_other(queue_address(query, kept.answer.data["id"].get<std::int64_t>()));
}

asio::awaitable<reply> open_view(const request& request, app& app) {
    auto look = [id = id_of(request), me = request.who.id](soci::session& sql) { return model::saved_views::get(sql, id, me); };
    auto view = co_await app.database.read(std::move(look));
    co_return see_other(queue_address(view.query, view.id));
}

asio::awaitable<reply> show_view_counts(const request& request, app& app) {
    auto look = [asked = request](soci::session& sql) {
        auto out = nlohmann::json::array();
        for (const auto& each : model::saved_views::of(sql, asked.who.id)) {
            try {
                auto filter = ticket_filters::read_query(asked, each.query).filter;
                out.push_back({{"id", each.id}, {"count", ticket_filters::count_shown(model::ticket_queue::count(sql, filter))}});
            } catch (const model::invalid&) {   // it filters by what is there no more: it opens on that fault
            } catch (const model::forbidden&) { // by an incident, which this role may not count
            }
        }
        return out;
    };
    auto counts = co_await app.database.read(std::move(look));
    co_return page("fragment/view_counts", {{"counts", std::move(counts)}});
}

asio::awaitable<reply> remove_view(const request& request, app& app) {
    auto end = [id = id_of(request), seen = seen_version(request), who = actor_of(request), shared = writes_shared(request),
                now = request.now](soci::session& sql) { model::saved_views::remove(sql, id, seen, who, shared, now); };
    co_await app.database.write(std::move(end));
    co_return see_other("/console/tickets");
}

asio::awaitable<reply> take_next(const request& request, app& app) {
    auto view = ticket_filters::read_view(request, request.field("view"));
    std::function<reply(soci::session&)> take = [view, who = actor_of(request), now = request.now](soci::session& sql) {
        auto given = model::ticket_leases::take_next(sql, view.filter, who, view.query, now);
        return api::json({{"reference", given ? nlohmann::json(*given) : nlohmann::json(nullptr)}});
    };
    auto given = co_await write_once(request, app, std::move(take));
    if (!given.data["reference"].is_null()) co_return see_other("/console/tickets/" + given.data["reference"].get<std::string>());
    co_return see_other(queue_address(view.query.empty() ? "none=1" : view.query + "&none=1"));
}

asio::awaitable<reply> post_release(const request& request, app& app) {
    auto end = [reference = ticket_reference(request), who = actor_of(request), now = request.now](soci::session& sql) {
        model::ticket_leases::release(sql, model::tickets::get(sql, reference).id, who, now);
    };
    co_await app.database.write(std::move(end));
    co_return see_other("/console/tickets");
}

namespace queue_views {

desk read(soci::session& sql, std::int64_t user_id) {
    return {model::saved_views::of(sql, user_id), model::teams::all(sql), model::ticket_leases::held_by(sql, user_id),
            model::users::desk(sql)};
}

void put(nlohmann::json& data, const desk& seen, const request& request) {
    auto chosen = request.parameter("columns").empty() ? usual_columns : request.parameter("columns");
    auto open = parameters::number_of(request.parameter("view")).value_or(0);
    data["columns"] = nlohmann::json::array(), data["views"] = nlohmann::json::array(), data["teams"] = nlohmann::json::array();
    for (auto each : all_columns) {
        auto is_chosen = is_among(chosen, each);
        data["shows"][std::string(each)] = is_chosen;
        data["columns"].push_back({{"code", each}, {"t:label", "queue.column." + std::string(each)}, {"is_chosen", is_chosen}});
    }
    for (const auto& each : seen.views) {
        data["views"].push_back({{"id", each.id}, {"name", each.name}, {"is_shared", each.is_shared}, {"is_open", each.id == open}});
        if (each.id == open && (!each.is_shared || writes_shared(request)))
            data["open_view"] = {{"id", each.id}, {"name", each.name}, {"version", each.version}};
    }
    for (const auto& each : seen.teams)
        data["teams"].push_back({{"code", each.code}, {"name", each.name}, {"is_chosen", each.code == request.parameter("queue")}});
    data["held"] = seen.held, data["holds"] = !seen.held.empty(), data["has_views"] = !seen.views.empty();
    data["has_teams"] = !seen.teams.empty(), data["may_share"] = writes_shared(request);
    data["may_act"] = (role_bit(request.who.role) & api::desk) != 0;
    data["colleagues"] = nlohmann::json::array(), data["closure_reasons"] = nlohmann::json::array();
    for (const auto& each : seen.colleagues) data["colleagues"].push_back({{"id", each.id}, {"name", each.name}});
    for (auto code : model::closure_reasons::chosen)
        data["closure_reasons"].push_back({{"code", code}, {"t:label", "closure_reason." + std::string(code)}});
    for (auto each : model::answer_variables::names) data["variables"].push_back("{" + std::string(each) + "}");
    data["none_left"] = !request.parameter("none").empty();
    data["columns_chosen"] = request.parameter("columns"), data["view"] = request.parameter("view");
}

} // namespace queue_views

} // namespace relais::api
