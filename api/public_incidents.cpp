// SPDX-License-Identifier: EUPL-1.2
#include "api/public_incidents.hpp"

#include "api/contact_page.hpp"
#include "api/form_draft.hpp"
#include "api/incident_page.hpp"
#include "api/incident_view.hpp"
#include "api/limits.hpp"
#include "api/private_cookie.hpp"
#include "api/settings.hpp"
#include "api/site.hpp"
#include "api/write_once.hpp"
#include "model/database.hpp"
#include "model/email_address.hpp"
#include "model/error.hpp"
#include "model/incident_follower.hpp"

namespace relais::api {

namespace {

constexpr allowance clicks = {20, 600, 20}, once_a_day = {1, 86'400, 1};

// What everybody may read; of one that was shown and became part of another, that other, so that links in mails still lead somewhere.
model::incident published(soci::session& sql, std::int64_t number) {
    auto asked = model::incidents::get(sql, number), found = model::incidents::surviving(sql, number);
    if (!asked.published_at || !found.is_published()) throw model::not_found();
    return found;
}

lens for_everybody(const request& request, const app& app) {
    auto out = lens_of(request, app);
    out.sees = {};
    return out;
}

// Counted once a day from one address, on whichever of the incidents that became one; the demonstration lifts it.
bool is_counted(const request& request, app& app, const std::vector<std::int64_t>& family) {
    if (!app.config.limits_enabled) return true;
    auto is_first = true;
    for (auto each : family)
        is_first &= app.rates.take("me-too:" + std::to_string(each) + ":" + limited_address(request.remote_address), once_a_day) == 0;
    return is_first;
}

// The page of an incident, with a word of what was just done there.
std::string address_of(std::int64_t number, std::string_view done) {
    auto out = "/incidents/" + std::to_string(number);
    return done == "compte" || done == "suivi" ? out + "?fait=" + std::string(done) : out;
}

struct follower {
    std::string email, language;
};

// The address typed in the page's field, or that of the contact form under way in this browser.
asio::awaitable<follower> who_follows(const request& request, app& app) {
    follower out{std::string(request.field("email")), request.language};
    auto key = private_cookies::get(request, app.config, "contact");
    if (request.field("from_form").empty() || key.empty()) co_return out;
    if (!contact_pages::is_ours(request, app, key)) throw model::forbidden("error.form_expired.text");
    auto look = [&keys = app.keys, key, now = request.now](soci::session& sql) { return form_drafts::find(sql, keys, key, now); };
    auto draft = co_await app.database.read(std::move(look));
    if (auto typed = draft.fields.find("requester.email"); typed != draft.fields.end()) out.email = typed->second;
    co_return out;
}

std::string checked_email(const std::string& typed) {
    if (typed.find_first_not_of(" \t") == std::string::npos) return {};
    auto checked = model::email_addresses::check(typed);
    if (!checked.accepted()) throw model::invalid({model::fault("email", "email", checked)});
    return checked.normalised;
}

} // namespace

asio::awaitable<reply> list_known_incidents(const request& request, app& app) {
    auto look = [](soci::session& sql) { return model::incidents::published(sql); };
    auto all = co_await app.database.read(std::move(look));
    auto through = for_everybody(request, app);
    nlohmann::json data = {{"items", nlohmann::json::array()}, {"is_empty", all.empty()}};
    for (const auto& each : all) data["items"].push_back(views::public_incident(each, through));
    co_return public_page(request, app, "incidents", std::move(data));
}

asio::awaitable<reply> show_known_incident(const request& request, app& app) {
    auto look = [number = incident_number(request)](soci::session& sql) { return published(sql, number); };
    auto incident = co_await app.database.read(std::move(look));
    auto done = request.parameter("fait");
    if (incident.id != incident_number(request)) co_return see_other(address_of(incident.id, done));
    auto data = views::public_incident(incident, for_everybody(request, app));
    if (done == "compte" || done == "suivi") data["t:done"] = "known.done." + std::string(done == "compte" ? "counted" : "followed");
    co_return public_page(request, app, "incident", std::move(data));
}

asio::awaitable<reply> follow_incident(const request& request, app& app) {
    if (app.config.limits_enabled)
        if (auto wait = app.rates.take("me-too:" + limited_address(request.remote_address), clicks); wait > 0)
            co_return contact_pages::too_many(request, wait);
    auto number = incident_number(request);
    auto who = co_await who_follows(request, app);
    auto email = checked_email(who.email);
    auto look = [number](soci::session& sql) { return model::incident_followers::family_of(sql, published(sql, number).id); };
    auto family = co_await app.database.read(std::move(look));
    auto counts = !email.empty() || is_counted(request, app, family);
    std::function<reply(soci::session&)> visit = [number, email, counts, language = who.language, token = random_token(),
                                                  now = request.now](soci::session& sql) {
        auto of = published(sql, number).id;
        if (counts) model::incident_followers::add(sql, of, email, language, token, now);
        return reply{};
    };
    co_await write_once(request, app, std::move(visit));
    co_return see_other(address_of(number, email.empty() ? "compte" : "suivi"));
}

asio::awaitable<reply> show_follower_end(const request& request, app& app) {
    co_return public_page(request, app, "incident_end", {{"token", request.capture(0)}});
}

asio::awaitable<reply> end_follower(const request& request, app& app) {
    auto visit = [token = request.capture(0), now = request.now](soci::session& sql) {
        return model::incident_followers::end(sql, token, now);
    };
    if (!co_await app.database.write(std::move(visit))) throw model::not_found();
    co_return public_page(request, app, "incident_end", {{"is_ended", true}});
}

asio::awaitable<reply> show_sorting(const request& request, app& app) { co_return public_page(request, app, "sorting"); }

} // namespace relais::api
