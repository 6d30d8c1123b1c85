// SPDX-License-Identifier: EUPL-1.2
#include "api/ticket_list.hpp"

#include "api/parameters.hpp"
#include "api/queue_view.hpp"
#include "api/ticket_clocks.hpp"
#include "api/ticket_filters.hpp"
#include "api/ticket_search.hpp"
#include "api/time_text.hpp"
#include "api/views.hpp"
#include "model/database.hpp"
#include "model/dossier.hpp"
#include "model/error.hpp"
#include "model/ticket_queue.hpp"

namespace relais::api {

namespace {

constexpr int page_size = 50;

struct list_request {
    model::queue_filter filter;
    std::string after, dossier, q;
    int limit = page_size;
};

list_request read_list_request(const request& request) {
    list_request out;
    std::vector<model::field_fault> faults;
    out.filter = ticket_filters::read(request, faults);
    if (auto since = request.parameter("updated_since"); !since.empty()) {
        out.filter.updated_since = time_text::parse(since);
        if (!out.filter.updated_since) faults.push_back({"updated_since", "malformed", "fault.parameter.malformed"});
    }
    out.limit = static_cast<int>(parameters::number(request, "limit", 1, model::ticket_queue::page_limit, page_size, faults));
    auto sort = request.parameter("sort");
    if (!sort.empty() && sort != "relevance" && !ticket_filters::is_order(sort))
        faults.push_back({"sort", "unknown", "fault.parameter.unknown"});
    if (!faults.empty()) throw model::invalid(std::move(faults));
    out.after = request.parameter("after"), out.dossier = request.parameter("dossier"), out.q = request.parameter("q");
    return out;
}

struct found {
    queue_views::desk views;
    list_request wanted; // its dossier found
    model::queue_page page;
    std::vector<model::ticket_clock> clocks; // of the lines, for people
    ticket_filters::counts counts;
};

std::vector<model::ticket_clock> clocks_of(soci::session& sql, const std::vector<model::queue_line>& lines) {
    std::vector<std::int64_t> ids;
    for (const auto& each : lines) ids.push_back(each.id);
    return model::ticket_clocks::pending(sql, ids);
}

// What a line shows to people besides what the API tells.
void add_for_people(nlohmann::json& to, const model::queue_line& line, const found& beside, const lens& through) {
    views::add_line_clocks(to, line.id, beside.clocks, through);
    for (const auto& team : beside.views.teams)
        if (line.team_id == team.id) to["team"] = team.name;
}

list_request with_dossier(soci::session& sql, list_request wanted) {
    if (!wanted.dossier.empty()) wanted.filter.dossier_id = model::dossiers::get(sql, wanted.dossier).id;
    return wanted;
}

ticket_filters::counts count(soci::session& sql, const list_request& wanted, std::int64_t me, model::sys_seconds now) {
    model::queue_filter mine, late;
    mine.assignee = me, late.status = "unclosed", late.due_before = now;
    auto total = wanted.q.empty() ? model::ticket_queue::count(sql, wanted.filter) : 0;
    return {total, model::ticket_queue::count(sql, mine), model::ticket_queue::count(sql, late)};
}

// What is typed in the queue's box may be closed: the choice above the queue is then that of the queue, not of the search.
ticket_search::wish wish_of(const list_request& wanted, const request& request) {
    ticket_search::wish out;
    out.q = wanted.q, out.filter = wanted.filter, out.limit = wanted.limit;
    if (!request.is_api() && out.filter.status == "active") out.filter.status.clear();
    out.by_relevance = request.parameter("sort") == "relevance";
    out.offset = ticket_search::read_cursor(wanted.after);
    return out;
}

} // namespace

asio::awaitable<reply> list_tickets(const request& request, app& app) {
    auto wanted = read_list_request(request);
    auto through = lens_of(request, app);
    auto look = [wanted, me = request.who.id, counts = through.for_people, now = request.now](soci::session& sql) {
        found out;
        out.wanted = with_dossier(sql, wanted);
        if (wanted.q.empty()) out.page = model::ticket_queue::list(sql, out.wanted.filter, wanted.after, wanted.limit);
        if (!counts) return out;
        out.counts = count(sql, out.wanted, me, now), out.views = queue_views::read(sql, me);
        out.clocks = clocks_of(sql, out.page.lines);
        return out;
    };
    auto found = co_await app.database.read(std::move(look));
    nlohmann::json data = {{"items", nlohmann::json::array()}, {"next", nullptr}};
    if (!wanted.q.empty()) {
        auto searched = co_await ticket_search::find(wish_of(found.wanted, request), through.sees, app);
        data["search"] = ticket_search::view(searched);
        found.page = {std::move(searched.lines), std::move(searched.next)};
        found.counts.total = searched.about;
        auto look_at_clocks = [lines = found.page.lines](soci::session& sql) { return clocks_of(sql, lines); };
        if (through.for_people) found.clocks = co_await app.database.read(std::move(look_at_clocks));
    }
    for (const auto& each : found.page.lines) {
        auto line = views::queue_line(each, through);
        if (through.for_people) add_for_people(line, each, found, through);
        data["items"].push_back(std::move(line));
    }
    if (!found.page.next.empty()) data["next"] = found.page.next;
    if (!through.for_people) co_return json(std::move(data));
    ticket_filters::add_to_page(data, request, found.counts);
    queue_views::put(data, found.views, request);
    co_return page("console/tickets", std::move(data));
}

asio::awaitable<reply> show_queue_counts(const request& request, app& app) {
    auto asked = read_list_request(request);
    auto look = [asked, me = request.who.id, now = request.now](soci::session& sql) {
        auto wanted = with_dossier(sql, asked);
        return std::pair{wanted, count(sql, wanted, me, now)};
    };
    auto [wanted, counts] = co_await app.database.read(std::move(look));
    if (!wanted.q.empty()) {
        auto searched = co_await ticket_search::find(wish_of(wanted, request), lens_of(request, app).sees, app);
        counts.total = searched.about;
    }
    nlohmann::json data = {{"items", nlohmann::json::array()}, {"next", nullptr}};
    ticket_filters::add_to_page(data, request, counts);
    co_return page("fragment/queue_counts", std::move(data));
}

asio::awaitable<reply> show_console(const request& request, app&) {
    co_return see_other(request.who.role == "partner" ? "/console/compte" : "/console/tickets");
}

} // namespace relais::api
