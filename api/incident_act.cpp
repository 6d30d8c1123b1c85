// SPDX-License-Identifier: EUPL-1.2
#include "api/incident_act.hpp"

#include "api/guards.hpp"
#include "api/incident_page.hpp"
#include "api/incident_view.hpp"
#include "api/ticket_page.hpp"
#include "api/time_text.hpp"
#include "api/view_text.hpp"
#include "api/write_once.hpp"
#include "model/error.hpp"
#include "model/incident_state.hpp"
#include "model/text.hpp"

#include <date/tz.h>

#include <charconv>
#include <sstream>

namespace relais::api::incident_acts {

namespace {

// A program that says what it saw is refused when it has changed since, whatever the action; the model itself compares for those that
// would overwrite another's words.
void check_seen(soci::session& sql, const act& by) {
    auto of = model::incidents::get(sql, by.number);
    if (by.version != 0 && of.version != by.version) throw model::conflict("conflict.version");
}

reply state_reply(soci::session& sql, std::int64_t number, const lens& through) {
    auto after = model::incidents::get(sql, number);
    auto out = json(views::incident(after, through));
    out.headers.emplace_back("ETag", ticket_etag(after.version));
    return out;
}

} // namespace

asio::awaitable<reply> run(const request& request, app& app, const action_fields& given, std::string_view noun, std::string_view done,
                           std::function<change()> prepare) {
    if (!model::incident_states::lets(table_role(request), noun)) throw model::forbidden();
    act by{incident_number(request), seen_version(request), actor_of(request), request.now};
    make_visit make = [&]() -> std::function<reply(soci::session&)> {
        return [by, what = prepare(), is_api = request.is_api(), through = lens_of(request, app)](soci::session& sql) {
            if (is_api) check_seen(sql, by);
            what(sql, by);
            return state_reply(sql, by.number, through);
        };
    };
    auto [out, refused] = co_await attempt_once(request, app, std::move(make));
    if (refused) co_return co_await show_refused_incident(request, app, given, refused);
    if (request.wants_json()) co_return std::move(out);
    co_return see_other("/console/incidents/" + std::to_string(by.number) + "?done=" + std::string(done));
}

std::string line(const action_fields& given, std::string_view name) {
    auto checked = model::text::check_line(given.text(name), line_limit);
    if (!checked.accepted()) throw model::invalid({model::fault(std::string(name), "text", checked)});
    return checked.normalised;
}

std::string words(const action_fields& given, std::string_view name, std::size_t limit) {
    auto checked = model::text::check_message(given.text(name), limit);
    if (!checked.accepted()) throw model::invalid({model::fault(std::string(name), "text", checked)});
    return checked.normalised;
}

model::sys_seconds moment(const action_fields& given, std::string_view name) {
    const auto& text = given.text(name);
    if (auto exact = time_text::parse(text); exact && text.size() > 10) return *exact;
    std::istringstream in(text.size() == 10 ? text + "T00:00" : text);
    date::local_seconds local;
    in >> date::parse("%Y-%m-%dT%H:%M", local);
    if (in.fail()) throw model::invalid({{std::string(name), text.empty() ? "missing" : "malformed", "fault.incident.moment"}});
    return date::locate_zone(std::string(view_text::paris))->to_sys(local, date::choose::earliest);
}

std::int64_t number(const action_fields& given, std::string_view name) {
    const auto& text = given.text(name);
    std::int64_t out = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size() || out <= 0)
        throw model::invalid({{std::string(name), "malformed", "fault.parameter.malformed"}});
    return out;
}

} // namespace relais::api::incident_acts
