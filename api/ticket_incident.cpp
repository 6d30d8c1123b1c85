// SPDX-License-Identifier: EUPL-1.2
#include "api/ticket_incident.hpp"

#include "api/action_fields.hpp"
#include "api/guards.hpp"
#include "api/ticket_page.hpp"
#include "api/views.hpp"
#include "api/write_once.hpp"
#include "model/error.hpp"
#include "model/ticket_incident.hpp"

#include <charconv>

namespace relais::api {

namespace {

using model::tickets::action;

std::optional<std::int64_t> wanted_incident(const action_fields& given) {
    const auto& text = given.text("incident");
    if (text.empty()) return std::nullopt;
    std::int64_t out = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size())
        throw model::invalid({{"incident", "unknown", "fault.ticket.incident_unknown"}});
    return out;
}

asio::awaitable<reply> run(const request& request, app& app, const action_fields& given, std::string_view done,
                           std::function<std::function<void(soci::session&, const action&)>()> prepare) {
    action by{ticket_reference(request), seen_version(request), actor_of(request), request.now};
    reply out;
    std::exception_ptr refused;
    try {
        std::function<reply(soci::session&)> visit = [by, what = prepare()](soci::session& sql) {
            what(sql, by);
            auto after = model::tickets::get(sql, by.reference);
            auto answer = json(views::ticket_state(after));
            answer.headers.emplace_back("ETag", ticket_etag(after.version));
            return answer;
        };
        out = co_await write_once(request, app, std::move(visit));
    } catch (...) {
        refused = std::current_exception();
    }
    if (refused && request.wants_json()) std::rethrow_exception(refused);
    if (refused) co_return co_await show_refused(request, app, given, refused);
    if (request.wants_json()) co_return out;
    co_return see_other("/console/tickets/" + by.reference + "?done=" + std::string(done));
}

} // namespace

asio::awaitable<reply> post_ticket_incident(const request& request, app& app) {
    action_fields given(request, {"incident", "waits"});
    auto prepare = [&]() -> std::function<void(soci::session&, const action&)> {
        return [number = wanted_incident(given), waits = given.flag("waits")](soci::session& sql, const action& by) {
            model::tickets::attach_incident(sql, by, number, waits);
        };
    };
    co_return co_await run(request, app, given, "attached", prepare);
}

asio::awaitable<reply> remove_ticket_incident(const request& request, app& app) {
    action_fields given(request, {});
    auto prepare = []() -> std::function<void(soci::session&, const action&)> {
        return [](soci::session& sql, const action& by) { model::tickets::remove_incident(sql, by); };
    };
    co_return co_await run(request, app, given, "detached", prepare);
}

} // namespace relais::api
