// SPDX-License-Identifier: EUPL-1.2
#include "api/console_menu.hpp"

#include "api/guards.hpp"
#include "api/routes.hpp"

#include <array>
#include <string>

namespace relais::api::console_menu {

namespace {

// In the order of the menu, then those that only the command box offers.
constexpr auto destinations = std::to_array<destination>({
    {"/console/tickets", "console.queue", "g d", "tickets"},
    {"/console/incidents", "console.incidents", "g i", "incidents"},
    {"/console/shares", "console.shares", "g p", "shares"},
    {"/console/figures", "console.figures", "g c", "figures"},
    {"/console/figures/mine", "live.see_own", "g h", "figures", agent},
    {"/console/equipes", "console.teams", "g q", "teams"},
    {"/console/registre", "console.registry", "g x", "registry"},
    {"/console/recherche", "console.search", "g r", "search"},
    {"/console/dossiers", "console.dossiers", "g o", "dossiers"},
    {"/console/answers", "console.answers", "g t", "answers", supervisor},
    {"/console/rules", "console.rules", "g u", "rules"},
    {"/console/courriers", "console.letters", "g l", "letters"},
    {"/console/callbacks", "console.callbacks", "g a", "callbacks"},
    {"/console/roster", "console.roster", "g n", "roster", supervisor},
    {"/console/calls", "console.calls", "g e", "calls"},
    {"/console/alertes", "console.notices", "g v", "notices"},
    {"/console/compte", "title.console.account", "g m", "account"},
    {"/console/tickets?late=1", "queue.late_view"},
    {"/console/tickets?assignee=me", "queue.mine_view"},
    {"/console/bulk", "bulk.heading"},
    {"/console/figures/live", "title.console.figures_live"},
    {"/console/rules/new", "rule.add"},
    {"/console/callbacks/figures", "title.console.callback_figures"},
    {"/console/calls/figures", "title.console.call_figures"},
    {"/console/calls/staffing", "title.console.staffing"},
    {"/console/telephony", "title.console.telephony"},
    {"/console/reviews", "review.heading"},
});

} // namespace

std::span<const destination> all() { return destinations; }

bool may_open(const destination& which, const request& request) {
    auto found = find_route("GET", which.address.substr(0, which.address.find('?')));
    return found.found != nullptr && (found.found->who & role_bit(request.who.role)) != 0;
}

nlohmann::json shown(const request& request, const nlohmann::json& page) {
    auto out = nlohmann::json::array();
    for (const auto& each : destinations) {
        if (each.key.empty() || (each.on_menu_of & role_bit(request.who.role)) == 0 || !may_open(each, request)) continue;
        nlohmann::json one = {{"address", each.address}, {"key", each.key}};
        one["is_here"] = page.value("here_" + std::string(each.here), false);
        if (each.here == "account")
            one["label"] = request.who.name;
        else
            one["t:label"] = each.label;
        out.push_back(std::move(one));
    }
    return out;
}

} // namespace relais::api::console_menu
