// SPDX-License-Identifier: EUPL-1.2
#include "api/ticket_incident.hpp"

#include "api/action_fields.hpp"
#include "api/ticket_change.hpp"
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

} // namespace

asio::awaitable<reply> post_ticket_incident(const request& request, app& app) {
    action_fields given(request, {"incident", "waits"});
    auto prepare = [&] {
        return ticket_changes::change([number = wanted_incident(given), waits = given.flag("waits")](soci::session& sql, const action& by) {
            model::tickets::attach_incident(sql, by, number, waits);
        });
    };
    co_return co_await ticket_changes::prepared(request, app, given, "attached", prepare);
}

asio::awaitable<reply> remove_ticket_incident(const request& request, app& app) {
    action_fields given(request, {});
    ticket_changes::change what = [](soci::session& sql, const action& by) { model::tickets::remove_incident(sql, by); };
    co_return co_await ticket_changes::act(request, app, given, "detached", std::move(what));
}

} // namespace relais::api
