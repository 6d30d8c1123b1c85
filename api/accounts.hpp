// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/secrets.hpp"
#include "model/clock.hpp"
#include "model/database.hpp"
#include "model/user.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Accounts and tokens, for the command line, the demonstration and the pages. Those that take a database wait for it.
namespace relais::api {

struct new_account {
    std::string login, name, role, quality, email, password;
};

// Makes an account; its owner enrols a second factor at the first sign-in. common: passwords::read_common.
// Throws: invalid (login, name, role, password), conflict when the login is taken.
std::int64_t add_account(model::database& database, const new_account& from, const std::vector<std::string>& common,
                         model::sys_seconds now);

// The same with a second factor already given: the demonstration's accounts.
std::int64_t add_account_with_totp(model::database& database, const secrets& keys, const new_account& from, std::string_view seed,
                                   const std::vector<std::string>& common, model::sys_seconds now);

// Makes an API token and returns it: shown once, never stored. rate: requests a second, 0 = no limit.
// Throws: invalid (name, role, rate, expires_at).
std::string add_token(model::database& database, std::string_view name, std::string_view role, std::int64_t rate,
                      model::sys_seconds expires_at, model::sys_seconds now);

// Second factors at rest. The login stands in the seal, so that one account's cannot be given to another.
std::string seal_seed(const secrets& keys, std::string_view login, std::string_view seed);
std::string open_seed(const secrets& keys, const model::user& user);

// Ten codes of 50 bits, as people copy them ("3KX7-QM2P-8D"), and what is kept of a typed one.
std::vector<std::string> random_recovery_codes();
std::string recovery_code_hash(const secrets& keys, std::int64_t user, std::string_view typed);

} // namespace relais::api
