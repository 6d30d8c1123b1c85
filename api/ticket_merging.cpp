// SPDX-License-Identifier: EUPL-1.2
#include "api/ticket_merging.hpp"

#include "api/follow_up_token.hpp"
#include "api/form_fields.hpp"
#include "api/json_body.hpp"
#include "api/parameters.hpp"
#include "api/settings.hpp"
#include "api/ticket_change.hpp"
#include "api/write_once.hpp"
#include "model/error.hpp"
#include "model/ticket_merge.hpp"

namespace relais::api {

namespace {

using model::tickets::action;
using ticket_changes::change;

constexpr std::size_t messages_limit = 500;
constexpr int created = 201;

[[noreturn]] void refuse_messages(std::string code) { throw model::invalid({{"messages", std::move(code), "fault.split.messages"}}); }

std::vector<std::int64_t> messages_of(const request& request) {
    std::vector<std::int64_t> out;
    if (!request.is_api()) {
        for (const auto& each : form_list(request.form, "messages[]"))
            if (auto id = parameters::number_of(each)) out.push_back(*id);
        return out;
    }
    auto body = json_body::parse(request.body.empty() ? std::string_view("{}") : std::string_view(request.body));
    if (!body.is_object() || !body.contains("messages") || !body["messages"].is_array()) refuse_messages("type");
    for (const auto& [name, value] : body.items())
        if (name != "messages") throw model::invalid({{name, "unknown", "fault.json.unknown"}});
    for (const auto& each : body["messages"]) {
        if (!each.is_number_integer() || out.size() == messages_limit) refuse_messages("type");
        out.push_back(each.get<std::int64_t>());
    }
    return out;
}

} // namespace

asio::awaitable<reply> post_merge(const request& request, app& app) {
    action_fields given(request, {"into"});
    change what = [into = given.text("into")](soci::session& sql, const action& by) { model::tickets::merge(sql, by, into); };
    co_return co_await ticket_changes::act(request, app, given, "merged", std::move(what));
}

asio::awaitable<reply> post_unmerge(const request& request, app& app) {
    action_fields given(request, {});
    change what = [](soci::session& sql, const action& by) { model::tickets::unmerge(sql, by); };
    co_return co_await ticket_changes::act(request, app, given, "unmerged", std::move(what));
}

asio::awaitable<reply> post_split(const request& request, app& app) {
    auto messages = messages_of(request);
    auto draw = [&keys = app.keys, now = request.now] { return follow_up_tokens::draw(keys, now); };
    model::answer_delays delays{app.config.answer_working_days, app.config.implicit_rejection_months};
    std::function<reply(soci::session&)> visit = [by = ticket_changes::action_of(request), messages, delays, draw](soci::session& sql) {
        auto reference = model::tickets::split(sql, by, messages, delays, draw);
        auto out = ticket_changes::state_reply(sql, reference, created);
        out.headers.emplace_back("Location", "/api/v1/tickets/" + reference);
        return out;
    };
    make_visit prepare = [&visit] { return std::move(visit); };
    auto [out, refused] = co_await attempt_once(request, app, std::move(prepare));
    if (refused) {
        action_fields nothing(request, {});
        co_return co_await show_refused(request, app, nothing, refused);
    }
    if (request.wants_json()) co_return std::move(out);
    co_return see_other("/console/tickets/" + out.data["reference"].get<std::string>() + "?done=split");
}

} // namespace relais::api
