// SPDX-License-Identifier: EUPL-1.2
#include "api/ticket_change.hpp"

#include "api/guards.hpp"
#include "api/parameters.hpp"
#include "api/views.hpp"
#include "api/write_once.hpp"
#include "model/error.hpp"
#include "model/text.hpp"

namespace relais::api::ticket_changes {

model::tickets::action action_of(const request& request) {
    return {ticket_reference(request), seen_version(request), actor_of(request), request.now};
}

std::string words(const action_fields& given, std::string_view name, std::size_t limit) {
    auto checked = model::text::check_message(given.text(name), limit);
    if (!checked.accepted()) throw model::invalid({model::fault(std::string(name), "text", checked)});
    return checked.normalised;
}

std::string required_words(const action_fields& given, std::string_view name, std::size_t limit) {
    auto out = words(given, name, limit);
    if (out.find_first_not_of(" \n\t") == std::string::npos)
        throw model::invalid({{std::string(name), "missing", "fault.ticket." + std::string(name) + "_missing"}});
    return out;
}

void check_given(const request& request, const action_fields& given, std::string_view name) {
    if (request.is_api() && !given.has(name)) throw model::invalid({{std::string(name), "missing", "fault.json.missing"}});
}

std::optional<std::int64_t> assignee_of(const request& request, const action_fields& given) {
    const auto& text = given.text("assignee");
    if (text.empty()) return std::nullopt;
    if (text == "me" && request.who.is == audience::kind::staff) return request.who.id;
    auto out = parameters::number_of(text);
    if (!out || *out <= 0) throw model::invalid({{"assignee", "unknown", "fault.assignee.unknown"}});
    return out;
}

reply state_reply(soci::session& sql, const std::string& reference, int status) {
    auto after = model::tickets::get(sql, reference);
    auto out = json(views::ticket_state(after), status);
    out.headers.emplace_back("ETag", ticket_etag(after.version));
    return out;
}

asio::awaitable<reply> act(const request& request, app& app, const action_fields& given, std::string_view done, change what) {
    auto by = action_of(request);
    std::function<reply(soci::session&)> visit = [by, what = std::move(what)](soci::session& sql) {
        what(sql, by);
        return state_reply(sql, by.reference);
    };
    make_visit prepare = [&visit] { return std::move(visit); };
    auto [out, refused] = co_await attempt_once(request, app, std::move(prepare));
    if (refused) co_return co_await show_refused(request, app, given, refused);
    if (request.wants_json()) co_return std::move(out);
    co_return see_other("/console/tickets/" + by.reference + "?done=" + std::string(done));
}

} // namespace relais::api::ticket_changes
