// SPDX-License-Identifier: EUPL-1.2
#include "api/ticket_actions.hpp"

#include "api/action_fields.hpp"
#include "api/answer_words.hpp"
#include "api/guards.hpp"
#include "api/pages.hpp"
#include "api/participant_view.hpp"
#include "api/services.hpp"
#include "api/settings.hpp"
#include "api/ticket_change.hpp"
#include "model/closure_reason.hpp"
#include "model/dossier.hpp"
#include "model/error.hpp"
#include "model/refiling.hpp"
#include "model/text.hpp"
#include "model/ticket_actions.hpp"
#include "model/ticket_relation.hpp"

#include <algorithm>

namespace relais::api {

namespace {

using model::tickets::action;
using ticket_changes::change;
using ticket_changes::prepared;
using ticket_changes::required_words;
using ticket_changes::words;

constexpr std::size_t reason_limit = 200, text_limit = 2000; // code points

// By the opaque id of a page or by the number that the agent typed.
std::int64_t dossier_of(soci::session& sql, const std::string& text) {
    if (auto found = model::dossiers::find_by_number(sql, text)) return found->id;
    try {
        return model::dossiers::get(sql, text).id;
    } catch (const model::not_found&) {
        throw model::invalid({{"dossier", "unknown", "fault.dossier.unknown"}});
    }
}

// Why the citizen should file again although there is a dossier: what lets such an answer pass (model/refiling.hpp).
std::string why_file_again(const action_fields& given) { return words(given, "new_request_reason", model::refilings::reason_limit); }

} // namespace

asio::awaitable<reply> post_message(const request& request, app& app) {
    action_fields given(request, {"body", "kind", "waits", "new_request_reason", "to[]"});
    auto is_note = given.text("kind") == "note";
    auto prepare = [&]() -> change {
        if (!is_note && given.text("kind") != "reply") throw model::invalid({{"kind", "unknown", "fault.parameter.unknown"}});
        auto body = required_words(given, "body", model::text::message_limit);
        if (is_note) return [body](soci::session& sql, const action& by) { model::tickets::note(sql, by, body); };
        return [body, waits = given.flag("waits"), why = why_file_again(given), readers = participant_views::readers_in(request, given),
                &texts = app.templates.texts()](soci::session& sql, const action& by) {
            auto whole = answer_words::filled(sql, model::tickets::get(sql, by.reference), body, texts, "body");
            model::tickets::reply(sql, by, whole, waits, why, readers);
        };
    };
    co_return co_await prepared(request, app, given, is_note ? "noted" : "replied", std::move(prepare));
}

asio::awaitable<reply> post_assignment(const request& request, app& app) {
    action_fields given(request, {"assignee"});
    auto prepare = [&]() -> change {
        ticket_changes::check_given(request, given, "assignee");
        auto user = ticket_changes::assignee_of(request, given);
        return [user](soci::session& sql, const action& by) { model::tickets::assign(sql, by, user); };
    };
    co_return co_await prepared(request, app, given, "assigned", std::move(prepare));
}

asio::awaitable<reply> post_category(const request& request, app& app) {
    action_fields given(request, {"category"});
    auto prepare = [&]() -> change {
        return [category = given.text("category")](soci::session& sql, const action& by) { model::tickets::categorise(sql, by, category); };
    };
    co_return co_await prepared(request, app, given, "categorised", std::move(prepare));
}

asio::awaitable<reply> post_dossier(const request& request, app& app) {
    action_fields given(request, {"dossier", "role", "reason"});
    auto prepare = [&]() -> change {
        ticket_changes::check_given(request, given, "dossier");
        auto dossier = given.text("dossier"), role = given.text("role");
        auto is_subject = role.empty() || role == "subject";
        auto reason = dossier.empty() ? required_words(given, "reason", reason_limit) : words(given, "reason", reason_limit);
        if (dossier.empty() && !is_subject) throw model::invalid({{"dossier", "missing", "fault.ticket.dossier_missing"}});
        return [dossier, role, reason, is_subject](soci::session& sql, const action& by) {
            if (dossier.empty()) return model::tickets::link_dossier(sql, by, std::nullopt, reason);
            auto id = dossier_of(sql, dossier);
            if (is_subject) return model::tickets::link_dossier(sql, by, id, reason.empty() ? "chosen" : reason);
            model::tickets::relate_dossier(sql, by, id, role, reason);
        };
    };
    co_return co_await prepared(request, app, given, "dossier", std::move(prepare));
}

asio::awaitable<reply> post_closure(const request& request, app& app) {
    action_fields given(request, {"reason", "text", "new_request_reason"});
    auto prepare = [&]() -> change {
        auto reason = given.text("reason");
        if (!reason.empty() && !model::closure_reasons::may_choose(reason))
            throw model::invalid({{"reason", "unknown", "fault.closure.unknown"}});
        return [reason, text = words(given, "text", text_limit), why = why_file_again(given),
                &texts = app.templates.texts()](soci::session& sql, const action& by) {
            auto whole = answer_words::filled(sql, model::tickets::get(sql, by.reference), text, texts, "text");
            model::tickets::close(sql, by, reason, whole, why);
        };
    };
    co_return co_await prepared(request, app, given, "closed", std::move(prepare));
}

asio::awaitable<reply> post_reopening(const request& request, app& app) {
    action_fields given(request, {"reason"});
    auto prepare = [&]() -> change {
        return [reason = required_words(given, "reason", reason_limit)](soci::session& sql, const action& by) {
            model::tickets::reopen(sql, by, reason);
        };
    };
    co_return co_await prepared(request, app, given, "reopened", std::move(prepare));
}

asio::awaitable<reply> post_forwarding(const request& request, app& app) {
    action_fields given(request, {"service", "text", "new_request_reason"});
    auto prepare = [&]() -> change {
        const auto* service = find_service(app.config.share_dir, given.text("service"));
        if (!service) throw model::invalid({{"service", "unknown", "fault.service.unknown"}});
        return [shown = service->shown(), text = words(given, "text", text_limit), why = why_file_again(given),
                &texts = app.templates.texts()](soci::session& sql, const action& by) {
            auto whole = answer_words::filled(sql, model::tickets::get(sql, by.reference), text, texts, "text");
            model::tickets::forward(sql, by, shown, whole, why);
        };
    };
    co_return co_await prepared(request, app, given, "forwarded", std::move(prepare));
}

} // namespace relais::api
