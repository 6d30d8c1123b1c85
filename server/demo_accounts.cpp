// SPDX-License-Identifier: EUPL-1.2
#include "server/demo_accounts.hpp"

#include "api/accounts.hpp"
#include "model/password.hpp"
#include "model/totp.hpp"
#include "model/user.hpp"

#include <nlohmann/json.hpp>
#include <sodium.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace relais::server {
namespace {

using nlohmann::json;
using common_words = std::vector<std::string>;

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

json draw_accounts(const configuration& config, const common_words& common) {
    auto drawn = json::array();
    for (const auto& each : read_json(config.site.share_dir + "/config/demo_accounts.json")) {
        auto account = each;
        account["password"] = draw_password(each.at("login").get<std::string>(), common);
        account["seed"] = hex_of(model::totp::random_seed());
        drawn.push_back(std::move(account));
    }
    return drawn;
}

bool exists(model::database& database, const std::string& login) {
    auto read = [&](soci::session& sql) { return model::users::find(sql, login).has_value(); };
    return database.read_now(read);
}

// Written whole or not at all.
void keep(const std::string& file, const json& accounts) {
    std::ofstream(file + ".new") << accounts.dump(2) << '\n';
    std::filesystem::rename(file + ".new", file);
}

} // namespace

std::string demo_account_name(const configuration& config, const std::string& role) {
    for (const auto& each : read_json(config.site.share_dir + "/config/demo_accounts.json"))
        if (each.at("role") == role) return each.at("name");
    return {};
}

std::string accounts_file(const configuration& config) {
    return (std::filesystem::path(config.site.data_dir) / "demo-accounts.json").string();
}

// Easy to copy from a screen: four groups of four, without letters that look alike; 77 bits.
std::string draw_password(std::string_view login, const std::vector<std::string>& common) {
    constexpr std::string_view letters = "abcdefghjkmnpqrstuvwxyz23456789";
    std::string out;
    for (int i = 0; i < 16; ++i) {
        if (i > 0 && i % 4 == 0) out += '-';
        out += letters[randombytes_uniform(static_cast<std::uint32_t>(letters.size()))];
    }
    // One in 150 has too few letters of its own for the rule that holds for everybody's passwords.
    return model::passwords::faults(out, login, common).empty() ? out : draw_password(login, common);
}

// The file comes first, so that whoever was interrupted here goes on with the passwords that were drawn.
std::vector<api::demo_account> demo_accounts(const configuration& config, model::database& database, const api::secrets& keys) {
    auto file = accounts_file(config);
    auto common = model::passwords::read_common(config.site.share_dir + "/config/common_passwords.txt");
    if (!std::filesystem::exists(file)) {
        auto drawn = draw_accounts(config, common);
        for (const auto& each : drawn)
            if (exists(database, each.at("login")))
                throw std::runtime_error("this database already has accounts, but " + file + " is gone: choose another --data");
        keep(file, drawn);
    }
    std::vector<api::demo_account> out;
    for (const auto& each : read_json(file)) {
        out.push_back(account_of(each));
        if (exists(database, out.back().login)) continue;
        api::new_account account{each.at("login"),   each.at("name"),  each.at("role"),
                                 each.at("quality"), each.at("email"), each.at("password")};
        api::add_account_with_totp(database, keys, account, out.back().seed, common, model::system_now());
    }
    return out;
}

} // namespace relais::server
