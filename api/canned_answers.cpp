// SPDX-License-Identifier: EUPL-1.2
#include "api/canned_answers.hpp"

#include "api/action_fields.hpp"
#include "api/guards.hpp"
#include "api/parameters.hpp"
#include "api/refusal.hpp"
#include "api/view_parts.hpp"
#include "api/write_once.hpp"
#include "model/answer_variable.hpp"
#include "model/canned_answer.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/team.hpp"

#include <functional>

namespace relais::api {

namespace {

using nlohmann::json;
namespace canned = model::canned_answers;

struct shelf {
    std::vector<model::canned_answer> answers;
    std::vector<model::team> teams;
};
struct sheet {
    model::canned_answer answer;
    std::vector<model::canned_answer_text> texts;
    std::vector<model::team> teams;
};

bool may_write(const request& request) { return request.who.role == "supervisor"; }

std::int64_t id_of(const request& request) {
    auto id = parameters::number_of(request.capture(0));
    if (!id) throw model::not_found();
    return *id;
}

json answer_data(const model::canned_answer& each) {
    return {{"id", each.id},
            {"title", each.title},
            {"body", each.body},
            {"team", each.team},
            {"version", each.version},
            {"is_retired", each.retired_at.has_value()},
            {"team_id", each.team_id ? json(*each.team_id) : json(nullptr)}};
}

void put_form(json& data, const std::vector<model::team>& teams, std::optional<std::int64_t> chosen, const request& request) {
    data["can_write"] = may_write(request), data["here_answers"] = true;
    data["teams"] = json::array(), data["variables"] = json::array();
    if (request.form.contains("team")) chosen = parameters::number_of(request.field("team")); // typed, and refused
    for (const auto& each : teams) data["teams"].push_back({{"id", each.id}, {"name", each.name}, {"is_chosen", chosen == each.id}});
    for (auto each : model::answer_variables::names) data["variables"].push_back("{" + std::string(each) + "}");
}

asio::awaitable<reply> list_page(const request& request, app& app) {
    auto look = [](soci::session& sql) { return shelf{canned::all(sql), model::teams::all(sql)}; };
    auto found = co_await app.database.read(std::move(look));
    json data = {{"items", json::array()}};
    for (const auto& each : found.answers) data["items"].push_back(answer_data(each));
    if (!request.wants_json()) put_form(data, found.teams, std::nullopt, request);
    data["is_empty"] = found.answers.empty();
    co_return page("console/canned_answers", std::move(data));
}

asio::awaitable<reply> answer_page(const request& request, app& app) {
    auto look = [id = id_of(request)](soci::session& sql) {
        return sheet{canned::get(sql, id), canned::texts(sql, id), model::teams::all(sql)};
    };
    auto found = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    auto data = answer_data(found.answer);
    data["texts"] = json::array();
    for (const auto& each : found.texts) {
        json one = {{"version", each.version}, {"title", each.title}, {"body", each.body}, {"written_by", each.written_by}};
        views::add_moment(one, through, "written_at", each.written_at);
        data["texts"].push_back(std::move(one));
    }
    if (!request.wants_json()) put_form(data, found.teams, found.answer.team_id, request);
    co_return page("console/canned_answer", std::move(data));
}

canned::words words_of(const action_fields& given) {
    return {parameters::number_of(given.text("team")), given.text("title"), given.text("body")};
}

// Does it, then goes on to the answer's page, or shows the form again with what was typed and why it was refused.
asio::awaitable<reply> change(const request& request, app& app, const action_fields& given, bool is_new,
                              std::function<std::int64_t(soci::session&)> what) {
    std::exception_ptr refused;
    reply done;
    try {
        std::function<reply(soci::session&)> visit = [what = std::move(what)](soci::session& sql) {
            return api::json({{"id", what(sql)}});
        };
        done = co_await write_once(request, app, std::move(visit));
    } catch (const model::invalid&) {
        refused = std::current_exception();
    } catch (const model::conflict&) {
        refused = std::current_exception();
    }
    if (!refused) co_return see_other("/console/answers/" + std::to_string(done.data["id"].get<std::int64_t>()) + "?done=1");
    if (request.wants_json()) std::rethrow_exception(refused);
    reply out;
    if (is_new)
        out = co_await list_page(request, app);
    else
        out = co_await answer_page(request, app);
    put_refusal(out, given.all(), refused);
    co_return out;
}

} // namespace

asio::awaitable<reply> list_canned_answers(const request& request, app& app) { co_return co_await list_page(request, app); }

asio::awaitable<reply> show_canned_answer(const request& request, app& app) {
    auto out = co_await answer_page(request, app);
    if (!request.parameter("done").empty()) out.data["t:done"] = "canned.done";
    co_return out;
}

asio::awaitable<reply> add_canned_answer(const request& request, app& app) {
    action_fields given(request, {"title", "body", "team"});
    std::function<std::int64_t(soci::session&)> what = [words = words_of(given), who = actor_of(request), now = request.now](
                                                           soci::session& sql) { return canned::add(sql, words, who, now); };
    co_return co_await change(request, app, given, true, std::move(what));
}

asio::awaitable<reply> change_canned_answer(const request& request, app& app) {
    action_fields given(request, {"title", "body", "team"});
    std::function<std::int64_t(soci::session&)> what = [id = id_of(request), seen = seen_version(request), words = words_of(given),
                                                        who = actor_of(request), now = request.now](soci::session& sql) {
        canned::change(sql, id, seen, words, who, now);
        return id;
    };
    co_return co_await change(request, app, given, false, std::move(what));
}

asio::awaitable<reply> retire_canned_answer(const request& request, app& app) {
    action_fields given(request, {"retired"});
    std::function<std::int64_t(soci::session&)> what = [id = id_of(request), seen = seen_version(request), retired = given.flag("retired"),
                                                        who = actor_of(request), now = request.now](soci::session& sql) {
        canned::set_retired(sql, id, seen, retired, who, now);
        return id;
    };
    co_return co_await change(request, app, given, false, std::move(what));
}

} // namespace relais::api
