// SPDX-License-Identifier: EUPL-1.2
#include "api/webhooks.hpp"

#include "api/guards.hpp"
#include "api/json_body.hpp"
#include "api/json_reader.hpp"
#include "api/parameters.hpp"
#include "api/secrets.hpp"
#include "api/settings.hpp"
#include "api/view_text.hpp"
#include "api/write_once.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/webhook.hpp"

namespace relais::api {

namespace {

constexpr std::size_t url_limit = 1000, actions_limit = 20, action_limit = 40;
constexpr std::string_view action_characters = "abcdefghijklmnopqrstuvwxyz_.";

nlohmann::json view(const model::webhook& hook) {
    nlohmann::json actions = nlohmann::json::array();
    for (std::size_t at = 0; at < hook.actions.size();) {
        auto end = std::min(hook.actions.find(' ', at), hook.actions.size());
        actions.push_back(hook.actions.substr(at, end - at));
        at = end + 1;
    }
    return {{"id", hook.id}, {"url", hook.url}, {"actions", std::move(actions)}, {"created_at", view_text::rfc3339(hook.created_at)}};
}

struct wanted_webhook {
    std::string url;
    std::vector<std::string> actions;
};

wanted_webhook read(const request& request, const app& app) {
    std::vector<model::field_fault> faults;
    auto given = json_body::parse(request.body);
    json_reader body(given, faults);
    wanted_webhook out{body.text("url", url_limit), body.texts("actions", actions_limit, action_limit)};
    body.finish();
    if (body.has("url"))
        if (auto why = app.config.webhooks.refusal(out.url); !why.empty()) body.fault("url", why, "fault.webhook.url_" + why);
    for (const auto& each : out.actions)
        if (each.empty() || each.find_first_not_of(action_characters) != std::string::npos) {
            body.fault("actions", "malformed", "fault.webhook.action");
            break;
        }
    if (!faults.empty()) throw model::invalid(std::move(faults));
    return out;
}

std::int64_t id_of(const request& request) {
    auto id = parameters::number_of(request.capture(0));
    if (!id) throw model::not_found();
    return *id;
}

} // namespace

asio::awaitable<reply> add_webhook(const request& request, app& app) {
    auto wanted = read(request, app);
    auto add = [wanted, who = actor_of(request), now = request.now, &keys = app.keys](soci::session& sql) {
        auto id = model::webhooks::add(sql, wanted.url, wanted.actions, who, now);
        for (const auto& each : model::webhooks::all(sql))
            if (each.id == id) {
                auto data = view(each);
                data["secret"] = webhook_secret(keys, id);
                return json(std::move(data), 201);
            }
        throw model::not_found();
    };
    co_return co_await write_once(request, app, std::move(add));
}

asio::awaitable<reply> list_webhooks(const request&, app& app) {
    auto found = co_await app.database.read(model::webhooks::all);
    nlohmann::json data = {{"items", nlohmann::json::array()}, {"next", nullptr}};
    for (const auto& each : found) data["items"].push_back(view(each));
    co_return json(std::move(data));
}

asio::awaitable<reply> remove_webhook(const request& request, app& app) {
    auto remove = [id = id_of(request), who = actor_of(request), now = request.now](soci::session& sql) {
        model::webhooks::remove(sql, id, who, now);
        return json(nlohmann::json::object());
    };
    co_return co_await write_once(request, app, std::move(remove));
}

asio::awaitable<reply> list_webhook_deliveries(const request& request, app& app) {
    constexpr int limit = 200;
    auto look = [id = id_of(request)](soci::session& sql) { return model::webhooks::deliveries(sql, id, limit); };
    auto found = co_await app.database.read(std::move(look));
    nlohmann::json data = {{"items", nlohmann::json::array()}, {"next", nullptr}};
    for (const auto& each : found)
        data["items"].push_back({{"id", each.id},
                                 {"event", each.event_id},
                                 {"state", each.state},
                                 {"attempts", each.attempts},
                                 {"status", each.status == 0 ? nlohmann::json(nullptr) : nlohmann::json(each.status)},
                                 {"error", each.error.empty() ? nlohmann::json(nullptr) : nlohmann::json(each.error)},
                                 {"updated_at", view_text::rfc3339(each.updated_at)}});
    co_return json(std::move(data));
}

} // namespace relais::api
