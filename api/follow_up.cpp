// SPDX-License-Identifier: EUPL-1.2
#include "api/follow_up.hpp"

#include "api/callback_view.hpp"
#include "api/contact_files.hpp"
#include "api/contact_page.hpp"
#include "api/contact_pressure.hpp"
#include "api/follow_up_access.hpp"
#include "api/follow_up_token.hpp"
#include "api/limits.hpp"
#include "api/pages.hpp"
#include "api/parameters.hpp"
#include "api/private_cookie.hpp"
#include "api/site.hpp"
#include "api/write_once.hpp"
#include "model/citizen.hpp"
#include "model/database.hpp"
#include "model/idempotency.hpp"
#include "model/outbox.hpp"
#include "model/reference.hpp"
#include "model/reply_recall.hpp"
#include "model/sensitive.hpp"
#include "model/text.hpp"
#include "model/ticket_actions.hpp"

#include <algorithm>
#include <charconv>

namespace relais::api {
namespace {

constexpr allowance opened_links = {60, 600, 60};
constexpr allowance links_again = {5, 600, 5};
constexpr int done = 303;
constexpr std::int64_t again_every_s = 600;

std::string limit_bucket(std::string_view what, const request& request) {
    return std::string(what) + limited_address(request.remote_address);
}

follow_ups::followed read_all(soci::session& sql, std::string_view token, int days, std::chrono::sys_seconds now) {
    follow_ups::followed out;
    auto who = follow_ups::viewer_of(sql, token, days, now);
    out.ticket = model::reply_recalls::as_known(sql, who.ticket, now), out.viewer = who.participant;
    out.requester = model::citizens::get(sql, out.ticket.requester_id);
    out.messages = follow_ups::thread_of(sql, who, now);
    out.files = follow_ups::files_of(sql, out.messages);
    if (out.viewer) return out; // the rest is the requester's
    out.about = model::citizens::get(sql, out.ticket.subject_person_id);
    out.people = model::participants::of(sql, out.ticket.id);
    out.readers = model::message_readers::of(sql, out.ticket.id);
    out.callback = model::callbacks::find_of_ticket(sql, out.ticket.id);
    return out;
}

reply entry_page(const request& request, const app& app) {
    auto sent = request.parameter("envoi") == "1";
    return public_page(request, app, "follow_up_entry", {{"is_sent", sent}, {"is_lost", request.parameter("lien") == "perdu"}});
}

// The call that was promised, or the offer of one when the request may still be answered and there is a number to call.
void add_callback(nlohmann::json& data, const follow_ups::followed& what, const request& request, const app& app) {
    const auto& rules = *app.config.callback;
    if (what.callback)
        data["callback"] = callback_views::promise(*what.callback, app.templates.texts(), request.language, rules.book(), request.now);
    data["may_ask_callback"] = !what.callback && rules.is_registering && !data["is_over"].get<bool>() && !what.requester.phone.empty();
}

reply thread_page(const request& request, const app& app, const follow_ups::followed& what, const std::string& token) {
    const auto& texts = app.templates.texts();
    auto data = what.viewer ? follow_ups::participant_data(what, texts, request.language)
                            : follow_ups::page_data(what, app.config, texts, request.language, request.now);
    if (!what.viewer) add_callback(data, what, request, app);
    data["form_token"] = follow_ups::form_token(app.keys, token);
    data["form_id"] = random_token(16);
    data["link"] = follow_up_tokens::url(app.config.base_url, token);
    auto said = request.parameter("fait");
    for (auto each : {"message", "resolu", "satisfaction", "rappel", "rappel_annule", "retrait"})
        if (said == each) data["t:done"] = std::string("follow_up.done.") + each;
    auto fault = request.parameter("erreur");
    for (auto each : {"vide", "long", "fichier", "trop", "note"})
        if (fault == each) data["has_faults"] = true, data["t:problem"] = std::string("follow_up.fault.") + each;
    auto out = public_page(request, app, what.viewer ? "follow_up_participant" : "follow_up", std::move(data));
    private_cookies::give(out, app.config, follow_ups::cookie, token, follow_ups::cookie_s);
    return out;
}

// One act of who holds the link, done once however often the same page is sent.
template <class Act> auto once(const request& request, app& app, const std::string& token, Act act) {
    auto key = sha256_hex(std::string("follow_up:").append(token).append("/").append(request.field("form_id")));
    auto visit = [key, token, act, route = request.path, days = app.config.follow_up_days, now = request.now](soci::session& sql) {
        auto who = follow_ups::viewer_of(sql, token, days, now);
        if (model::idempotency::claim(sql, key, route, key, now)) return;
        act(sql, who, model::tickets::action{who.ticket.reference, 0, follow_ups::actor_of(who), now});
        model::idempotency::remember(sql, key, {done, who.ticket.reference});
    };
    return app.database.write(std::move(visit));
}

// What changes the request itself is the requester's alone.
void need_requester(const follow_ups::viewer& who) {
    if (who.participant) throw model::not_found();
}

struct refused_file {
    bool is_one_too_many = false; // the file would do; the request has all it may have
};

// The limits hold for all the files of who writes, whichever message brought them.
void take_files(soci::session& sql, const secrets& keys, const settings& config, const std::vector<uploaded_file>& files,
                const std::string& draft_key, const follow_ups::viewer& who, std::chrono::sys_seconds now) {
    if (files.empty()) return;
    auto beside = follow_ups::files_of(sql, follow_ups::thread_of(sql, who, now));
    for (const auto& file : files) {
        auto why = contact_files::refusal(config, file, beside);
        if (!why.empty()) throw refused_file{why == "fault.files.count" || why == "fault.files.total"};
        contact_files::keep(sql, keys, config, file, draft_key, now);
        beside.emplace_back().size_bytes = file.size_bytes;
    }
}

} // namespace

asio::awaitable<reply> open_follow_up(const request& request, app& app) {
    if (app.config.limits_enabled)
        if (auto wait = app.rates.take(limit_bucket("link:", request), opened_links); wait > 0)
            co_return contact_pages::too_many(request, wait);
    auto token = request.capture(0);
    auto visit = [token, days = app.config.follow_up_days, now = request.now](soci::session& sql) {
        try {
            follow_ups::viewer_of(sql, token, days, now);
            return true;
        } catch (const model::not_found&) {
            return false;
        }
    };
    auto is_known = co_await app.database.read(std::move(visit));
    if (!is_known) co_return see_other("/suivi?lien=perdu");
    auto out = see_other("/suivi");
    private_cookies::give(out, app.config, follow_ups::cookie, token, follow_ups::cookie_s);
    co_return out;
}

asio::awaitable<reply> show_follow_up(const request& request, app& app) {
    auto token = follow_ups::token_of(request, app);
    if (token.empty()) co_return entry_page(request, app);
    auto visit = [token, days = app.config.follow_up_days, now = request.now](soci::session& sql) {
        return read_all(sql, token, days, now);
    };
    bool is_gone = false;
    follow_ups::followed found;
    try {
        found = co_await app.database.read(std::move(visit));
    } catch (const model::not_found&) {
        is_gone = true;
    }
    co_return is_gone ? entry_page(request, app) : thread_page(request, app, found, token);
}

asio::awaitable<reply> send_link_again(const request& request, app& app) {
    if (app.config.limits_enabled)
        if (auto wait = app.rates.take(limit_bucket("link-again:", request), links_again); wait > 0)
            co_return contact_pages::too_many(request, wait);
    auto reference = model::references::read(request.field("reference"));
    auto email = model::citizens::lower_ascii(request.field("email"));
    std::function<reply(soci::session&)> visit = [reference, email, now = request.now](soci::session& sql) {
        model::ticket ticket;
        try {
            ticket = model::tickets::get(sql, reference.value_or(""));
        } catch (const model::not_found&) {
            return reply{};
        }
        auto person = model::citizens::get(sql, ticket.requester_id);
        for (const auto& each : model::participants::of(sql, ticket.id))
            if (each.is_active(now) && !email.empty() && model::citizens::lower_ascii(each.email) == email)
                model::participants::send_link_again(sql, each, now);
        if (person.email.empty() || model::citizens::lower_ascii(person.email) != email) return reply{};
        model::outbox_entry entry;
        entry.unique_key = "link:" + std::to_string(ticket.id) + ":" + std::to_string(model::seconds(now) / again_every_s);
        entry.kind = "acknowledgement"; // the same facts, with the link
        entry.recipient = person.email;
        entry.language = person.language;
        entry.ticket_id = ticket.id;
        entry.is_capped = true;
        model::outbox::add(sql, entry, now);
        return reply{};
    };
    co_await write_once(request, app, std::move(visit));
    app.wake_mailer();
    co_return see_other("/suivi?envoi=1");
}

asio::awaitable<reply> write_back(const request& request, app& app) {
    auto token = follow_ups::token_of(request, app);
    follow_ups::check_form(request, app, token);
    if (auto wait = contact_pressure::take_step(request, app, !request.files.empty()); wait > 0)
        co_return contact_pages::too_many(request, wait);
    std::vector<uploaded_file> files;
    std::copy_if(request.files.begin(), request.files.end(), std::back_inserter(files),
                 [](const auto& file) { return file.size_bytes > 0 || !file.display_name.empty(); });
    auto words = model::text::check_message(request.field("body"));
    auto is_empty = words.normalised.find_first_not_of(" \t\n") == std::string::npos;
    if (!words.accepted()) co_return see_other("/suivi?erreur=long#ecrire");
    if (is_empty && files.empty()) co_return see_other("/suivi?erreur=vide#ecrire");
    auto body = is_empty ? app.templates.texts().get(request.language, "follow_up.files_only") : model::sensitive::mask(words.normalised);
    auto draft_key = files.empty() ? std::string{} : sha256_hex(random_token());
    auto act = [&keys = app.keys, &config = app.config, files, body, draft_key](soci::session& sql, const follow_ups::viewer& who,
                                                                                const model::tickets::action& by) {
        take_files(sql, keys, config, files, draft_key, who, by.now);
        model::tickets::write_back(sql, by, body, draft_key, who.participant ? std::optional(who.participant->id) : std::nullopt);
    };
    std::string fault;
    try {
        co_await once(request, app, token, std::move(act));
    } catch (const refused_file& refused) {
        fault = refused.is_one_too_many ? "trop" : "fichier";
    }
    if (!fault.empty()) co_return see_other("/suivi?erreur=" + fault + "#ecrire");
    co_return see_other("/suivi?fait=message#fil");
}

asio::awaitable<reply> tell_solved(const request& request, app& app) {
    auto token = follow_ups::token_of(request, app);
    follow_ups::check_form(request, app, token);
    auto act = [](soci::session& sql, const follow_ups::viewer& who, const model::tickets::action& by) {
        need_requester(who);
        model::tickets::solved(sql, by);
    };
    co_await once(request, app, token, std::move(act));
    app.wake_mailer();
    co_return see_other("/suivi?fait=resolu");
}

asio::awaitable<reply> rate_answer(const request& request, app& app) {
    auto token = follow_ups::token_of(request, app);
    follow_ups::check_form(request, app, token);
    auto typed = request.field("score");
    int score = -1;
    auto [end, error] = std::from_chars(typed.data(), typed.data() + typed.size(), score);
    auto word = model::text::check_message(request.field("word"), 2000);
    if (error != std::errc() || end != typed.data() + typed.size() || score < 0 || score > 10 || !word.accepted())
        co_return see_other("/suivi?erreur=note#avis");
    auto act = [score, text = model::sensitive::mask(word.normalised)](soci::session& sql, const follow_ups::viewer& who,
                                                                       const model::tickets::action& by) {
        need_requester(who);
        model::tickets::rate(sql, by, score, text);
    };
    co_await once(request, app, token, std::move(act));
    co_return see_other("/suivi?fait=satisfaction#avis");
}

asio::awaitable<reply> withdraw_participant(const request& request, app& app) {
    auto token = follow_ups::token_of(request, app);
    follow_ups::check_form(request, app, token);
    auto id = parameters::number_of(request.field("participant")).value_or(0);
    auto act = [id](soci::session& sql, const follow_ups::viewer& who, const model::tickets::action& by) {
        need_requester(who);
        model::participants::end(sql, by, id);
    };
    co_await once(request, app, token, std::move(act));
    co_return see_other("/suivi?fait=retrait#personnes");
}

} // namespace relais::api
