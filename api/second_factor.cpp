// SPDX-License-Identifier: EUPL-1.2
// The second step of signing in: the code of the telephone or a recovery code; the first time, the enrolment.
#include "api/accounts.hpp"
#include "api/guards.hpp"
#include "api/secrets.hpp"
#include "api/settings.hpp"
#include "api/sign_in.hpp"
#include "api/sign_in_session.hpp"
#include "model/database.hpp"
#include "model/sign_in_failure.hpp"
#include "model/totp.hpp"
#include "model/user.hpp"

namespace relais::api {

namespace {

using model::login_session;

model::actor actor_of_session(const login_session& session) { return {"staff", session.user_id, session.name, session.quality}; }

std::string form_token(const app& app, const login_session& session) { return app.keys.sign("csrf", session.hash); }

bool is_own_form(const request& request, const app& app, const login_session& session) {
    return app.keys.verify("csrf", session.hash, request.field("csrf"));
}

reply code_page(const request& request, const app& app, const login_session& session) {
    return page("sign_in_code", {{"csrf", form_token(app, session)}, {"next", way_back(request)}});
}

// In groups of four, as people copy it into a telephone.
std::string grouped(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) out += (i > 0 && i % 4 == 0 ? " " : "") + std::string(1, text[i]);
    return out;
}

// The seed travels in the form, sealed for this session: nothing is stored before a code has shown that the telephone has it.
std::string seal_use(const login_session& session) { return "enrol:" + session.hash; }

reply enrolment_page(const request& request, const app& app, const login_session& session, const std::string& seed) {
    auto address = model::totp::enrolment_address(app.config.operator_name, session.login, seed);
    return page("enrolment", {{"csrf", form_token(app, session)},
                              {"next", way_back(request)},
                              {"seed_sealed", app.keys.seal(seal_use(session), seed)},
                              {"secret", grouped(model::totp::base32(seed))},
                              {"otpauth", address},
                              {"login", session.login}});
}

struct verdict {
    bool is_accepted = false;
    std::int64_t wait_s = 0; // not judged: too many were wrong
};

// Accepted when the code is the telephone's or a recovery code, once. A wrong one is counted in the same visit, and codes sent at once are
// judged one after the other: none of them escapes the wait.
verdict judge_code(soci::session& sql, const secrets& keys, const login_session& session, const std::string& typed,
                   const std::string& new_hash, model::sys_seconds now) {
    model::users::hold_for_code(sql, session.user_id);
    if (auto wait_s = model::sign_in_failures::wait_s(sql, login_hash(session.login), session.address, now); wait_s > 0)
        return {false, wait_s};
    auto user = model::users::get(sql, session.user_id);
    auto step = model::totp::matching_step(open_seed(keys, user), typed, now, user.totp_last_step);
    auto by_telephone = step && model::users::use_step(sql, user.id, *step);
    auto by_paper = !by_telephone && model::users::use_recovery_code(sql, user.id, recovery_code_hash(keys, user.id, typed), now);
    if ((by_telephone || by_paper) && model::login_sessions::rotate(sql, session.hash, new_hash, "full", now)) {
        model::sign_in_failures::forget(sql, login_hash(session.login), session.address);
        model::events::record(sql, actor_of_session(session), "sign_in.succeeded", "user", user.id,
                              {{"by", by_telephone ? "totp" : "recovery_code"}}, now);
        return {true};
    }
    model::sign_in_failures::record(sql, login_hash(session.login), session.address, now);
    model::events::record(sql, {}, "sign_in.failed", "user", user.id, {{"step", "code"}}, now);
    return {};
}

std::vector<std::string> hashes_of(const secrets& keys, std::int64_t user, const std::vector<std::string>& codes) {
    std::vector<std::string> out;
    for (const auto& each : codes) out.push_back(recovery_code_hash(keys, user, each));
    return out;
}

} // namespace

asio::awaitable<reply> show_code(const request& request, app& app) {
    auto session = co_await session_at(request, app, "totp");
    if (!session) co_return see_other("/connexion");
    co_return code_page(request, app, *session);
}

asio::awaitable<reply> check_code(const request& request, app& app) {
    auto session = co_await session_at(request, app, "totp");
    if (!session) co_return see_other("/connexion");
    auto again = code_page(request, app, *session);
    if (!is_own_form(request, app, *session)) co_return refused_step(std::move(again), "expired", 403);
    auto name = new_session_name();
    auto judge = [&keys = app.keys, held = *session, typed = std::string(request.field("code")), hash = name.hash,
                  now = request.now](soci::session& sql) { return judge_code(sql, keys, held, typed, hash, now); };
    auto judged = co_await app.database.write(std::move(judge));
    if (judged.wait_s > 0) co_return wait_reply(std::move(again), judged.wait_s);
    if (!judged.is_accepted) co_return refused_step(std::move(again), "wrong_code", 401);
    co_return go_on(app, name, way_back(request), {});
}

asio::awaitable<reply> show_enrolment(const request& request, app& app) {
    auto session = co_await session_at(request, app, "enrol");
    if (!session) co_return see_other("/connexion");
    co_return enrolment_page(request, app, *session, model::totp::random_seed());
}

asio::awaitable<reply> enrol(const request& request, app& app) {
    auto session = co_await session_at(request, app, "enrol");
    if (!session || !is_own_form(request, app, *session)) co_return see_other("/connexion");
    std::string seed;
    try {
        seed = app.keys.open(seal_use(*session), request.field("seed"));
    } catch (const std::runtime_error&) { // altered, or of another session
        seed.clear();
    }
    if (seed.empty()) co_return see_other("/connexion/inscription");
    auto step = model::totp::matching_step(seed, request.field("code"), request.now, 0);
    if (!step) co_return refused_step(enrolment_page(request, app, *session, seed), "wrong_code", 422);

    auto name = new_session_name();
    auto codes = random_recovery_codes();
    auto sealed = seal_seed(app.keys, session->login, seed);
    auto hashes = hashes_of(app.keys, session->user_id, codes);
    auto keep = [held = *session, sealed, hashes, step = *step, hash = name.hash, now = request.now](soci::session& sql) {
        if (!model::login_sessions::rotate(sql, held.hash, hash, "full", now)) return false;
        model::users::set_totp(sql, held.user_id, sealed, step);
        model::users::set_recovery_codes(sql, held.user_id, hashes);
        model::events::record(sql, actor_of_session(held), "user.second_factor_enrolled", "user", held.user_id, {}, now);
        return true;
    };
    auto kept = co_await app.database.write(std::move(keep));
    if (!kept) co_return see_other("/connexion");
    auto out = page("recovery_codes", {{"codes", codes}, {"next", way_back(request)}});
    give_cookie(out, app, name);
    co_return out;
}

} // namespace relais::api
