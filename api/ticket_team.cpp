// SPDX-License-Identifier: EUPL-1.2
#include "api/ticket_team.hpp"

#include "api/action_fields.hpp"
#include "api/ticket_change.hpp"
#include "model/error.hpp"
#include "model/team.hpp"
#include "model/ticket_team.hpp"

#include <algorithm>

namespace relais::api {

asio::awaitable<reply> post_ticket_team(const request& request, app& app) {
    action_fields given(request, {"team"});
    ticket_changes::check_given(request, given, "team");
    ticket_changes::change what = [code = given.text("team")](soci::session& sql, const model::tickets::action& by) {
        auto all = model::teams::all(sql);
        auto found = std::find_if(all.begin(), all.end(), [&code](const auto& each) { return each.code == code; });
        if (found == all.end() && !code.empty()) throw model::invalid({{"team", "unknown", "fault.team.unknown"}});
        model::tickets::entrust(sql, by, code.empty() ? std::nullopt : std::optional(found->id));
    };
    co_return co_await ticket_changes::act(request, app, given, "entrusted", std::move(what));
}

} // namespace relais::api
