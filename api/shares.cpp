// SPDX-License-Identifier: EUPL-1.2
#include "api/shares.hpp"

#include "api/action_fields.hpp"
#include "api/guards.hpp"
#include "api/pages.hpp"
#include "api/refusal.hpp"
#include "api/settings.hpp"
#include "api/share_access.hpp"
#include "api/share_acts.hpp"
#include "api/share_calendar.hpp"
#include "api/share_comparison.hpp"
#include "api/share_feed.hpp"
#include "api/share_view.hpp"
#include "api/write_once.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/text.hpp"

#include <charconv>

namespace relais::api {

namespace {

constexpr int page_size = 60;

std::int64_t id_of(const request& request, std::size_t place = 0) {
    const auto& text = request.capture(place);
    std::int64_t out = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size()) throw model::not_found();
    return out;
}

bool is_owner(const request& request) { return request.who.role == "owner"; }
bool may_end_links(const request& request) { return is_owner(request) || request.who.role == "supervisor"; }
bool is_resolving(const request& request) { return request.who.role == "resolver" || request.who.role == "supervisor"; }

std::string address_of(const std::string& week) { return "/console/shares/" + week; }

// Every week that can be compared, the last first, whatever page of the list is shown: the last with the one before, unless another is
// chosen.
nlohmann::json weeks_to_choose(const std::vector<std::string>& all) {
    auto out = nlohmann::json::array();
    for (auto each = all.rbegin(); each != all.rend(); ++each) out.push_back({{"week", *each}, {"is_second", out.size() == 1}});
    return out;
}

// Its words as this role may read them.
nlohmann::json decision_as_told(soci::session& sql, model::decision_thread of, const lens& through) {
    std::vector<model::decision_thread> one{std::move(of)};
    if (!through.sees.words) one = model::decisions::told(sql, std::move(one));
    return views::decision(one.front(), through);
}

asio::awaitable<reply> share_page(const request& request, app& app, const std::string& week) {
    auto look = [week](soci::session& sql) { return views::read_share(sql, week); };
    auto sheet = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    auto data = views::share(sheet, through);
    if (may_end_links(request)) data["links"] = views::share_links(sheet.links, through, request.now);
    if (!through.for_people) co_return json(std::move(data));
    data["has_links"] = data.contains("links") && !data["links"].empty();
    data["can_decide"] = is_owner(request), data["can_answer"] = is_resolving(request);
    data["decide_url"] = address_of(week) + "/decisions", data["acknowledge_url"] = address_of(week) + "/acknowledgement";
    data["links_url"] = address_of(week) + "/links", data["step_url"] = "/console/decisions", data["files_url"] = address_of(week);
    data["is_console"] = true, data["has_scripts"] = true, data["here_shares"] = true;
    if (app.templates.has_asset("departments.svg")) data["has_map"] = true, data["map_address"] = app.templates.asset("departments.svg");
    for (auto each : {"decided", "acknowledged", "step", "link_ended"})
        if (request.parameter("done") == each) data["t:done"] = std::string("share.done.") + each;
    co_return page("console/share", std::move(data));
}

} // namespace

asio::awaitable<reply> list_shares(const request& request, app& app) {
    auto look = [after = std::string(request.parameter("after")), year = std::string(request.parameter("year")),
                 now = request.now](soci::session& sql) {
        return std::tuple{model::weekly_shares::list(sql, after, page_size + 1), share_calendar::read(sql, year, now),
                          model::weekly_shares::weeks(sql)};
    };
    auto [found, year, weeks] = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    nlohmann::json data = {{"items", nlohmann::json::array()}, {"next", nullptr}};
    data["calendar"] = share_calendar::view(year, through);
    if (found.size() > page_size) {
        found.pop_back();
        data["next"] = found.back().week;
    }
    for (const auto& each : found) data["items"].push_back(views::share_line(each, through));
    if (!through.for_people) co_return json(std::move(data));
    data["weeks"] = weeks_to_choose(weeks), data["can_compare"] = weeks.size() > 1;
    if (data["next"].is_string()) data["next_address"] = "/console/shares?after=" + data["next"].get<std::string>();
    data["is_empty"] = found.empty(), data["here_shares"] = true;
    data["feed_address"] = share_tokens::feed_path(app.keys, request.who.id);
    co_return page("console/shares", std::move(data));
}

asio::awaitable<reply> show_share(const request& request, app& app) {
    auto wanted = share_acts::form_of(request.capture(0));
    if (wanted.ending.empty()) co_return co_await share_page(request, app, wanted.week);
    auto look = [week = wanted.week](soci::session& sql) { return model::weekly_shares::get(sql, week); };
    auto share = co_await app.database.read(std::move(look));
    co_return share_acts::file_of(share, wanted.ending, app, request.language);
}

