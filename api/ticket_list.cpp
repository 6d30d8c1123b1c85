// SPDX-License-Identifier: EUPL-1.2
#include "api/ticket_list.hpp"

#include "api/parameters.hpp"
#include "api/ticket_filters.hpp"
#include "api/time_text.hpp"
#include "api/views.hpp"
#include "api/workers.hpp"
#include "model/database.hpp"
#include "model/dossier.hpp"
#include "model/error.hpp"
#include "model/quick_find.hpp"
#include "model/reference.hpp"
#include "model/search_index.hpp"
#include "model/ticket_queue.hpp"

#include <algorithm>

namespace relais::api {

namespace {

constexpr int page_size = 50;
constexpr int search_limit = 100;

struct list_request {
    model::queue_filter filter;
    std::string after, dossier, q;
    int limit = page_size;
};

void read_assignee(const request& request, list_request& out, std::vector<model::field_fault>& faults) {
    auto wanted = request.parameter("assignee");
    if (wanted.empty() && !request.parameter("mine").empty()) wanted = "me";
    if (wanted == "none")
        out.filter.unassigned = true;
    else if (wanted == "me")
        out.filter.assignee = request.who.id;
    else if (!wanted.empty()) {
        out.filter.assignee = parameters::number_of(wanted);
        if (!out.filter.assignee) faults.push_back({"assignee", "malformed", "fault.parameter.malformed"});
    }
}

list_request read_list_request(const request& request) {
    list_request out;
    std::vector<model::field_fault> faults;
    out.filter = ticket_filters::read(request, faults);
    read_assignee(request, out, faults);
    if (auto since = request.parameter("updated_since"); !since.empty()) {
        out.filter.updated_since = time_text::parse(since);
        if (!out.filter.updated_since) faults.push_back({"updated_since", "malformed", "fault.parameter.malformed"});
    }
    out.limit = static_cast<int>(parameters::number(request, "limit", 1, model::ticket_queue::page_limit, page_size, faults));
    if (!faults.empty()) throw model::invalid(std::move(faults));
    out.after = request.parameter("after"), out.dossier = request.parameter("dossier"), out.q = request.parameter("q");
    return out;
}

struct found {
    model::queue_page page;
    std::int64_t total = 0, mine = 0, late = 0;
};

// What was typed in the search box. Those who may not see people find a reference and nothing else: a count tells as much as a line.
void narrow_to_search(soci::session& sql, list_request& wanted, const sight& sees) {
    if (wanted.q.empty()) return;
    wanted.filter.is_search = true;
    if (wanted.filter.status == "active") wanted.filter.status.clear(); // what is searched may be closed
    auto reference = model::references::read(wanted.q);
    auto typed = sees.people && !reference ? wanted.q : reference.value_or("");
    for (const auto& each : model::quick_finds::find(sql, typed, search_limit).tickets) wanted.filter.among.push_back(each.id);
    auto& among = wanted.filter.among;
    std::sort(among.begin(), among.end());
    among.erase(std::unique(among.begin(), among.end()), among.end());
}

// The words of the tickets, for those who may read them.
asio::awaitable<std::vector<std::int64_t>> find_words(const list_request& wanted, const sight& sees, app& app) {
    if (wanted.q.empty() || !sees.words || model::references::read(wanted.q)) co_return std::vector<std::int64_t>{};
    model::search_request ask;
    ask.text = wanted.q, ask.limit = search_limit;
    auto look = [&index = app.search, ask] { return index.find(ask).ticket_ids; };
    co_return co_await run_on(app.workers, std::move(look));
}

void narrow_to_dossier(soci::session& sql, list_request& wanted) {
    if (wanted.dossier.empty()) return;
    wanted.filter.dossier_id = model::dossiers::get(sql, wanted.dossier).id;
}

found find(soci::session& sql, list_request wanted, const sight& sees, std::int64_t me, bool with_counts, model::sys_seconds now) {
    narrow_to_search(sql, wanted, sees);
    narrow_to_dossier(sql, wanted);
    found out;
    out.page = model::ticket_queue::list(sql, wanted.filter, wanted.after, wanted.limit);
    if (!with_counts) return out;
    out.total = model::ticket_queue::count(sql, wanted.filter);
    model::queue_filter mine, late;
    mine.assignee = me, late.due_before = now;
    out.mine = model::ticket_queue::count(sql, mine);
    out.late = model::ticket_queue::count(sql, late);
    return out;
}

} // namespace

asio::awaitable<reply> list_tickets(const request& request, app& app) {
    auto wanted = read_list_request(request);
    auto through = lens_of(request, app);
    wanted.filter.among = co_await find_words(wanted, through.sees, app);
    auto look = [wanted, sees = through.sees, me = request.who.id, counts = through.for_people, now = request.now](soci::session& sql) {
        return find(sql, wanted, sees, me, counts, now);
    };
    auto found = co_await app.database.read(std::move(look));
    nlohmann::json data = {{"items", nlohmann::json::array()}, {"next", nullptr}};
    for (const auto& each : found.page.lines) data["items"].push_back(views::queue_line(each, through));
    if (!found.page.next.empty()) data["next"] = found.page.next;
    if (!through.for_people) co_return json(std::move(data));
    ticket_filters::add_to_page(data, request, {found.total, found.mine, found.late});
    co_return page("console/tickets", std::move(data));
}

asio::awaitable<reply> show_console(const request& request, app&) {
    co_return see_other(request.who.role == "partner" ? "/console/compte" : "/console/tickets");
}

} // namespace relais::api
