// SPDX-License-Identifier: EUPL-1.2
#include "api/bulk_jobs.hpp"

#include "api/action_fields.hpp"
#include "api/answer_words.hpp"
#include "api/form_fields.hpp"
#include "api/guards.hpp"
#include "api/pages.hpp"
#include "api/parameters.hpp"
#include "api/refusal.hpp"
#include "api/ticket_change.hpp"
#include "api/ticket_filters.hpp"
#include "api/view_parts.hpp"
#include "model/category.hpp"
#include "model/closure_reason.hpp"
#include "model/error.hpp"
#include "model/outgoing_mail.hpp"
#include "model/random_id.hpp"
#include "model/refiling.hpp"
#include "model/text.hpp"
#include "model/user.hpp"

#include <algorithm>

namespace relais::api {

namespace {

using nlohmann::json;
namespace bulk = model::bulk_jobs;

constexpr std::size_t examples_count = 5, closure_limit = 2000;

bool may_steer(const request& request, const model::bulk_job& job) {
    return request.who.role == "supervisor" || job.owner_id == request.who.id;
}

std::int64_t id_of(const request& request) {
    auto id = parameters::number_of(request.capture(0));
    if (!id) throw model::not_found();
    return *id;
}

// What is asked, checked as far as it can be without a ticket.
json argument_of(const request& request, const action_fields& given) {
    const auto& action = given.text("action");
    auto why = ticket_changes::words(given, "new_request_reason", model::refilings::reason_limit);
    if (action == "assignment") return {{"assignee", ticket_changes::assignee_of(request, given).value_or(0)}};
    if (action == "category") {
        if (!model::categories::is_known(given.text("category"))) throw model::invalid({{"category", "unknown", "fault.category.unknown"}});
        return {{"category", given.text("category")}};
    }
    if (action == "answer")
        return {{"body", ticket_changes::required_words(given, "body", model::text::message_limit)},
                {"waits", given.flag("waits")},
                {"why", why}};
    if (action != "closure") throw model::invalid({{"action", "unknown", "fault.bulk.action"}});
    const auto& reason = given.text("reason");
    if (!reason.empty() && !model::closure_reasons::may_choose(reason))
        throw model::invalid({{"reason", "unknown", "fault.closure.unknown"}});
    return {{"reason", reason}, {"text", ticket_changes::words(given, "text", closure_limit)}, {"why", why}};
}

void check_assignee(soci::session& sql, const json& argument) {
    auto id = argument.value("assignee", std::int64_t{0});
    if (id != 0 && !model::users::is_of_desk(sql, id)) throw model::invalid({{"assignee", "unknown", "fault.assignee.unknown"}});
}

// The tickets that are meant: those ticked, or the whole view.
struct selection {
    bool is_whole = false;
    model::queue_filter filter;
    std::vector<std::string> references;
};
selection selection_of(const request& request) {
    selection out;
    out.is_whole = request.field("scope") == "view";
    if (out.is_whole) out.filter = ticket_filters::read_view(request, request.field("view")).filter;
    out.references = form_list(request.form, "refs[]");
    return out;
}
std::vector<std::int64_t> tickets_of(soci::session& sql, const selection& wanted) {
    return wanted.is_whole ? bulk::tickets_of(sql, wanted.filter) : bulk::tickets_of(sql, wanted.references);
}

// The tickets of a preview as its form carries them, "12.15.40": those that were counted are those that are treated, whatever comes into
// the view meanwhile. Ten thousand of seven digits are 80 kB, within the limits of a form.
std::string written(const std::vector<std::int64_t>& tickets) {
    std::string out;
    for (auto each : tickets) out += (out.empty() ? "" : ".") + std::to_string(each);
    return out;
}
std::vector<std::int64_t> previewed_tickets(const request& request) {
    std::vector<std::int64_t> out;
    for (auto rest = request.field("tickets"); !rest.empty();) {
        auto end = std::min(rest.find('.'), rest.size());
        auto id = parameters::number_of(rest.substr(0, end));
        if (!id) throw model::invalid({{"tickets", "malformed", "fault.parameter.malformed"}});
        out.push_back(*id);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

// One of the tickets, with what its person would read.
struct example {
    model::ticket on;
    std::string text, files_again;
};
struct proof {
    std::vector<std::int64_t> tickets;
    std::vector<example> examples;
    std::vector<model::user> colleagues;
    std::string assignee_name;
};

std::string words_of(soci::session& sql, const model::ticket& on, const std::string& text, const catalogue& texts) {
    return model::answer_variables::fill(text, answer_words::values_of(sql, on, texts));
}

// Five of them, spread over the whole.
std::vector<example> examples_of(soci::session& sql, const std::vector<std::int64_t>& tickets, const std::string& text,
                                 const catalogue& texts) {
    std::vector<example> out;
    auto count = std::min(examples_count, tickets.size());
    for (std::size_t i = 0; i < count; ++i) {
        auto on = model::tickets::get(sql, tickets[i * tickets.size() / count]);
        example one{on, text.empty() ? "" : words_of(sql, on, text, texts), ""};
        one.files_again = model::refilings::stopped(sql, on, one.text).value_or("");
        out.push_back(std::move(one));
    }
    return out;
}

json choices(const proof& seen) {
    json out = {{"colleagues", json::array()}, {"families", json::array()}, {"reasons", json::array()}};
    for (const auto& each : seen.colleagues) out["colleagues"].push_back({{"id", each.id}, {"name", each.name}});
    return out;
}

json preview_data(const proof& seen, const action_fields& given, const json& argument, const request& request, const app& app) {
    auto through = lens_of(request, app);
    json data = {{"count", seen.tickets.size()}, {"examples", json::array()}};
    bool asks_why = false;
    for (const auto& each : seen.examples) {
        json one = {{"reference", each.on.reference}, {"subject", each.on.subject}, {"text", each.text}, {"files_again", each.files_again}};
        views::add_code(one, through, "status", "ticket_status", each.on.status);
        asks_why = asks_why || !each.files_again.empty();
        data["examples"].push_back(std::move(one));
    }
    if (request.wants_json()) return data;
    data.update(choices(seen));
    data["typed"] = given.all();
    if (auto id = argument.value("assignee", std::int64_t{0})) data["typed"]["assignee"] = std::to_string(id);
    data["action"] = given.text("action"), data["t:action_label"] = "bulk.action." + given.text("action");
    data["view"] = given.text("view"), data["tickets"] = written(seen.tickets);
    data["form_key"] = model::random_id(), data["asks_why"] = asks_why, data["here_tickets"] = true;
    data["is_whole_limit"] = seen.tickets.size() >= bulk::tickets_limit;
    if (!seen.assignee_name.empty()) data["assignee_name"] = seen.assignee_name;
    if (given.text("action") == "category") data["t:category_label"] = "category." + given.text("category");
    return data;
}

action_fields fields_of(const request& request) {
    return {request,
            {"scope", "view", "action", "assignee", "category", "body", "waits", "reason", "text", "new_request_reason", "form_key"}};
}

json job_data(const model::bulk_job& job, const request& request, const app& app) {
    auto through = lens_of(request, app);
    json out = {{"id", job.id},     {"owner", job.owner_name}, {"total", job.total},
                {"done", job.done}, {"refused", job.refused},  {"left", job.total - job.done - job.refused}};
    views::add_code(out, through, "action", "bulk.action", job.action);
    views::add_code(out, through, "state", "bulk.state", job.state);
    views::add_moment(out, through, "created_at", job.created_at);
    views::add_moment(out, through, "ended_at", job.ended_at);
    if (!through.for_people) return out;
    out["treated"] = job.done + job.refused;
    out["may_stop"] = job.state == "running" && may_steer(request, job);
    out["may_resume"] = job.state == "stopped" && may_steer(request, job);
    out["has_refused"] = job.refused > 0, out["here_tickets"] = true;
    return out;
}

asio::awaitable<reply> steer(const request& request, app& app, bool resumes) {
    auto turn = [id = id_of(request), who = actor_of(request), is_chief = request.who.role == "supervisor", resumes,
                 now = request.now](soci::session& sql) {
        if (!is_chief && bulk::get(sql, id).owner_id != who.id) throw model::forbidden();
        resumes ? bulk::resume(sql, id, who, now) : bulk::stop(sql, id, who, now);
    };
    co_await app.database.write(std::move(turn));
    co_return see_other("/console/bulk/" + request.capture(0));
}

} // namespace

asio::awaitable<reply> preview_bulk(const request& request, app& app) {
    auto given = fields_of(request);
    auto argument = argument_of(request, given);
    auto text = argument.value("body", argument.value("text", std::string()));
    auto look = [wanted = selection_of(request), argument, text, &texts = app.templates.texts()](soci::session& sql) {
        check_assignee(sql, argument);
        proof out;
        out.tickets = tickets_of(sql, wanted);
        if (out.tickets.empty()) throw model::invalid({{"tickets", "missing", "fault.bulk.nothing"}});
        out.examples = examples_of(sql, out.tickets, text, texts);
        out.colleagues = model::users::desk(sql);
        if (auto id = argument.value("assignee", std::int64_t{0})) out.assignee_name = model::users::get(sql, id).name;
        return out;
    };
    auto seen = co_await app.database.read(std::move(look));
    co_return page("console/bulk_preview", preview_data(seen, given, argument, request, app));
}

asio::awaitable<reply> post_bulk(const request& request, app& app) {
    auto given = fields_of(request);
    bulk::wish wanted;
    wanted.action = given.text("action"), wanted.argument = argument_of(request, given), wanted.form_key = given.text("form_key");
    if (wanted.form_key.size() != 32) throw model::invalid({{"form_key", "malformed", "fault.parameter.malformed"}});
    wanted.tickets = previewed_tickets(request);
    auto begin = [wanted, who = actor_of(request), now = request.now](soci::session& sql) {
        check_assignee(sql, wanted.argument);
        return bulk::start(sql, wanted, who, now);
    };
    auto id = co_await app.database.write(std::move(begin));
    co_return see_other("/console/bulk/" + std::to_string(id));
}

asio::awaitable<reply> list_bulk(const request& request, app& app) {
    auto look = [](soci::session& sql) { return bulk::recent(sql); };
    auto jobs = co_await app.database.read(std::move(look));
    nlohmann::json data = {{"items", nlohmann::json::array()}};
    for (const auto& each : jobs) data["items"].push_back(job_data(each, request, app));
    data["is_empty"] = jobs.empty(), data["here_tickets"] = true;
    co_return page("console/bulk_jobs", std::move(data));
}

asio::awaitable<reply> show_bulk(const request& request, app& app) {
    auto look = [id = id_of(request)](soci::session& sql) { return std::pair{bulk::get(sql, id), bulk::refusals(sql, id)}; };
    auto [job, refusals] = co_await app.database.read(std::move(look));
    auto data = job_data(job, request, app);
    data["refusals"] = nlohmann::json::array();
    for (const auto& each : refusals) data["refusals"].push_back({{"reference", each.reference}, {"t:reason", each.reason}});
    co_return page("console/bulk_job", std::move(data));
}

asio::awaitable<reply> stop_bulk(const request& request, app& app) { co_return co_await steer(request, app, false); }
asio::awaitable<reply> resume_bulk(const request& request, app& app) { co_return co_await steer(request, app, true); }

bool run_bulk_jobs(app& app, const std::function<bool()>& stops) {
    auto fill = [&texts = app.templates.texts()](soci::session& sql, const model::ticket& on, const std::string& text,
                                                 const std::string& field) { return answer_words::filled(sql, on, text, texts, field); };
    auto look = [](soci::session& sql) { return bulk::running(sql); };
    bool wrote = false;
    for (auto id : app.database.read_now(look))
        while (!stops() && bulk::do_next(app.database, id, fill, app.now())) wrote = true;
    return wrote;
}

} // namespace relais::api
