// SPDX-License-Identifier: EUPL-1.2
#include "api/teams.hpp"

#include "api/action_fields.hpp"
#include "api/guards.hpp"
#include "api/parameters.hpp"
#include "api/refusal.hpp"
#include "api/ticket_page.hpp"
#include "api/view_parts.hpp"
#include "api/write_once.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/team.hpp"
#include "model/team_member.hpp"

#include <algorithm>

namespace relais::api {

namespace {

using nlohmann::json;

struct sheet {
    std::vector<model::team> teams;
    std::vector<model::team_member> members;
};

sheet look_at(soci::session& sql) { return {model::teams::all(sql), model::team_members::all(sql)}; }

json data_of(const sheet& what, const lens& through) {
    json data = {{"teams", json::array()}, {"members", json::array()}};
    for (const auto& each : what.teams) {
        auto is_in = [&each](const auto& member) { return member.team_id == each.id; };
        data["teams"].push_back({{"id", each.id},
                                 {"code", each.code},
                                 {"name", each.name},
                                 {"members", std::count_if(what.members.begin(), what.members.end(), is_in)}});
    }
    for (const auto& each : what.members) {
        json member = {{"id", each.id},
                       {"login", each.login},
                       {"name", each.name},
                       {"team", each.team_id ? json(*each.team_id) : json(nullptr)},
                       {"version", each.version}};
        views::add_code(member, through, "role", "role", each.role);
        if (through.for_people) {
            member["choices"] = json::array();
            for (const auto& team : what.teams)
                member["choices"].push_back({{"id", team.id}, {"name", team.name}, {"is_chosen", each.team_id == team.id}});
        }
        data["members"].push_back(std::move(member));
    }
    return data;
}

asio::awaitable<reply> teams_page(const request& request, app& app) {
    auto what = co_await app.database.read(look_at);
    auto through = lens_of(request, app);
    auto data = data_of(what, through);
    if (!through.for_people) co_return api::json(std::move(data));
    data["has_teams"] = !what.teams.empty(), data["here_teams"] = true;
    data["sees_figures"] = request.who.role == "supervisor";
    co_return page("console/teams", std::move(data));
}

// The place that was chosen for a colleague is still chosen, beside the one they have.
void keep_choice(json& members, const action_fields& given) {
    for (auto& each : members) {
        if (std::to_string(each["id"].get<std::int64_t>()) != given.text("user")) continue;
        for (auto& choice : each["choices"]) {
            if (choice["is_chosen"] == true) each["now_in"] = choice["name"];
            choice["is_chosen"] = std::to_string(choice["id"].get<std::int64_t>()) == given.text("team");
        }
        each["is_refused"] = true;
    }
}

// Does it, then shows the page again; what was refused is told on top. Programs have the new state. what: the ETag of what was changed, or
// nothing.
asio::awaitable<reply> change(const request& request, app& app, const action_fields& given,
                              std::function<std::string(soci::session&)> what) {
    auto through = lens_of(request, app);
    make_visit prepare = [what, through]() -> std::function<reply(soci::session&)> {
        return [what, through](soci::session& sql) {
            auto etag = what(sql);
            auto out = api::json(data_of(look_at(sql), through));
            if (!etag.empty()) out.headers.emplace_back("ETag", etag);
            return out;
        };
    };
    auto tried = co_await attempt_once(request, app, std::move(prepare));
    if (!tried.refused && request.wants_json()) co_return std::move(tried.answer);
    if (!tried.refused) co_return see_other("/console/equipes?done=1");
    auto out = co_await teams_page(request, app);
    put_refusal(out, given.all(), tried.refused);
    keep_choice(out.data["members"], given);
    co_return out;
}

} // namespace

asio::awaitable<reply> show_teams(const request& request, app& app) {
    auto out = co_await teams_page(request, app);
    if (!request.parameter("done").empty()) out.data["is_done"] = true;
    co_return out;
}

asio::awaitable<reply> post_team(const request& request, app& app) {
    action_fields given(request, {"name"});
    auto make = [name = given.text("name"), who = actor_of(request), now = request.now](soci::session& sql) {
        model::team_members::found_team(sql, name, who, now);
        return std::string();
    };
    co_return co_await change(request, app, given, std::move(make));
}

asio::awaitable<reply> post_team_member(const request& request, app& app) {
    action_fields given(request, {"user", "team"});
    auto user = parameters::number_of(given.text("user"));
    auto team = parameters::number_of(given.text("team"));
    if (!team && !given.text("team").empty()) team = 0; // is no team's
    auto put = [user = user.value_or(0), team, seen = seen_version(request), who = actor_of(request),
                now = request.now](soci::session& sql) {
        model::team_members::place(sql, user, team, who, now, seen);
        return ticket_etag(model::team_members::get(sql, user).version);
    };
    co_return co_await change(request, app, given, std::move(put));
}

} // namespace relais::api
