// SPDX-License-Identifier: EUPL-1.2
#include "model/mail_cap.hpp"

#include "model/sql.hpp"

#include <nlohmann/json.hpp>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace relais::model::mail_caps {
namespace {

using mailing = std::pair<std::int64_t, std::int64_t>; // outbox row, when

struct mailbox {
    std::string mailings; // JSON [[row, at], ...], oldest first, at most day_limit
    std::int64_t version = 0;
    auto fields() { return std::tie(mailings, version); }
};

std::string key_of(std::string_view address) {
    auto at = address.rfind('@');
    std::string normal{address.substr(0, std::min(address.find('+'), at))};
    if (at != std::string_view::npos) normal += address.substr(at);
    for (auto& c : normal)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(normal.data()), normal.size());
    std::string hex(hash.size() * 2 + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
    hex.pop_back();
    return hex;
}

std::vector<mailing> of_last_day(const mailbox& box, std::int64_t now) {
    auto all = nlohmann::json::parse(box.mailings).get<std::vector<mailing>>();
    std::erase_if(all, [now](const mailing& each) { return each.second <= now - day_s; });
    return all;
}

std::int64_t earliest(const std::vector<mailing>& mailings, std::int64_t now) {
    auto at = now;
    if (!mailings.empty()) at = std::max(at, mailings.back().second + gap_s);
    if (mailings.size() >= day_limit) at = std::max(at, mailings[mailings.size() - day_limit].second + day_s);
    return at;
}

// False when another node wrote to the same mailbox at the same time.
bool write(soci::session& sql, const std::string& key, const std::string& mailings, const std::optional<mailbox>& known, std::int64_t now) {
    if (known)
        return sql::change(sql,
                           "UPDATE mail_cap SET mailings = :mailings, updated_at = :now, version = version + 1 "
                           "WHERE recipient_key = :recipient_key AND version = :version",
                           mailings, now, key, known->version) == 1;
    try {
        sql::change(sql, "INSERT INTO mail_cap (recipient_key, mailings, updated_at, version) VALUES (:recipient_key, :mailings, :now, 1)",
                    key, mailings, now);
        return true;
    } catch (const std::exception& error) {
        if (!sql::is_duplicate(error)) throw;
        return false;
    }
}

} // namespace

sys_seconds reserve(soci::session& sql, std::string_view address, std::int64_t outbox_id, sys_seconds now) {
    auto key = key_of(address);
    auto known = sql::first<mailbox>(sql, "SELECT mailings, version FROM mail_cap WHERE recipient_key = :recipient_key", key);
    auto mailings = known ? of_last_day(*known, seconds(now)) : std::vector<mailing>{};
    if (std::any_of(mailings.begin(), mailings.end(), [&](const mailing& each) { return each.first == outbox_id; })) return now;
    auto at = earliest(mailings, seconds(now));
    if (at > seconds(now)) return at_seconds(at);
    mailings.emplace_back(outbox_id, at);
    auto written = write(sql, key, nlohmann::json(mailings).dump(), known, at);
    return written ? now : now + std::chrono::seconds{clash_delay_s};
}

std::int64_t purge(soci::session& sql, sys_seconds now, int limit) {
    auto old = sql::all<std::string>(sql, "SELECT recipient_key FROM mail_cap WHERE updated_at <= :before LIMIT :limit",
                                     seconds(now) - day_s, limit);
    std::int64_t gone = 0;
    for (const auto& key : old)
        gone += sql::change(sql, "DELETE FROM mail_cap WHERE recipient_key = :recipient_key AND updated_at <= :before", key,
                            seconds(now) - day_s);
    return gone;
}

} // namespace relais::model::mail_caps
