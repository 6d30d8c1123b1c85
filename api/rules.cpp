// SPDX-License-Identifier: EUPL-1.2
#include "api/rules.hpp"

#include "api/action_fields.hpp"
#include "api/guards.hpp"
#include "api/pages.hpp"
#include "api/parameters.hpp"
#include "api/refusal.hpp"
#include "api/rule_fields.hpp"
#include "api/rule_view.hpp"
#include "api/settings.hpp"
#include "api/ticket_page.hpp"
#include "api/write_once.hpp"
#include "model/callback_rules.hpp"
#include "model/database.hpp"
#include "model/error.hpp"

#include <functional>

namespace relais::api {

namespace {

using nlohmann::json;
namespace rules = model::rules;

struct shelf {
    std::vector<model::rule> rules;
    views::rule_names names;
};
struct sheet {
    std::optional<model::rule> rule;
    std::vector<model::rule_firing> firings;
    views::rule_names names;
};
struct trial {
    model::rule_trial found;
    views::rule_names names;
};
// What was typed in the form, and why it was refused.
struct attempted {
    json typed;
    std::exception_ptr refused;
};

// Administrators see that a rule is there, and stop it; who writes one reads tickets by its trial.
bool may_write(const request& request) { return request.who.role == "supervisor"; }

std::int64_t id_of(const request& request) {
    auto id = parameters::number_of(request.capture(0));
    if (!id) throw model::not_found();
    return *id;
}

views::rule_names names_of(soci::session& sql) { return {model::teams::all(sql), model::users::desk(sql)}; }

// A rule as it now is, for programs; its version is the ETag.
reply rule_reply(soci::session& sql, std::int64_t id, const lens& through, int status = 200) {
    auto now = rules::get(sql, id);
    auto out = api::json(views::rule(now, names_of(sql), through), status);
    out.headers.emplace_back("ETag", ticket_etag(now.version));
    return out;
}

// Puts each fault beside its field.
void put_faults(reply& out, const lens& through) {
    for (const auto& each : out.data.value("errors", json::array()))
        out.data["fault"][each.at("field").get<std::string>()] =
            through.texts->say(through.language, each.at("t:message").get<std::string>(), {{"value", each.value("value", "")}});
}

// The page of a rule, or of a new one; what is typed stands before what is kept.
asio::awaitable<reply> rule_page(const request& request, app& app, std::int64_t id, attempted what) {
    auto look = [id](soci::session& sql) {
        sheet out;
        if (id != 0) out.rule = rules::get(sql, id), out.firings = model::rule_firings::of(sql, id);
        out.names = names_of(sql);
        return out;
    };
    auto found = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    auto data = found.rule ? views::rule(*found.rule, found.names, through) : json::object();
    data["firings"] = json::array();
    for (const auto& each : found.firings) data["firings"].push_back(views::rule_firing(each, found.names, through));
    if (request.wants_json()) {
        auto out = api::json(std::move(data));
        if (found.rule) out.headers.emplace_back("ETag", ticket_etag(found.rule->version));
        co_return out;
    }
    auto shown = !what.typed.is_null() ? what.typed : rules::to_json(found.rule ? *found.rule : model::rule{});
    data["form"] = views::rule_form(shown, found.names, through);
    data["named"] = found.rule ? found.rule->title : through.texts->get(through.language, "rule.add");
    data["is_new"] = id == 0, data["can_write"] = may_write(request), data["here_rules"] = true;
    data["has_firings"] = !found.firings.empty();
    auto out = page("console/rule", std::move(data));
    if (what.refused) {
        put_refusal(out, what.typed, what.refused);
        put_faults(out, through);
    }
    co_return out;
}

// Writes what the form or the body says, then goes on to the rule's page, or shows the form again with every fault.
asio::awaitable<reply> write_rule(const request& request, app& app, std::int64_t id,
                                  std::function<std::int64_t(soci::session&, const model::rule_text&)> what) {
    auto typed = rule_fields::given(request);
    make_visit prepare = [&]() -> std::function<reply(soci::session&)> {
        return [text = rule_fields::read(typed), what, id, is_api = request.is_api(), through = lens_of(request, app)](soci::session& sql) {
            auto written = what(sql, text);
            if (!is_api) return see_other("/console/rules/" + std::to_string(written) + "?done=1");
            return rule_reply(sql, written, through, id == 0 ? 201 : 200);
        };
    };
    auto done = co_await attempt_once(request, app, prepare);
    if (!done.refused) co_return std::move(done.answer);
    attempted refused{typed, done.refused};
    co_return co_await rule_page(request, app, id, std::move(refused));
}

// Changes of a rule's state come back to the list.
asio::awaitable<reply> act(const request& request, app& app, std::function<void(soci::session&, std::int64_t)> what) {
    std::function<reply(soci::session&)> visit = [id = id_of(request), what, is_api = request.is_api(),
                                                  is_removal = request.method == "DELETE", seen = seen_version(request),
                                                  through = lens_of(request, app)](soci::session& sql) {
        rules::hold(sql, id, seen);
        what(sql, id);
        if (!is_api) return see_other("/console/rules?done=1#rule-" + std::to_string(id));
        return is_removal ? api::json(json::object()) : rule_reply(sql, id, through);
    };
    co_return co_await write_once(request, app, std::move(visit));
}

} // namespace

asio::awaitable<reply> list_rules(const request& request, app& app) {
    auto look = [](soci::session& sql) { return shelf{rules::all(sql), names_of(sql)}; };
    auto found = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    nlohmann::json data = {{"items", nlohmann::json::array()}, {"next", nullptr}};
    for (const auto& each : found.rules) data["items"].push_back(views::rule(each, found.names, through));
    if (request.wants_json()) co_return api::json(std::move(data));
    if (!found.rules.empty()) data["items"].front()["is_first"] = true, data["items"].back()["is_last"] = true;
    data["is_empty"] = found.rules.empty(), data["can_write"] = may_write(request), data["here_rules"] = true;
    if (!request.parameter("done").empty()) data["t:done"] = "rule.done";
    co_return page("console/rules", std::move(data));
}

asio::awaitable<reply> show_new_rule(const request& request, app& app) {
    attempted nothing;
    co_return co_await rule_page(request, app, 0, std::move(nothing));
}

asio::awaitable<reply> show_rule(const request& request, app& app) {
    attempted nothing;
    auto out = co_await rule_page(request, app, id_of(request), std::move(nothing));
    if (!request.parameter("done").empty()) out.data["t:done"] = "rule.done";
    co_return out;
}

asio::awaitable<reply> add_rule(const request& request, app& app) {
    auto add = [who = actor_of(request), now = request.now](soci::session& sql, const model::rule_text& text) {
        return rules::add(sql, text, who, now);
    };
    co_return co_await write_rule(request, app, 0, std::move(add));
}

asio::awaitable<reply> change_rule(const request& request, app& app) {
    auto id = id_of(request);
    auto change = [id, seen = seen_version(request), who = actor_of(request), now = request.now](soci::session& sql,
                                                                                                 const model::rule_text& text) {
        rules::change(sql, id, seen == 0 ? rules::get(sql, id).version : seen, text, who, now);
        return id;
    };
    co_return co_await write_rule(request, app, id, std::move(change));
}

asio::awaitable<reply> try_rule(const request& request, app& app) {
    attempted what;
    what.typed = rule_fields::given(request);
    auto id = rule_fields::take_id(request, what.typed);
    auto look = [text = rule_fields::read(what.typed), id, centre = app.config.callback->book().centre,
                 now = request.now](soci::session& sql) {
        return trial{model::rule_trials::run(sql, rules::check(sql, text), id, centre, now), names_of(sql)};
    };
    std::optional<trial> found;
    try {
        found = co_await app.database.read(std::move(look));
    } catch (const model::invalid&) {
        what.refused = std::current_exception();
    }
    if (request.wants_json() && what.refused) std::rethrow_exception(what.refused);
    if (request.wants_json()) co_return api::json(views::rule_trial(found->found, found->names, lens_of(request, app)));
    auto out = co_await rule_page(request, app, id, std::move(what));
    if (found) out.data["trial"] = views::rule_trial(found->found, found->names, lens_of(request, app));
    co_return out;
}

asio::awaitable<reply> post_rule_state(const request& request, app& app) {
    action_fields given(request, {"on"});
    auto what = [is_on = given.flag("on"), who = actor_of(request), now = request.now](soci::session& sql, std::int64_t id) {
        rules::set_on(sql, id, is_on, who, now);
    };
    co_return co_await act(request, app, std::move(what));
}

asio::awaitable<reply> post_rule_place(const request& request, app& app) {
    action_fields given(request, {"direction"});
    const auto& direction = given.text("direction");
    if (direction != "up" && direction != "down") throw model::invalid({{"direction", "unknown", "fault.parameter.unknown"}});
    auto what = [is_earlier = direction == "up", who = actor_of(request), now = request.now](soci::session& sql, std::int64_t id) {
        rules::move(sql, id, is_earlier, who, now);
    };
    co_return co_await act(request, app, std::move(what));
}

asio::awaitable<reply> remove_rule(const request& request, app& app) {
    auto what = [who = actor_of(request), now = request.now](soci::session& sql, std::int64_t id) { rules::remove(sql, id, who, now); };
    co_return co_await act(request, app, std::move(what));
}

} // namespace relais::api
