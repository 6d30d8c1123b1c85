// SPDX-License-Identifier: EUPL-1.2
#include "api/callbacks.hpp"

#include "api/callback_booking.hpp"
#include "api/callback_sheet.hpp"
#include "api/callback_view.hpp"
#include "api/guards.hpp"
#include "api/pages.hpp"
#include "api/settings.hpp"
#include "api/time_text.hpp"
#include "api/view_text.hpp"
#include "model/callback_list.hpp"
#include "model/database.hpp"
#include "model/digits.hpp"

#include <array>

namespace relais::api {
namespace {

using callback_bookings::rules_of;

constexpr int page_size = 50;
constexpr std::array<std::string_view, 8> states = {"open",    "due",       "scheduled", "claimed",
                                                    "reached", "voicemail", "unreached", "cancelled"};

struct list_request {
    model::callback_filter filter;
    std::string after;
    int limit = page_size;
};

list_request read_list_request(const request& request) {
    list_request out;
    std::vector<model::field_fault> faults;
    if (auto state = request.parameter("state"); !state.empty()) out.filter.state = state;
    if (auto before = request.parameter("due_before"); !before.empty()) {
        out.filter.due_before = time_text::parse(before);
        if (!out.filter.due_before) faults.push_back({"due_before", "malformed", "fault.parameter.malformed"});
    }
    if (auto limit = request.parameter("limit"); !limit.empty()) {
        out.limit = model::digits::value(limit).value_or(0);
        if (out.limit < 1 || out.limit > model::callback_lists::page_limit)
            faults.push_back({"limit", "out_of_range", "fault.parameter.limit"});
    }
    if (!faults.empty()) throw model::invalid(std::move(faults));
    out.after = request.parameter("after");
    return out;
}

struct found {
    model::callback_page page;
    std::vector<std::string> references; // of their tickets, in the same order
    model::callback_counts counts;
    std::optional<model::callback> mine; // that this agent holds
};

found find(soci::session& sql, const list_request& wanted, const std::string& owner, std::chrono::sys_seconds now) {
    found out;
    out.page = model::callback_lists::list(sql, wanted.filter, wanted.after, wanted.limit, now);
    for (const auto& each : out.page.items) out.references.push_back(model::callback_lists::reference_of(sql, each));
    out.counts = model::callback_lists::count(sql, now);
    out.mine = model::callback_calling::find_held(sql, owner);
    return out;
}

void add_words(nlohmann::json& data, const found& seen, const list_request& wanted, const request& request, const app& app) {
    const auto& texts = app.templates.texts();
    data["counts"] = {{"due", seen.counts.due}, {"claimed", seen.counts.claimed}, {"later", seen.counts.later}};
    data["is_empty"] = data["items"].empty();
    data["is_continued"] = !wanted.after.empty();
    auto& choices = data["states"] = nlohmann::json::array();
    for (auto each : states)
        choices.push_back({{"code", each}, {"t:label", "callback.state." + std::string(each)}, {"is_chosen", each == wanted.filter.state}});
    if (seen.mine) data["mine"] = {{"id", seen.mine->public_id}, {"name", seen.mine->name}};
    data["first_address"] = "/console/callbacks?state=" + wanted.filter.state;
    if (!seen.page.next.empty()) data["next_address"] = data["first_address"].get<std::string>() + "&after=" + seen.page.next;
    if (request.parameter("fait") == "aucun") data["t:done"] = "callback.done.none";
    for (auto each : {"reached", "scheduled", "voicemail", "wrong_number", "unreached", "released", "cancelled"})
        if (request.parameter("fait") == each) data["t:done"] = std::string("callback.done.") + each;
    data["is_paused"] = !rules_of(app).is_processing;
    data["sees_figures"] = (role_bit(request.who.role) & (supervisor | admin)) != 0;
    data["here_callbacks"] = true;
    data["now"] = callback_views::hour(texts, request.language, request.now, view_text::paris);
}

} // namespace

asio::awaitable<reply> list_callbacks(const request& request, app& app) {
    auto wanted = read_list_request(request);
    auto visit = [wanted, owner = model::callback_caller{actor_of(request), {}}.owner(), now = request.now](soci::session& sql) {
        return find(sql, wanted, owner, now);
    };
    auto seen = co_await app.database.read(std::move(visit));
    auto through = lens_of(request, app);
    nlohmann::json data = {{"items", nlohmann::json::array()},
                           {"next", seen.page.next.empty() ? nlohmann::json(nullptr) : nlohmann::json(seen.page.next)}};
    for (std::size_t i = 0; i < seen.page.items.size(); ++i)
        data["items"].push_back(callback_views::callback(seen.page.items[i], seen.references[i], through, rules_of(app).book()));
    if (!through.for_people) co_return api::json(std::move(data));
    add_words(data, seen, wanted, request, app);
    co_return page("console/callbacks", std::move(data));
}

asio::awaitable<reply> show_callback(const request& request, app& app) { co_return co_await callback_sheets::show(request, app); }

} // namespace relais::api
