// SPDX-License-Identifier: EUPL-1.2
#include "api/dossier_clocks.hpp"

#include "api/action_fields.hpp"
#include "api/dossiers.hpp"
#include "api/guards.hpp"
#include "api/pages.hpp"
#include "api/ticket_page.hpp"
#include "api/view_parts.hpp"
#include "api/view_text.hpp"
#include "api/write_once.hpp"
#include "model/database.hpp"
#include "model/dossier.hpp"
#include "model/dossier_status.hpp"

#include <algorithm>
#include <cmath>

namespace relais::api {

namespace {

using nlohmann::json;

constexpr int near_days = 15;
constexpr double strip_width = 1000;

// It tells of somebody's health, or of an offence.
bool is_private(const model::legal_deadline& of) { return of.kind == "medical" || of.kind == "suspension"; }

json deadline(const model::legal_deadline& of, const lens& through) {
    auto left = model::legal_clocks::days_left(of.on, through.now);
    json out = {{"on", of.on}, {"days_left", left}, {"is_assumed", of.is_assumed}};
    views::add_code(out, through, "kind", "legal_deadline", of.kind);
    if (!through.for_people) return out;
    const auto* key = left > 0 ? "legal.left" : left == 0 ? "legal.today" : "legal.over";
    out["left"] = through.texts->say(through.language, key, {{"days", std::abs(left)}});
    out["on_shown"] = view_text::day(*through.texts, through.language, of.on);
    out["is_over"] = left < 0, out["is_near"] = left >= 0 && left <= near_days;
    return out;
}

} // namespace

asio::awaitable<reply> post_legal_date(const request& request, app& app) {
    action_fields given(request, {"kind", "day"});
    make_visit prepare = [&]() -> std::function<reply(soci::session&)> {
        return [id = request.capture(0), kind = given.text("kind"), day = given.text("day"), seen = seen_version(request),
                who = actor_of(request), now = request.now, through = lens_of(request, app)](soci::session& sql) {
            auto of = model::dossiers::get(sql, id);
            model::legal_clocks::note(sql, of.id, kind, day, who, now, seen);
            auto out = api::json({{"deadlines", views::legal_deadlines(model::legal_clocks::of(sql, of), through)}});
            out.headers.emplace_back("ETag", ticket_etag(model::legal_clocks::version(sql, of.id)));
            return out;
        };
    };
    auto done = co_await attempt_once(request, app, std::move(prepare));
    if (done.refused) co_return co_await show_refused_dossier(request, app, given, done.refused);
    if (request.wants_json()) co_return std::move(done.answer);
    co_return see_other("/console/dossiers/" + request.capture(0));
}

namespace views {

nlohmann::json legal_deadlines(const std::vector<model::legal_deadline>& deadlines, const lens& through) {
    auto out = nlohmann::json::array();
    for (const auto& each : deadlines)
        if (through.sees.people || !is_private(each)) out.push_back(deadline(each, through));
    return out;
}

nlohmann::json dossier_clocks(const model::dossier& of, const std::vector<model::legal_date>& dates,
                              const std::vector<model::legal_deadline>& deadlines, const std::optional<model::dossier_pace>& pace,
                              const lens& through) {
    nlohmann::json out = {{"dates", nlohmann::json::array()},
                          {"deadlines", legal_deadlines(deadlines, through)},
                          {"days_in_status", nullptr},
                          {"median_days", nullptr}};
    for (const auto& each : dates) out["dates"].push_back({{"kind", each.kind}, {"day", each.day}});
    if (!of.status_since.empty()) out["days_in_status"] = -model::legal_clocks::days_left(of.status_since, through.now);
    if (pace) out["median_days"] = pace->median_days;
    if (!through.for_people) return out;
    out["has_deadlines"] = !deadlines.empty(), out["no_deadline"] = deadlines.empty();
    out["legal_kinds"] = nlohmann::json::array();
    for (auto kind : model::legal_clocks::kinds)
        out["legal_kinds"].push_back({{"code", kind}, {"t:label", "legal_date." + std::string(kind)}});
    if (pace && !of.status_since.empty() && !model::dossier_statuses::is_final(of.status))
        out["pace_words"] =
            through.texts->say(through.language, "dossiers.pace", {{"days", out["days_in_status"]}, {"median", pace->median_days}});
    return out;
}

nlohmann::json dossier_strip(const std::vector<model::dossier_contact>& timeline, const lens& through) {
    nlohmann::json out = {{"states", nlohmann::json::array()}, {"contacts", nlohmann::json::array()}, {"has_states", false}};
    auto first = std::find_if(timeline.rbegin(), timeline.rend(), [](const auto& each) { return each.kind == "state"; });
    if (first == timeline.rend()) return out;
    auto from = std::min(timeline.back().at, first->at);
    auto whole = std::chrono::duration<double>(std::max(through.now - from, std::chrono::seconds(86'400)));
    auto place = [&](model::sys_seconds at) { return std::clamp((at - from) / whole, 0.0, 1.0) * strip_width; };
    std::optional<double> end = strip_width; // the timeline goes back in time: each state lasts until the one before it in the list
    for (const auto& each : timeline) {
        auto x = place(each.at);
        if (each.kind != "state") {
            nlohmann::json contact = {{"x", std::lround(std::clamp(x, 8.0, strip_width - 8))}};
            add_code(contact, through, "kind", "contact_kind", each.kind);
            add_moment(contact, through, "at", each.at);
            out["contacts"].push_back(std::move(contact));
            continue;
        }
        nlohmann::json state = {{"x", std::lround(x)}, {"width", std::max(std::lround(*end) - std::lround(x), 2L)}};
        state["shade"] = out["states"].size() % 2 == 0 ? "odd" : "even";
        state["day"] = view_text::day(*through.texts, through.language, view_text::local_day(each.at));
        add_code(state, through, "status", "dossier_status", each.status);
        out["states"].push_back(std::move(state));
        end = x;
    }
    out["has_states"] = true;
    out["from_shown"] = view_text::day(*through.texts, through.language, view_text::local_day(from));
    return out;
}

} // namespace views

} // namespace relais::api
