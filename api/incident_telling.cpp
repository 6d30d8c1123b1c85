// SPDX-License-Identifier: EUPL-1.2
#include "api/incident_telling.hpp"

#include "api/guards.hpp"
#include "api/incident_act.hpp"
#include "api/incident_page.hpp"
#include "api/incident_view.hpp"
#include "api/pages.hpp"
#include "model/broadcast.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/outgoing_mail.hpp"
#include "model/refiling.hpp"
#include "model/verification.hpp"

namespace relais::api {

namespace {

namespace incidents = model::incidents;
namespace broadcasts = model::broadcasts;
using incident_acts::act;
using incident_acts::change;
using incident_acts::run;
using incident_acts::words;

constexpr int preview_count = 5, first_page = 200;

// A recipient drawn at random, with what the mail's template needs.
struct draft_mail {
    broadcasts::recipient whom;
    model::outgoing_mail row;
    model::mail_facts facts;
};

std::vector<draft_mail> draw(soci::session& sql, std::int64_t number, const std::string& message, bool is_silent, const model::actor& who) {
    auto of = incidents::get(sql, number);
    auto draw_some = is_silent ? broadcasts::sample_silent : broadcasts::sample;
    std::vector<draft_mail> out;
    for (auto& whom : draw_some(sql, number, preview_count)) {
        draft_mail one;
        one.row.kind = is_silent ? "incident_silent" : "incident_news", one.row.ticket_id = whom.ticket_id,
        one.row.language = whom.language, one.row.payload = "{}";
        one.facts = model::outgoing_mails::facts(sql, one.row);
        one.facts.body = message, one.facts.author = who.quality.empty() ? who.name : who.name + ", " + who.quality;
        one.facts.incident = number, one.facts.incident_title = of.public_title;
        one.whom = std::move(whom);
        out.push_back(std::move(one));
    }
    return out;
}

nlohmann::json shown(const draft_mail& one, const app& app) {
    auto by = !one.whom.email.empty() ? "mail" : !one.whom.postal_address.empty() ? "letter" : "phone";
    auto is_silent = !one.whom.ticket_id;
    nlohmann::json out = {{"reference", is_silent ? nlohmann::json(nullptr) : nlohmann::json(one.whom.reference)},
                          {"dossier", is_silent ? nlohmann::json(one.whom.reference) : nlohmann::json(nullptr)},
                          {"name", one.whom.name},
                          {"email", one.whom.email},
                          {"by", by},
                          {"text", app.preview_mail ? app.preview_mail(one.row, one.facts) : one.facts.body}};
    return out;
}

void check_audience(const std::string& audience) {
    if (!audience.empty() && audience != "attached" && audience != "silent")
        throw model::invalid({{"audience", "unknown", "fault.parameter.unknown"}});
}

// Nothing leaves: what was typed comes back beside five of the mails it would make.
asio::awaitable<reply> preview(const request& request, app& app, const action_fields& given, std::string_view action) {
    auto message = words(given, "message");
    auto audience = action == "broadcast" ? given.text("audience") : std::string{};
    check_audience(audience);
    auto look = [number = incident_number(request), message, is_silent = audience == "silent",
                 who = actor_of(request)](soci::session& sql) {
        auto of = incidents::get(sql, number);
        return std::tuple{of, draw(sql, number, message, is_silent, who), model::refilings::stopped(sql, of.id, message).value_or("")};
    };
    auto [incident, drawn, files_again] = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    nlohmann::json data = {{"items", nlohmann::json::array()}, {"incident", views::incident(incident, through)}};
    for (const auto& each : drawn) data["items"].push_back(shown(each, app));
    data["files_again"] = files_again.empty() ? nlohmann::json(nullptr) : nlohmann::json(files_again);
    if (!through.for_people) co_return json(std::move(data));
    for (auto& each : data["items"]) each["t:by_label"] = "incident.by." + each["by"].get<std::string>();
    data["typed"] = given.all(), data["here_incidents"] = true, data["action"] = action;
    data["is_fix"] = action == "fix", data["is_empty"] = drawn.empty();
    co_return page("console/incident_preview", std::move(data));
}

// The first recipients at once, so that a small incident is told within the second; the leader queues the others.
void begin(soci::session& sql, const act& by, std::string_view kind, const std::string& message, const std::string& why,
           std::int64_t per_minute) {
    model::refilings::check(sql, incidents::get(sql, by.number).id, message, why, by.who, by.now);
    auto id = broadcasts::start(sql, by, kind, message, per_minute);
    while (broadcasts::queue_next(sql, id, first_page, by.now) && broadcasts::get(sql, id).queued < first_page) {
    }
}

} // namespace

asio::awaitable<reply> post_fix(const request& request, app& app) {
    action_fields given(request, {"released_at", "release", "message", "new_request_reason", "preview"});
    if (given.flag("preview")) co_return co_await preview(request, app, given, "fix");
    std::function<change()> prepare = [&] {
        auto at = given.text("released_at").empty() ? request.now : incident_acts::moment(given, "released_at");
        return change([at, release = incident_acts::line(given, "release"), message = words(given, "message"),
                       why = words(given, "new_request_reason", model::refilings::reason_limit),
                       pace = app.broadcast_per_minute](soci::session& sql, const act& by) {
            incidents::fix(sql, by, at, release);
            if (!message.empty()) begin(sql, {by.number, 0, by.who, by.now}, "fix", message, why, pace);
        });
    };
    co_return co_await run(request, app, given, "fix", "fixed", std::move(prepare));
}

asio::awaitable<reply> post_broadcast(const request& request, app& app) {
    action_fields given(request, {"message", "audience", "new_request_reason", "preview"});
    if (given.flag("preview")) co_return co_await preview(request, app, given, "broadcast");
    std::function<change()> prepare = [&] {
        auto audience = given.text("audience");
        check_audience(audience);
        return change([kind = audience == "silent" ? "silent" : "news", message = words(given, "message"),
                       why = words(given, "new_request_reason", model::refilings::reason_limit),
                       pace = app.broadcast_per_minute](soci::session& sql, const act& by) {
            incidents::take(sql, by, "broadcast");
            begin(sql, {by.number, 0, by.who, by.now}, kind, message, why, pace);
        });
    };
    co_return co_await run(request, app, given, "broadcast", "told", std::move(prepare));
}

asio::awaitable<reply> post_broadcast_stop(const request& request, app& app) {
    action_fields given(request, {"broadcast"});
    std::function<change()> prepare = [&] {
        return change(
            [id = incident_acts::number(given, "broadcast")](soci::session& sql, const act& by) { broadcasts::stop(sql, by, id); });
    };
    co_return co_await run(request, app, given, "broadcast", "telling_stopped", std::move(prepare));
}

asio::awaitable<reply> post_broadcast_resumption(const request& request, app& app) {
    action_fields given(request, {"broadcast"});
    std::function<change()> prepare = [&] {
        return change(
            [id = incident_acts::number(given, "broadcast")](soci::session& sql, const act& by) { broadcasts::resume(sql, by, id); });
    };
    co_return co_await run(request, app, given, "broadcast", "telling_resumed", std::move(prepare));
}

asio::awaitable<reply> post_verification(const request& request, app& app) {
    action_fields given(request, {"message", "new_request_reason"});
    std::function<change()> prepare = [&] {
        auto message = words(given, "message"), why = words(given, "new_request_reason", model::refilings::reason_limit);
        if (message.empty()) message = app.templates.texts().say(request.language, "incident.verified_message", {});
        return change([message, why](soci::session& sql, const act& by) {
            auto id = model::verifications::start(sql, by, message, why);
            model::verifications::step(sql, id, model::verifications::page, by.now);
        });
    };
    co_return co_await run(request, app, given, "verification", "verified", std::move(prepare));
}

} // namespace relais::api
