// SPDX-License-Identifier: EUPL-1.2
#include "server/demo_accounts.hpp"

#include "api/accounts.hpp"
#include "model/error.hpp"
#include "model/password.hpp"
#include "model/totp.hpp"

#include <nlohmann/json.hpp>
#include <sodium.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace relais::server {
namespace {

using nlohmann::json;

// Easy to copy from a screen: four groups of four, without letters that look alike; 77 bits.
std::string drawn_password() {
    constexpr std::string_view letters = "abcdefghjkmnpqrstuvwxyz23456789";
    std::string out;
    for (int i = 0; i < 16; ++i) {
        if (i > 0 && i % 4 == 0) out += '-';
        out += letters[randombytes_uniform(static_cast<std::uint32_t>(letters.size()))];
    }
    return out;
}

std::string hex_of(const std::string& bytes) {
    std::string out(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    out.pop_back();
    return out;
}

std::string bytes_of(const std::string& hex) {
    std::string out(hex.size() / 2, '\0');
    sodium_hex2bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), hex.data(), hex.size(), nullptr, nullptr, nullptr);
    return out;
}

json read_json(const std::string& file) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error("cannot read " + file);
    return json::parse(in);
}

api::demo_account account_of(const json& kept) {
    return {kept.at("login"), kept.at("name"), kept.at("role"), kept.at("password"), bytes_of(kept.at("seed"))};
}

void make_accounts(const configuration& config, model::database& database, const api::secrets& keys, const std::string& file) {
    auto common = model::passwords::read_common(config.site.share_dir + "/config/common_passwords.txt");
    auto kept = json::array();
    for (const auto& each : read_json(config.site.share_dir + "/config/demo_accounts.json")) {
        auto seed = model::totp::random_seed();
        api::new_account account{each.at("login"),   each.at("name"),  each.at("role"),
                                 each.at("quality"), each.at("email"), drawn_password()};
        api::add_account_with_totp(database, keys, account, seed, common, model::system_now());
        kept.push_back({{"login", account.login},
                        {"name", account.name},
                        {"role", account.role},
                        {"password", account.password},
                        {"seed", hex_of(seed)}});
    }
    std::ofstream(file) << kept.dump(2) << '\n';
}

} // namespace

std::string accounts_file(const configuration& config) {
    return (std::filesystem::path(config.site.data_dir) / "demo-accounts.json").string();
}

std::vector<api::demo_account> demo_accounts(const configuration& config, model::database& database, const api::secrets& keys) {
    auto file = accounts_file(config);
    try {
        if (!std::filesystem::exists(file)) make_accounts(config, database, keys, file);
    } catch (const model::conflict&) {
        throw std::runtime_error("this database already has accounts, but " + file + " is gone: choose another --data");
    }
    std::vector<api::demo_account> out;
    for (const auto& each : read_json(file)) out.push_back(account_of(each));
    return out;
}

} // namespace relais::server
