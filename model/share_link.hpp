// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/event.hpp"

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
};

struct share_recipient {
    std::string email, name;
    bool is_configured = false;
    auto fields() { return std::tie(email, name); }
};

namespace share_links {

constexpr int default_days = 90;

// "Name <address>"; nothing when it is not. What somebody decides by a link is told under that name: addresses are in no share.
std::optional<share_recipient> recipient_of(std::string_view text);
// The configured ones and the accounts of product owners that have an address, each address once, however it is typed.
std::vector<share_recipient> recipients(soci::session& sql, const std::vector<share_recipient>& configured);

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

// The link of a token that is still good; nothing otherwise. Whoever left has none: the owners' accounts of that address are disabled, and
// the configuration did not name it.
std::optional<share_link> find(soci::session& sql, std::string_view token_hash, sys_seconds now);
void mark_opened(soci::session& sql, std::int64_t id, sys_seconds now);
// Ends a link of that share before its time; once. Throws: not_found, when the share has no such link.
void revoke(soci::session& sql, std::int64_t share_id, std::int64_t id, const actor& who, sys_seconds now);
std::vector<share_link> of_share(soci::session& sql, std::int64_t share_id);

} // namespace share_links

} // namespace relais::model