asio::awaitable<reply> compare_shares(const request& request, app& app) {
    auto one = std::string(request.parameter("one")), other = std::string(request.parameter("other"));
    std::vector<model::field_fault> faults;
    for (const auto& [name, week] : {std::pair("one", one), std::pair("other", other)})
        if (week.empty()) faults.push_back({name, "missing", "fault.parameter.missing"});
    if (!faults.empty()) throw model::invalid(std::move(faults));
    auto look = [one, other](soci::session& sql) {
        return std::pair{model::weekly_shares::get(sql, one), model::weekly_shares::get(sql, other)};
    };
    auto found = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    auto data = share_comparison::compare(found.first, found.second, through);
    if (!through.for_people) co_return json(std::move(data));
    data["here_shares"] = true;
    co_return page("console/share_comparison", std::move(data));
}

asio::awaitable<reply> show_share_feed(const request& request, app& app) {
    auto look = [](soci::session& sql) { return share_feed::read(sql); };
    auto all = co_await app.database.read(std::move(look));
    co_return share_feed::file(all, app.config.base_url, request.path, lens_of(request, app));
}

asio::awaitable<reply> post_acknowledgement(const request& request, app& app) {
    auto week = request.capture(0);
    auto act = [week, who = actor_of(request), now = request.now](soci::session& sql) {
        auto share = model::weekly_shares::get(sql, week);
        model::weekly_shares::acknowledge(sql, share.id, who, now);
        nlohmann::json data = {{"week", week}, {"acknowledgements", nlohmann::json::array()}};
        for (const auto& each : model::weekly_shares::acknowledgements(sql, share.id))
            data["acknowledgements"].push_back({{"by", each.actor_name}});
        return json(std::move(data));
    };
    auto done = co_await write_once(request, app, std::move(act));
    if (!request.wants_json()) co_return see_other(address_of(week) + "?done=acknowledged");
    co_return done;
}

asio::awaitable<reply> post_link_revocation(const request& request, app& app) {
    auto week = request.capture(0);
    auto act = [week, id = id_of(request, 1), who = actor_of(request), now = request.now,
                through = lens_of(request, app)](soci::session& sql) {
        auto share = model::weekly_shares::get(sql, week);
        model::share_links::revoke(sql, share.id, id, who, now);
        return json({{"week", week}, {"links", views::share_links(model::share_links::of_share(sql, share.id), through, now)}});
    };
    auto done = co_await write_once(request, app, std::move(act));
    if (!request.wants_json()) co_return see_other(address_of(week) + "?done=link_ended#share-links");
    co_return done;
}

asio::awaitable<reply> post_decision(const request& request, app& app) {
    auto week = request.capture(0);
    std::exception_ptr refused;
    try {
        auto what = share_acts::read_decision(request);
        auto act = [week, what, who = actor_of(request), now = request.now, through = lens_of(request, app)](soci::session& sql) {
            auto share = model::weekly_shares::get(sql, week);
            auto id = model::decisions::decide(sql, share.id, what, who, now);
            return json(decision_as_told(sql, {model::decisions::get(sql, id), {}}, through), 201);
        };
        auto done = co_await write_once(request, app, std::move(act));
        if (!request.wants_json()) co_return see_other(address_of(week) + "?done=decided#incident-" + std::to_string(what.incident_id));
        co_return done;
    } catch (const model::invalid&) {
        refused = std::current_exception();
    } catch (const model::conflict&) {
        refused = std::current_exception();
    }
    if (request.wants_json()) std::rethrow_exception(refused);
    auto out = co_await share_page(request, app, week);
    put_refusal(out, request.form, refused);
    co_return out;
}

asio::awaitable<reply> post_decision_step(const request& request, app& app) {
    action_fields given(request, {"kind", "text"});
    auto kind = given.text("kind");
    if ((kind == "comment") != is_owner(request)) throw model::forbidden();
    auto checked = model::text::check_message(given.text("text"), model::decisions::text_limit);
    if (!given.text("text").empty() && !checked.accepted()) throw model::invalid({model::fault("text", "text", checked)});
    auto act = [id = id_of(request), kind, text = checked.normalised, who = actor_of(request), now = request.now,
                through = lens_of(request, app)](soci::session& sql) {
        model::decisions::add_step(sql, id, kind, text, who, now);
        return json(decision_as_told(sql, {model::decisions::get(sql, id), model::decisions::steps(sql, id)}, through));
    };
    auto done = co_await write_once(request, app, std::move(act));
    if (request.wants_json()) co_return done;
    auto back = "/console/incidents/" + std::to_string(done.data["incident"].get<std::int64_t>());
    if (is_owner(request)) back = address_of(done.data["week"].get<std::string>());
    co_return see_other(back + "?done=step#decision-" + std::to_string(done.data["id"].get<std::int64_t>()));
}

} // namespace relais::api
