// SPDX-License-Identifier: EUPL-1.2
// The account's own page. Whatever changes how one signs in asks for the password again (security.md line 48).
#include "api/accounts.hpp"
#include "api/guards.hpp"
#include "api/password_work.hpp"
#include "api/secrets.hpp"
#include "api/settings.hpp"
#include "api/sign_in.hpp"
#include "api/sign_in_session.hpp"
#include "model/database.hpp"
#include "model/password.hpp"
#include "model/sign_in_failure.hpp"
#include "model/user.hpp"

namespace relais::api {

namespace {

struct account {
    model::user user;
    std::int64_t codes_left = 0, wait_s = 0;
};

asio::awaitable<account> own_account(const request& request, app& app) {
    auto look = [id = request.who.id, address = request.remote_address, now = request.now](soci::session& sql) {
        account out;
        out.user = model::users::get(sql, id);
        out.codes_left = model::users::recovery_codes_left(sql, id);
        out.wait_s = model::sign_in_failures::wait_s(sql, login_hash(out.user.login), address, now);
        return out;
    };
    co_return co_await app.database.read(std::move(look));
}

reply account_page(const account& own, std::string_view done = {}) {
    auto out = page("console/account", {{"login", own.user.login},
                                        {"name", own.user.name},
                                        {"quality", own.user.quality},
                                        {"t:role", "role." + own.user.role},
                                        {"codes_left", own.codes_left}});
    if (!done.empty()) out.data["t:done"] = "account.done." + std::string(done);
    return out;
}

// Nothing when the password is the account's own; the page to show otherwise.
asio::awaitable<std::optional<reply>> refuse_wrong_password(const request& request, app& app, const account& own) {
    if (own.wait_s > 0) co_return wait_reply(account_page(own), own.wait_s);
    std::string current(request.field("current"));
    auto right = co_await verify_password(app, own.user.password_hash, std::move(current));
    if (right) co_return std::nullopt;
    auto note = [login = own.user.login, address = request.remote_address, now = request.now](soci::session& sql) {
        model::sign_in_failures::record(sql, login_hash(login), address, now);
    };
    co_await app.database.write(std::move(note));
    co_return refused_step(account_page(own), "wrong_current", 401);
}

const std::vector<std::string>& common_passwords(const app& app) {
    static const auto list = model::passwords::read_common(app.config.share_dir + "/config/common_passwords.txt");
    return list;
}

std::vector<model::field_fault> password_faults(const request& request, const app& app, const account& own) {
    auto faults = model::passwords::faults(request.field("password"), own.user.login, common_passwords(app));
    if (request.field("password") != request.field("again")) faults.push_back({"again", "different", "fault.password.different"});
    return faults;
}

} // namespace

asio::awaitable<reply> show_account(const request& request, app& app) {
    auto own = co_await own_account(request, app);
    co_return account_page(own, request.parameter("done") == "password" ? "password" : "");
}

asio::awaitable<reply> change_password(const request& request, app& app) {
    auto own = co_await own_account(request, app);
    if (auto refused = co_await refuse_wrong_password(request, app, own)) co_return std::move(*refused);
    auto faults = password_faults(request, app, own);
    if (!faults.empty()) {
        auto again = account_page(own);
        again.status = 422;
        for (const auto& each : faults)
            again.data["errors"].push_back({{"field", each.field}, {"t:message", each.message}, {"value", each.value}});
        co_return again;
    }
    std::string wanted(request.field("password"));
    auto hash = co_await hash_password(app, std::move(wanted));
    auto name = new_session_name();
    auto change = [id = own.user.id, hash, session = name.hash, address = request.remote_address, who = actor_of(request),
                   now = request.now](soci::session& sql) {
        model::users::change_password(sql, id, hash, who, now);
        model::login_sessions::open(sql, session, id, "full", address, now);
    };
    co_await app.database.write(std::move(change));
    auto out = see_other("/console/compte?done=password");
    give_cookie(out, app, name);
    co_return out;
}

asio::awaitable<reply> renew_recovery_codes(const request& request, app& app) {
    auto own = co_await own_account(request, app);
    if (auto refused = co_await refuse_wrong_password(request, app, own)) co_return std::move(*refused);
    auto codes = random_recovery_codes();
    std::vector<std::string> hashes;
    for (const auto& each : codes) hashes.push_back(recovery_code_hash(app.keys, own.user.id, each));
    auto keep = [id = own.user.id, hashes, who = actor_of(request), now = request.now](soci::session& sql) {
        model::users::set_recovery_codes(sql, id, hashes);
        model::events::record(sql, who, "user.recovery_codes_renewed", "user", id, {}, now);
    };
    co_await app.database.write(std::move(keep));
    co_return page("recovery_codes", {{"codes", codes}, {"next", "/console/compte"}});
}

asio::awaitable<reply> sign_out_everywhere(const request& request, app& app) {
    auto leave = [who = actor_of(request), now = request.now](soci::session& sql) {
        model::login_sessions::close_all(sql, *who.id);
        model::events::record(sql, who, "sign_in.ended_everywhere", "user", *who.id, {}, now);
    };
    co_await app.database.write(std::move(leave));
    auto out = see_other("/connexion");
    take_cookie(out, app);
    co_return out;
}

} // namespace relais::api
