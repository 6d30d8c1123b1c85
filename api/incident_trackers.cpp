// SPDX-License-Identifier: EUPL-1.2
#include "api/incident_trackers.hpp"

#include "api/incident_act.hpp"
#include "api/json_body.hpp"
#include "api/secrets.hpp"
#include "api/tracker.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/text.hpp"
#include "model/tracker_link.hpp"

#include <algorithm>

namespace relais::api {

namespace {

constexpr std::size_t state_limit = 200;

const tracker* find_tracker(const app& app, std::string_view name) {
    if (!app.trackers) return nullptr;
    auto found = std::find_if(app.trackers->begin(), app.trackers->end(), [name](const auto& each) { return each.name == name; });
    return found == app.trackers->end() ? nullptr : &*found;
}

// Hashed before they are compared: the time it takes says nothing of the secret.
bool knows_secret(const request& request, const tracker& from) {
    if (from.inbound_secret.empty()) return false;
    auto given = from.inbound_header.empty() ? request.parameter(from.inbound_parameter) : request.header(from.inbound_header);
    return sha256_hex(std::string(given)) == sha256_hex(from.inbound_secret);
}

std::string text_at(const nlohmann::json& body, const std::string& pointer) {
    nlohmann::json::json_pointer at(pointer);
    if (!body.contains(at)) return {};
    const auto& found = body.at(at);
    return found.is_string() ? found.get<std::string>() : found.is_number_integer() ? found.dump() : std::string{};
}

} // namespace

asio::awaitable<reply> post_incident_tracker(const request& request, app& app) {
    action_fields given(request, {"tracker"});
    std::function<incident_acts::change()> prepare = [&] {
        auto name = given.text("tracker");
        if (!find_tracker(app, name)) throw model::invalid({{"tracker", "unknown", "fault.incident.tracker_unknown"}});
        return incident_acts::change(
            [name](soci::session& sql, const incident_acts::act& by) { model::tracker_links::ask(sql, by, name); });
    };
    co_return co_await incident_acts::run(request, app, given, "broadcast", "sent_outside", std::move(prepare));
}

asio::awaitable<reply> hear_tracker(const request& request, app& app) {
    const auto* from = find_tracker(app, request.capture(0));
    if (!from || !knows_secret(request, *from)) throw model::not_found();
    auto body = json_body::parse(request.body);
    auto reference = text_at(body, from->inbound_reference_at);
    auto state = model::text::clean_line(text_at(body, from->inbound_state_at), state_limit).value_or("");
    if (reference.empty() || state.empty()) co_return json(nlohmann::json::object()); // an event about something else
    auto visit = [name = from->name, reference, state, now = request.now](soci::session& sql) {
        model::tracker_links::hear(sql, name, reference, state, now);
    };
    co_await app.database.write(std::move(visit));
    co_return json(nlohmann::json::object());
}

} // namespace relais::api
