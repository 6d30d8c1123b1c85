// SPDX-License-Identifier: EUPL-1.2
#include "api/reviews.hpp"

#include "api/action_fields.hpp"
#include "api/guards.hpp"
#include "api/refusal.hpp"
#include "api/view_parts.hpp"
#include "api/write_once.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/quality_review.hpp"
#include "model/review_grid.hpp"
#include "model/ticket.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace relais::api {

namespace {

using nlohmann::json;
namespace reviews = model::quality_reviews;

constexpr int listed = 100;

double mark_of(const model::quality_review& of) { return std::round(of.mark() * 10) / 10; }

json review_data(const model::quality_review& of, const lens& through) {
    json out = {{"reference", of.reference},
                {"grid", of.grid},
                {"by", of.reviewer_name},
                {"answers", json::parse(of.answers)},
                {"remark", of.remark},
                {"met", of.met},
                {"asked", of.asked},
                {"mark", mark_of(of)},
                {"is_alert", of.mark() < reviews::alert_below}};
    views::add_moment(out, through, "reviewed_at", of.reviewed_at);
    if (!through.for_people) return out;
    out["mark_shown"] = fmt::format("{:g}", mark_of(of));
    if (through.language == "fr") std::ranges::replace(out["mark_shown"].get_ref<std::string&>(), '.', ',');
    out["lines"] = json::array();
    for (auto criterion : model::review_grids::get(of.grid).criteria)
        out["lines"].push_back({{"t:criterion", "review.criterion." + std::string(criterion)},
                                {"t:answer", "review.answer." + out["answers"][std::string(criterion)].get<std::string>()},
                                {"is_no", out["answers"][std::string(criterion)] == "no"}});
    return out;
}

model::calendar_week week_of(const request& request) {
    auto text = request.parameter("week");
    if (text.empty()) return model::calendar_weeks::previous(model::calendar_weeks::of(request.now));
    auto week = model::calendar_weeks::parse(text);
    if (!week) throw model::invalid({{"week", "malformed", "fault.parameter.malformed"}});
    return *week;
}

struct reading_desk {
    std::vector<reviews::proposal> sample;
    std::vector<model::quality_review> made; // since that week ended
};

struct sheet {
    model::ticket ticket;
    std::vector<model::quality_review> made;
};

asio::awaitable<reply> review_page(const request& request, app& app) {
    auto look = [reference = request.capture(0)](soci::session& sql) {
        auto ticket = model::tickets::get(sql, reference);
        auto made = reviews::of_ticket(sql, ticket.id);
        return sheet{std::move(ticket), std::move(made)};
    };
    auto found = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    const auto& grid = model::review_grids::of_channel(found.ticket.channel);
    json data = {{"reference", found.ticket.reference}, {"grid", grid.code}, {"criteria", json::array()}, {"reviews", json::array()}};
    for (auto criterion : grid.criteria) data["criteria"].push_back(criterion);
    for (const auto& each : found.made) data["reviews"].push_back(review_data(each, through));
    if (!through.for_people) co_return api::json(std::move(data));
    auto is_mine = [who = actor_of(request)](const auto& each) { return each.is_by(who); };
    data["can_review"] = found.ticket.status == "closed" && std::ranges::none_of(found.made, is_mine);
    data["questions"] = json::array();
    for (auto criterion : grid.criteria) {
        json one = {{"code", criterion}, {"t:words", "review.criterion." + std::string(criterion)}, {"choices", json::array()}};
        for (const char* answer : {"yes", "no", "none"})
            one["choices"].push_back({{"answer", answer},
                                      {"t:label", "review.answer." + std::string(answer)},
                                      {"is_chosen", request.field(criterion) == answer}});
        data["questions"].push_back(std::move(one));
    }
    data["t:grid_label"] = "review.grid." + std::string(grid.code);
    data["has_reviews"] = !found.made.empty(), data["here_figures"] = true;
    if (!request.parameter("done").empty()) data["t:done"] = "review.done";
    co_return page("console/review", std::move(data));
}

} // namespace

asio::awaitable<reply> list_reviews(const request& request, app& app) {
    auto week = week_of(request);
    auto look = [week, who = actor_of(request), now = request.now](soci::session& sql) {
        return reading_desk{reviews::sample(sql, week, who),
                            reviews::between(sql, {model::calendar_weeks::span_of(week).to, now + std::chrono::seconds(1)}, listed)};
    };
    auto found = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    nlohmann::json data = {
        {"week", model::calendar_weeks::text(week)}, {"sample", nlohmann::json::array()}, {"reviews", nlohmann::json::array()}};
    for (const auto& each : found.sample) {
        nlohmann::json one = {{"reference", each.reference},
                              {"grid", model::review_grids::of_channel(each.channel).code},
                              {"team", each.team},
                              {"is_reviewed", each.is_reviewed}};
        views::add_code(one, through, "channel", "channel_name", each.channel);
        views::add_moment(one, through, "closed_at", each.closed_at);
        data["sample"].push_back(std::move(one));
    }
    for (const auto& each : found.made) data["reviews"].push_back(review_data(each, through));
    if (!through.for_people) co_return api::json(std::move(data));
    data["has_sample"] = !found.sample.empty(), data["has_reviews"] = !found.made.empty(), data["here_figures"] = true;
    auto before = model::calendar_weeks::previous(week), after = model::calendar_weeks::next(week);
    auto address = [](const auto& of) { return "/console/reviews?week=" + model::calendar_weeks::text(of); };
    data["previous"] = model::calendar_weeks::text(before), data["previous_address"] = address(before);
    if (model::calendar_weeks::span_of(after).to <= request.now)
        data["next"] = model::calendar_weeks::text(after), data["next_address"] = address(after);
    co_return page("console/reviews", std::move(data));
}

asio::awaitable<reply> show_review(const request& request, app& app) { co_return co_await review_page(request, app); }

asio::awaitable<reply> post_review(const request& request, app& app) {
    action_fields given(request, {"greeting", "introduced", "in_time", "understood", "complete", "correct", "personal", "next_step",
                                  "delay_said", "spelling", "courteous", "documents", "recorded", "picked_up", "identity", "listening",
                                  "hold", "remark", "plain_words"});
    reviews::draft what;
    for (const auto& [name, value] : given.all()) (name == "remark" ? what.remark : what.answers[name]) = value;
    make_visit prepare = [&]() -> std::function<reply(soci::session&)> {
        return [what, reference = request.capture(0), who = actor_of(request), now = request.now, through = lens_of(request, app)](
                   soci::session& sql) { return api::json(review_data(reviews::add(sql, reference, what, who, now), through), 201); };
    };
    auto tried = co_await attempt_once(request, app, std::move(prepare));
    if (request.wants_json()) co_return std::move(tried.answer);
    if (!tried.refused) co_return see_other("/console/reviews/" + request.capture(0) + "?done=1");
    auto out = co_await review_page(request, app);
    put_refusal(out, given.all(), tried.refused);
    for (auto& each : out.data["errors"]) each["t:criterion"] = "review.criterion." + each["field"].get<std::string>();
    co_return out;
}

} // namespace relais::api
