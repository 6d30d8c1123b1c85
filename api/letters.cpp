// SPDX-License-Identifier: EUPL-1.2
#include "api/letters.hpp"

#include "api/form_fields.hpp"
#include "api/guards.hpp"
#include "api/pages.hpp"
#include "api/parameters.hpp"
#include "api/secrets.hpp"
#include "api/settings.hpp"
#include "api/time_text.hpp"
#include "api/view_parts.hpp"
#include "api/view_text.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/letter.hpp"
#include "model/phone.hpp"

namespace relais::api {

namespace {

using nlohmann::json;

constexpr std::string_view letter_language = "fr"; // on paper the administration writes in French, whatever the agent's screen says

struct desk_of_letters {
    std::vector<model::letter> waiting, to_tell;
    std::vector<model::sent_letters> batches;
};

json letter_line(const model::letter& each, const lens& through) {
    json out = {{"id", each.id}, {"reference", each.reference}, {"name", each.name}, {"phone", model::phones::display(each.phone)}};
    views::add_code(out, through, "kind", "outbox_kind", each.kind);
    views::add_moment(out, through, "created_at", each.created_at);
    return out;
}

asio::awaitable<reply> letters_page(const request& request, app& app) {
    auto look = [now = request.now](soci::session& sql) {
        return desk_of_letters{model::letters::waiting(sql, now), model::letters::to_tell(sql, now), model::letters::batches(sql)};
    };
    auto found = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    json data = {{"items", json::array()},
                 {"to_tell", json::array()},
                 {"batches", json::array()},
                 {"today", view_text::local_day(request.now)},
                 {"here_letters", true}};
    for (const auto& each : found.waiting) data["items"].push_back(letter_line(each, through));
    for (const auto& each : found.to_tell) data["to_tell"].push_back(letter_line(each, through));
    data["has_to_tell"] = !found.to_tell.empty();
    for (const auto& each : found.batches)
        data["batches"].push_back(
            {{"day", view_text::day(*through.texts, through.language, view_text::local_day(each.sent_at))}, {"count", each.count}});
    data["is_empty"] = data["items"].empty();
    co_return page("console/letters", std::move(data));
}

std::vector<std::int64_t> chosen_ids(const request& request) {
    std::vector<std::int64_t> out;
    for (const auto& each : form_list(request.form, "ids[]"))
        if (auto id = parameters::number_of(each)) out.push_back(*id);
    return out;
}

asio::awaitable<std::vector<written_letter>> chosen_letters(const request& request, app& app) {
    auto look = [ids = chosen_ids(request), now = request.now](soci::session& sql) {
        std::vector<written_letter> out;
        for (auto& each : model::letters::among(sql, ids, now)) out.push_back({each, model::letters::facts(sql, each.id)});
        return out;
    };
    co_return co_await app.database.read(std::move(look));
}

json print_data(const app& app, json letters) {
    json out = {{"letters", std::move(letters)}};
    out.update(letter_sender(app));
    return out;
}

// The day a batch left or somebody was called, at noon in UTC so that it is the same day in Paris. Not tomorrow, not before last month.
std::chrono::sys_seconds day_of(const request& request, const std::string& field) {
    using std::chrono::hours;
    auto day = time_text::parse(request.field(field));
    if (!day || request.field(field).size() != 10) throw model::invalid({{field, "malformed", "fault.sent_on.malformed"}});
    auto out = *day + hours(12);
    if (out > request.now + hours(24) || out < request.now - hours(24 * 31))
        throw model::invalid({{field, "out_of_range", "fault.sent_on.out_of_range"}});
    return out;
}

asio::awaitable<reply> refused_page(const request& request, app& app, std::exception_ptr why) {
    auto out = co_await letters_page(request, app);
    out.status = 422;
    out.data["errors"] = error_reply(request, why).data["errors"];
    co_return out;
}

} // namespace

nlohmann::json letter_data(const written_letter& letter, const app& app, std::string_view day) {
    const auto& [what, facts] = letter;
    const auto& texts = app.templates.texts();
    auto shown = [&](const std::string& date) { return date.empty() ? date : view_text::day(texts, letter_language, date); };
    auto is_information = facts.legal_nature == "information";
    nlohmann::json out = {{"reference", what.reference},
                          {"name", what.name},
                          {"postal_address", what.postal_address},
                          {"body", facts.body},
                          {"author", facts.author},
                          {"forwarded_to", facts.forwarded_to},
                          {"is_information", is_information}};
    out["is_" + what.kind] = true;
    out["day"] = shown(std::string(day));
    out["received"] = view_text::moment(texts, letter_language, facts.received_at);
    out["answer_before"] = shown(facts.answer_before);
    out["implicit_on"] = is_information ? std::string() : shown(facts.implicit_on);
    return out;
}

nlohmann::json letter_sender(const app& app) {
    const auto& service = app.config.service;
    return {{"service",
             {{"name", service.name},
              {"postal_address", service.postal_address},
              {"email", service.email},
              {"phone", service.phone},
              {"hours", service.hours},
              {"phone_from_overseas", service.phone_from_overseas}}},
            {"address", app.config.base_url}};
}

asio::awaitable<reply> list_letters(const request& request, app& app) {
    auto out = co_await letters_page(request, app);
    if (auto done = parameters::number_of(request.parameter("sent"))) out.data["t:done"] = "letters.done", out.data["sent"] = *done;
    if (auto told = parameters::number_of(request.parameter("told"))) out.data["t:done"] = "letters.told", out.data["told"] = *told;
    co_return out;
}

asio::awaitable<reply> print_letters(const request& request, app& app) {
    auto chosen = co_await chosen_letters(request, app);
    if (chosen.empty()) co_return see_other("/console/courriers");
    auto letters = json::array();
    for (const auto& each : chosen) letters.push_back(letter_data(each, app, view_text::local_day(request.now)));
    reply out;
    out.content_type = "text/html; charset=utf-8";
    out.text = app.templates.render("print/letters", letter_language, print_data(app, std::move(letters)));
    co_return out;
}

asio::awaitable<reply> send_letters(const request& request, app& app) {
    std::exception_ptr refused;
    std::chrono::sys_seconds sent_at;
    try {
        sent_at = day_of(request, "sent_on");
    } catch (const model::invalid&) {
        refused = std::current_exception();
    }
    if (refused) co_return co_await refused_page(request, app, refused);
    auto chosen = co_await chosen_letters(request, app);
    std::vector<std::pair<model::letter, std::string>> printed;
    for (const auto& each : chosen) {
        auto data = print_data(app, json::array({letter_data(each, app, view_text::local_day(sent_at))}));
        printed.emplace_back(each.what, app.templates.render("print/letters", letter_language, data));
    }
    auto mark = [printed, sent_at, who = actor_of(request), now = request.now](soci::session& sql) {
        int out = 0;
        for (const auto& [letter, text] : printed) out += model::letters::mark_sent(sql, letter, sent_at, text, sha256_hex(text), who, now);
        return out;
    };
    auto count = co_await app.database.write(std::move(mark));
    co_return see_other("/console/courriers?sent=" + std::to_string(count));
}

asio::awaitable<reply> tell_by_phone(const request& request, app& app) {
    std::exception_ptr refused;
    std::chrono::sys_seconds told_at;
    try {
        told_at = day_of(request, "told_on");
    } catch (const model::invalid&) {
        refused = std::current_exception();
    }
    if (refused) co_return co_await refused_page(request, app, refused);
    auto mark = [ids = chosen_ids(request), told_at, who = actor_of(request), now = request.now](soci::session& sql) {
        return model::letters::tell(sql, ids, told_at, who, now);
    };
    auto count = co_await app.database.write(std::move(mark));
    co_return see_other("/console/courriers?told=" + std::to_string(count));
}

} // namespace relais::api
