// SPDX-License-Identifier: EUPL-1.2
#include "server/account_commands.hpp"

#include "api/accounts.hpp"
#include "model/password.hpp"

#include <istream>
#include <stdexcept>

namespace relais::server {
namespace {

std::string text_of(const nlohmann::json& arguments, const char* name) { return arguments.value(name, std::string{}); }

} // namespace

int add_user(command_context& context) {
    api::new_account account;
    account.login = text_of(context.arguments, "login");
    account.role = text_of(context.arguments, "role");
    account.name = text_of(context.arguments, "name");
    account.quality = text_of(context.arguments, "quality");
    account.email = text_of(context.arguments, "email");
    if (account.name.empty()) account.name = account.login;
    if (!std::getline(context.input, account.password)) throw std::runtime_error("no password was given");
    auto common = model::passwords::read_common(context.on.config.site.share_dir + "/config/common_passwords.txt");
    auto id = api::add_account(context.on.database, account, common, model::system_now());
    context.progress("account " + account.login + " added, number " + std::to_string(id) +
                     "; its owner enrols a second factor at the first sign-in");
    return 0;
}

int add_token(command_context& context) {
    constexpr std::int64_t day_s = 24 * 60 * 60;
    auto now = model::system_now();
    auto expires_at = now + std::chrono::seconds(context.arguments.value("days", std::int64_t{365}) * day_s);
    auto rate = context.arguments.value("rate", std::int64_t{10});
    auto token =
        api::add_token(context.on.database, text_of(context.arguments, "name"), text_of(context.arguments, "role"), rate, expires_at, now);
    context.result(token);
    return 0;
}

} // namespace relais::server
