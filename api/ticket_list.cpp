// SPDX-License-Identifier: EUPL-1.2
#include "api/ticket_list.hpp"

#include "api/ticket_filters.hpp"
#include "api/time_text.hpp"
#include "api/views.hpp"
#include "model/database.hpp"
#include "model/dossier.hpp"
#include "model/error.hpp"
#include "model/quick_find.hpp"
#include "model/reference.hpp"
#include "model/ticket_queue.hpp"

#include <charconv>

namespace relais::api {

namespace {

constexpr int page_size = 50;
constexpr int search_limit = 100;

struct list_request {
    model::queue_filter filter;
    std::string after, dossier, q;
    int limit = page_size;
};

template <class Number> std::optional<Number> number_of(std::string_view text) {
    Number out{};
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return out;
}

void read_assignee(const request& request, list_request& out, std::vector<model::field_fault>& faults) {
    auto wanted = request.parameter("assignee");
    if (wanted.empty() && !request.parameter("mine").empty()) wanted = "me";
    if (wanted == "none")
        out.filter.unassigned = true;
    else if (wanted == "me")
        out.filter.assignee = request.who.id;
    else if (!wanted.empty()) {
        out.filter.assignee = number_of<std::int64_t>(wanted);
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
    if (auto incident = request.parameter("incident"); !incident.empty()) {
        out.filter.incident = number_of<std::int64_t>(incident);
        if (!out.filter.incident) faults.push_back({"incident", "malformed", "fault.parameter.malformed"});
    }
    if (auto limit = request.parameter("limit"); !limit.empty()) {
        out.limit = number_of<int>(limit).value_or(0);
        if (out.limit < 1 || out.limit > model::ticket_queue::page_limit)
            faults.push_back({"limit", "out_of_range", "fault.parameter.limit"});
    }
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
    if (auto reference = model::references::read(wanted.q); reference || !sees.people) {
        for (const auto& each : model::quick_finds::find(sql, reference.value_or(""), 1).tickets) wanted.filter.among.push_back(each.id);
        return;
    }
    for (const auto& each : model::quick_finds::find(sql, wanted.q, search_limit).tickets) wanted.filter.among.push_back(each.id);
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
