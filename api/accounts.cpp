// SPDX-License-Identifier: EUPL-1.2
#include "api/accounts.hpp"

#include "model/api_token.hpp"
#include "model/error.hpp"
#include "model/password.hpp"

#include <sodium.h>

namespace relais::api {

namespace {

constexpr std::string_view crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // no I, L, O, U
constexpr int recovery_codes = 10, recovery_characters = 10;

model::users::new_user checked(const new_account& from, const std::vector<std::string>& common) {
    auto faults = model::passwords::faults(from.password, from.login, common);
    if (!faults.empty()) throw model::invalid(std::move(faults));
    return {from.login, from.name, from.role, from.quality, from.email, model::passwords::hash(from.password)};
}

std::string seal_use(std::string_view login) { return "totp:" + std::string(login); }

} // namespace

std::int64_t add_account(model::database& database, const new_account& from, const std::vector<std::string>& common,
                         model::sys_seconds now) {
    auto user = checked(from, common);
    return database.write_now([&](soci::session& sql) { return model::users::add(sql, user, now); });
}

std::int64_t add_account_with_totp(model::database& database, const secrets& keys, const new_account& from, std::string_view seed,
                                   const std::vector<std::string>& common, model::sys_seconds now) {
    auto user = checked(from, common);
    auto sealed = seal_seed(keys, from.login, seed);
    return database.write_now([&](soci::session& sql) {
        auto id = model::users::add(sql, user, now);
        model::users::set_totp(sql, id, sealed, 0);
        return id;
    });
}

std::string add_token(model::database& database, std::string_view name, std::string_view role, std::int64_t rate,
                      model::sys_seconds expires_at, model::sys_seconds now) {
    auto token = "rdv_" + random_token();
    auto hash = sha256_hex(token);
    model::api_token made;
    made.name = name, made.role = role, made.rate = rate, made.expires_at = expires_at;
    database.write_now([&](soci::session& sql) { return model::api_tokens::add(sql, made, hash, now); });
    return token;
}

std::string seal_seed(const secrets& keys, std::string_view login, std::string_view seed) { return keys.seal(seal_use(login), seed); }
std::string open_seed(const secrets& keys, const model::user& user) { return keys.open(seal_use(user.login), user.totp_sealed); }

std::vector<std::string> random_recovery_codes() {
    std::vector<std::string> out(recovery_codes);
    for (auto& code : out)
        for (int i = 0; i < recovery_characters; ++i) {
            if (i > 0 && i % 4 == 0) code.push_back('-');
            code.push_back(crockford[randombytes_uniform(static_cast<std::uint32_t>(crockford.size()))]);
        }
    return out;
}

std::string recovery_code_hash(const secrets& keys, std::int64_t user, std::string_view typed) {
    std::string plain;
    for (auto c : typed) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (c == 'O') c = '0';
        if (c == 'I' || c == 'L') c = '1';
        if (crockford.find(c) != std::string_view::npos) plain.push_back(c);
    }
    // 50 bits alone could be searched in a stolen database: the server's key makes that impossible without it.
    return sha256_hex(keys.sign("recovery", std::to_string(user) + ":" + plain));
}

} // namespace relais::api
