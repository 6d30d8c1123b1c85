// SPDX-License-Identifier: EUPL-1.2
#include "api/callback_promise.hpp"

#include "api/callback_booking.hpp"
#include "api/callback_form.hpp"
#include "api/callback_view.hpp"
#include "api/follow_up_access.hpp"
#include "api/follow_up_token.hpp"
#include "api/pages.hpp"
#include "api/settings.hpp"
#include "model/database.hpp"

namespace relais::api {
namespace callback_promises {

asio::awaitable<std::optional<seen>> read(const request& request, app& app) {
    auto visit = [token = follow_ups::token_of(request, app), days = app.config.follow_up_days, now = request.now](soci::session& sql) {
        std::optional<seen> out;
        auto ticket = token.empty() ? std::nullopt : model::tickets::find_by_follow_up(sql, follow_up_tokens::hash(token), days, now);
        auto what = ticket ? model::callbacks::find_of_ticket(sql, ticket->id) : std::nullopt;
        if (what) out = seen{std::move(*ticket), std::move(*what)};
        return out;
    };
    co_return co_await app.database.read(std::move(visit));
}

nlohmann::json page_data(const seen& what, const request& request, const app& app) {
    auto out =
        callback_views::promise(what.what, app.templates.texts(), request.language, callback_bookings::rules_of(app).book(), request.now);
    out["reference"] = what.ticket.reference;
    out["link"] = follow_up_tokens::url(app.config.base_url, follow_ups::token_of(request, app));
    out["by_mail"] = !what.what.email.empty();
    return out;
}

} // namespace callback_promises

asio::awaitable<reply> get_callback_calendar(const request& request, app& app) {
    auto found = co_await callback_promises::read(request, app);
    if (!found || !found->what.slot_starts_at) throw model::not_found();
    reply out;
    out.content_type = "text/calendar; charset=utf-8";
    const auto& what = found->what;
    callback_views::appointment about;
    about.id = what.public_id, about.sequence = what.version, about.is_cancelled = what.state == "cancelled";
    about.from = *what.slot_starts_at, about.to = *what.slot_ends_at, about.written_at = what.updated_at;
    about.service = app.config.service.name, about.reference = found->ticket.reference, about.code_word = what.code_word;
    out.text = callback_views::calendar(about, app.templates.texts(), request.language);
    out.headers.emplace_back("Content-Disposition", "attachment; filename=\"rappel.ics\"");
    co_return out;
}

} // namespace relais::api
