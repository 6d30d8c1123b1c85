// SPDX-License-Identifier: EUPL-1.2
#include "api/callback_form_page.hpp"

#include "api/callback_booking.hpp"
#include "api/callback_view.hpp"
#include "api/contact_page.hpp"
#include "api/contact_steps.hpp"
#include "api/pages.hpp"
#include "api/settings.hpp"
#include "api/site.hpp"
#include "api/view_text.hpp"
#include "model/phone.hpp"

#include <algorithm>
#include <array>

namespace relais::api::callback_pages {
namespace {

using contact_steps::field;
using contact_steps::shape;
using nlohmann::json;

constexpr int days_shown = 5; // then "later days"

constexpr std::array<field, 10> table = {{
    {"requester.name", 1, shape::line, "name", 256, true, false},
    {"phone", 1, shape::phone, "tel", 40, true, true},
    {"department", 1, shape::departments, "", 3, true, true},
    {"requester.email", 1, shape::email, "email", 254, false, true},
    {"procedure", 1, shape::procedures, "", 40, true, true},
    {"subject", 1, shape::line, "", 200, true, true},
    {"dossier_number", 1, shape::line, "", 64, false, true},
    {"neph", 1, shape::line, "", 40, false, true},
    {"spoken", 1, shape::line, "", 100, false, true},
    {"access_need", 1, shape::line, "", 400, false, true},
}};

json summary(const std::vector<model::field_fault>& faults) {
    auto out = json::array();
    for (const auto& each : faults)
        out.push_back({{"href", "#" + contact_steps::id_of(each.field)},
                       {"field", each.field},
                       {"code", each.code},
                       {"t:message", each.message},
                       {"value", each.value}});
    return out;
}

// Only the first days, and those after `since` when somebody asked for later ones.
json some_days(json days, std::string_view since, json& next) {
    auto first = std::find_if(days.begin(), days.end(),
                              [since](const auto& each) { return each["id"].template get<std::string>() >= "jour-" + std::string(since); });
    if (since.empty()) first = days.begin();
    json out = json::array();
    for (; first != days.end() && out.size() < days_shown; ++first) out.push_back(*first);
    if (first != days.end()) next = (*first)["id"].get<std::string>().substr(std::string_view("jour-").size());
    return out;
}

} // namespace

std::vector<std::string_view> field_names() {
    std::vector<std::string_view> out;
    for (const auto& each : table) out.push_back(each.name);
    return out;
}

reply form(const request& request, const app& app, const form_draft& draft) {
    auto found = callback_wishes::check(draft.fields, callback_bookings::terms_of(request, app));
    auto faults = draft.was_visited(1) ? found.faults : std::vector<model::field_fault>{};
    auto hints = draft.was_visited(1) ? found.hints : std::vector<model::field_fault>{};
    std::erase_if(faults, [](const auto& each) { return each.field == "zone" || each.field == "slot_start"; });
    json data = {{"form_token", form_drafts::token(app.keys, draft.key)}, {"has_draft", draft.exists}};
    auto& fields = data["fields"] = json::array();
    for (const auto& each : table)
        fields.push_back(contact_steps::shown_field(each, draft.fields, faults, hints, app.templates.texts(), request.language));
    for (auto& each : fields) // the other form asks for a message; this one for what the talk is about
        if (each["name"] == "subject") each["t:label"] = "callback.subject.label", each["t:hint"] = "callback.subject.hint";
    data["faults"] = summary(faults);
    data["has_faults"] = !faults.empty();
    data["step"] = 1, data["steps"] = 2;
    return public_page(request, app, "callback_form", std::move(data));
}

reply slots(const request& request, const app& app, const form_draft& draft, const callback_wishes::outcome& found,
            const std::vector<model::callback_slot>& offered, std::string_view problem, const std::vector<model::callback_slot>& nearest) {
    const auto& texts = app.templates.texts();
    const auto& book = callback_bookings::rules_of(app).book();
    const auto& zone = found.wish.place.zone;
    json data = {{"form_token", form_drafts::token(app.keys, draft.key)},
                 {"form_id", draft.id},
                 {"phone", model::phones::display(found.wish.phone)},
                 {"place", callback_views::place(book, request.language, zone)},
                 {"now_there", callback_views::hour(texts, request.language, request.now, zone)},
                 {"now_paris", callback_views::hour(texts, request.language, request.now, view_text::paris)},
                 {"zones", callback_views::zones(book, request.language, zone)},
                 {"step", 2},
                 {"steps", 2}};
    data["is_elsewhere"] = data["now_there"] != data["now_paris"];
    json next;
    data["days"] = some_days(callback_views::days(offered, texts, request.language, zone, ""), request.parameter("depuis"), next);
    data["later"] = next.is_null() ? "" : std::string(slots_path) + "?depuis=" + next.get<std::string>();
    data["is_continued"] = !request.parameter("depuis").empty();
    data["has_days"] = !data["days"].empty();
    data["is_extended"] = std::any_of(offered.begin(), offered.end(), [](const auto& each) { return each.is_extended; });
    // Nothing fits at all, or everything is taken: two different sentences.
    data["is_all_taken"] = !data["has_days"].get<bool>() && !offered.empty();
    data["nearest"] = callback_views::days(nearest, texts, request.language, zone, "");
    data["has_nearest"] = !nearest.empty();
    if (!problem.empty()) data["has_problem"] = true, data["t:problem"] = problem;
    data["pressure"] = contact_pages::pressure(request, app, draft);
    return public_page(request, app, "callback_slots", std::move(data), problem.empty() ? 200 : nearest.empty() ? 422 : 409);
}

reply closed(const request& request, const app& app) { return public_page(request, app, "callback_closed"); }

} // namespace relais::api::callback_pages
