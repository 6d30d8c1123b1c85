// SPDX-License-Identifier: EUPL-1.2
#include "api/share_access.hpp"

#include "api/contact_page.hpp"
#include "api/limits.hpp"
#include "api/pages.hpp"
#include "api/parameters.hpp"
#include "api/private_cookie.hpp"
#include "api/refusal.hpp"
#include "api/settings.hpp"
#include "api/share_acts.hpp"
#include "api/share_feed.hpp"
#include "api/share_view.hpp"
#include "api/site.hpp"
#include "api/write_once.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/idempotency.hpp"
#include "model/share_link.hpp"
#include "model/text.hpp"
#include "model/user.hpp"

#include <charconv>

namespace relais::api {

namespace share_tokens {

std::string make(const secrets& keys, std::string_view week, std::string_view recipient) {
    return keys.sign("weekly_share", std::string(week) + "/" + std::string(recipient));
}
std::string hash(std::string_view token) { return sha256_hex(token); }
std::string url(std::string_view base_url, std::string_view token) { return std::string(base_url).append("/partage/").append(token); }
std::string feed_path(const secrets& keys, std::int64_t user_id) {
    auto id = std::to_string(user_id);
    return "/partage/flux/" + id + "-" + keys.sign("share_feed", id);
}

} // namespace share_tokens

namespace {

constexpr std::string_view cookie = "partage";
constexpr std::int64_t cookie_s = 1800;
constexpr allowance opened_links = {60, 600, 60};

std::string token_of(const request& request, const app& app) { return private_cookies::get(request, app.config, cookie); }
std::string form_token(const app& app, std::string_view token) { return app.keys.sign("weekly_share_form", token); }
void check_form(const request& request, const app& app, std::string_view token) {
    if (!app.keys.verify("weekly_share_form", token, request.field("form_token"))) throw model::forbidden("error.form_expired.text");
}

model::share_link link_of(soci::session& sql, std::string_view token, std::chrono::sys_seconds now) {
    auto found = token.empty() ? std::nullopt : model::share_links::find(sql, share_tokens::hash(token), now);
    if (!found) throw model::not_found();
    return std::move(*found);
}

// A link is of one share: what was decided on another is no more its holder's to speak of than what does not exist.
void check_share(soci::session& sql, std::int64_t decision, const model::share_link& link) {
    if (model::decisions::get(sql, decision).share_id != link.share_id) throw model::not_found();
}

// Whoever holds the link acts under the name it was made for.
model::actor actor_of_link(const model::share_link& link) { return {"link", link.id, link.name, {}}; }

std::string week_of(soci::session& sql, const model::share_link& link) { return model::weekly_shares::get(sql, link.share_id).week; }

struct linked {
    model::share_link link;
    views::share_sheet sheet;
};

asio::awaitable<reply> linked_page(const request& request, app& app) {
    auto token = token_of(request, app);
    auto look = [token, now = request.now](soci::session& sql) {
        auto link = link_of(sql, token, now);
        auto sheet = views::read_share(sql, week_of(sql, link));
        return linked{std::move(link), std::move(sheet)};
    };
    auto found = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    through.for_people = true;
    auto data = views::share(found.sheet, through);
    data["can_decide"] = true, data["can_answer"] = false, data["is_link"] = true;
    data["form_token"] = form_token(app, token), data["reader"] = found.link.name;
    data["decide_url"] = "/partage/decisions", data["acknowledge_url"] = "/partage/accuse";
    data["step_url"] = "/partage/decisions", data["files_url"] = "/partage/fichiers/partage";
    data["previous"] = "", data["next"] = "", data["has_scripts"] = true;
    if (app.templates.has_asset("departments.svg")) data["has_map"] = true, data["map_address"] = app.templates.asset("departments.svg");
    for (auto each : {"decided", "acknowledged", "step"})
        if (request.parameter("fait") == each) data["t:done"] = std::string("share.done.") + each;
    auto out = public_page(request, app, "share", std::move(data));
    private_cookies::give(out, app.config, cookie, token, cookie_s);
    co_return out;
}

// Runs what the reader does, on the share of the link alone; a form of that link sent twice is one act.
template <class Act> asio::awaitable<reply> run(const request& request, app& app, std::string_view done, Act act) {
    auto token = token_of(request, app);
    check_form(request, app, token);
    std::exception_ptr refused;
    try {
        auto visit = [token, act, next = "/partage?fait=" + std::string(done), now = request.now](soci::session& sql) {
            act(sql, link_of(sql, token, now), now);
            return see_other(next);
        };
        auto by = share_tokens::hash(token);
        auto out = co_await write_once(request, app, std::move(visit), by);
        co_return out;
    } catch (const model::invalid&) {
        refused = std::current_exception();
    } catch (const model::conflict&) {
        refused = std::current_exception();
    }
    auto out = co_await linked_page(request, app);
    put_refusal(out, request.form, refused);
    co_return out;
}

} // namespace

asio::awaitable<reply> open_share_link(const request& request, app& app) {
    if (app.config.limits_enabled)
        if (auto wait = app.rates.take("share:" + limited_address(request.remote_address), opened_links); wait > 0)
            co_return contact_pages::too_many(request, wait);
    auto token = request.capture(0);
    auto visit = [token, now = request.now](soci::session& sql) {
        auto link = link_of(sql, token, now);
        model::share_links::mark_opened(sql, link.id, now);
    };
    co_await app.database.write(std::move(visit));
    auto out = see_other("/partage");
    private_cookies::give(out, app.config, cookie, token, cookie_s);
    co_return out;
}

asio::awaitable<reply> show_signed_feed(const request& request, app& app) {
    if (app.config.limits_enabled)
        if (auto wait = app.rates.take("share:" + limited_address(request.remote_address), opened_links); wait > 0)
            co_return contact_pages::too_many(request, wait);
    const auto& token = request.capture(0);
    auto id = token.substr(0, token.find('-'));
    auto user_id = parameters::number_of(id);
    if (!user_id || id.size() == token.size() || !app.keys.verify("share_feed", id, token.substr(id.size() + 1))) throw model::not_found();
    auto look = [user_id = *user_id](soci::session& sql) {
        auto user = model::users::get(sql, user_id);
        if (user.disabled_at || user.role == "partner") throw model::not_found();
        return share_feed::read(sql);
    };
    auto all = co_await app.database.read(std::move(look));
    co_return share_feed::file(all, app.config.base_url, request.path, lens_of(request, app));
}

asio::awaitable<reply> show_linked_share(const request& request, app& app) { co_return co_await linked_page(request, app); }

asio::awaitable<reply> get_linked_file(const request& request, app& app) {
    auto wanted = share_acts::form_of(request.capture(0));
    if (wanted.ending.empty() || wanted.week != "partage") throw model::not_found();
    auto look = [token = token_of(request, app), now = request.now](soci::session& sql) {
        return model::weekly_shares::get(sql, link_of(sql, token, now).share_id);
    };
    auto share = co_await app.database.read(std::move(look));
    co_return share_acts::file_of(share, wanted.ending, app, request.language);
}

asio::awaitable<reply> post_linked_acknowledgement(const request& request, app& app) {
    auto act = [](soci::session& sql, const model::share_link& link, std::chrono::sys_seconds now) {
        model::weekly_shares::acknowledge(sql, link.share_id, actor_of_link(link), now);
    };
    co_return co_await run(request, app, "acknowledged", std::move(act));
}

asio::awaitable<reply> post_linked_decision(const request& request, app& app) {
    auto act = [&request](soci::session& sql, const model::share_link& link, std::chrono::sys_seconds now) {
        auto what = share_acts::read_decision(request);
        if (what.amends != 0) check_share(sql, what.amends, link);
        model::decisions::decide(sql, link.share_id, what, actor_of_link(link), now);
    };
    co_return co_await run(request, app, "decided", std::move(act));
}

asio::awaitable<reply> post_linked_comment(const request& request, app& app) {
    const auto& text = request.capture(0);
    std::int64_t id = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size()) throw model::not_found();
    auto checked = model::text::check_message(request.field("text"), model::decisions::text_limit);
    auto is_refused = !request.field("text").empty() && !checked.accepted();
    auto refusal = is_refused ? std::optional(model::fault("text", "text", checked)) : std::nullopt;
    auto act = [id, refusal, said = checked.normalised](soci::session& sql, const model::share_link& link, std::chrono::sys_seconds now) {
        check_share(sql, id, link);
        if (refusal) throw model::invalid({*refusal});
        model::decisions::add_step(sql, id, "comment", said, actor_of_link(link), now);
    };
    co_return co_await run(request, app, "step", std::move(act));
}

} // namespace relais::api
