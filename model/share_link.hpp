// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// The right of one person to open one share without an account, until a day. Source: security.md 4.8
struct share_link {
    std::int64_t id = 0, share_id = 0;
    std::string recipient, name;
    sys_seconds created_at, expires_at;
    std::optional<sys_seconds> opened_at, revoked_at;
    static constexpr auto columns = "id, share_id, recipient, name, created_at, expires_at, opened_at, revoked_at";
    auto fields() { return std::tie(id, share_id, recipient, name, created_at, expires_at, opened_at, revoked_at); }
    // Who acts through it: the name, else the address.
    const std::string& who() const { return name.empty() ? recipient : name; }
};

struct share_recipient {
    std::string email, name;
    auto fields() { return std::tie(email, name); }
};

namespace share_links {

constexpr int default_days = 90;

// The configured addresses and the accounts of product owners that have one, each once.
std::vector<share_recipient> recipients(soci::session& sql, const std::vector<std::string>& configured);

// A share that nobody received yet, of those made since, and of no week long over: where a link is due.
struct unsent_share {
    std::int64_t id = 0;
    std::string week;
    auto fields() { return std::tie(id, week); }
};
std::optional<unsent_share> unsent(soci::session& sql, sys_seconds since);

// Gives the link and queues the mail that carries it; once a share and a recipient.
void send(soci::session& sql, std::int64_t share_id, const std::string& week, const share_recipient& to, std::string_view token_hash,
          int days, sys_seconds now);

// Whether a share was sent: it has recipients, and the mail of each had left before then.
bool is_sent(soci::session& sql, std::int64_t share_id, sys_seconds by);

// The link of a token that is still good; nothing otherwise. Whoever left, his account disabled, has none.
std::optional<share_link> find(soci::session& sql, std::string_view token_hash, sys_seconds now);
void mark_opened(soci::session& sql, std::int64_t id, sys_seconds now);
void revoke(soci::session& sql, std::int64_t id, sys_seconds now);
std::vector<share_link> of_share(soci::session& sql, std::int64_t share_id);

} // namespace share_links

} // namespace relais::model
