// SPDX-License-Identifier: EUPL-1.2
#include "model/share_link.hpp"

#include "model/citizen.hpp"
#include "model/email_address.hpp"
#include "model/error.hpp"
#include "model/outbox.hpp"
#include "model/sql_bulk.hpp"

#include <algorithm>

namespace relais::model::share_links {

namespace {
const std::string select = std::string("SELECT ") + share_link::columns + " FROM share_link ";

// Shares that were missed for so long are written and not sent: they stand in the calendar.
constexpr int missed_days = 35;

std::string mail_key(std::int64_t link) { return "weekly_share:" + std::to_string(link); }

} // namespace

std::optional<share_recipient> recipient_of(std::string_view text) {
    auto open = text.find('<');
    if (open == std::string_view::npos || text.back() != '>') return std::nullopt;
    auto name = text.substr(0, open);
    while (name.ends_with(' ')) name.remove_suffix(1);
    auto address = email_addresses::check(text.substr(open + 1, text.size() - open - 2));
    if (name.empty() || !address.accepted()) return std::nullopt;
    return share_recipient{address.normalised, std::string(name), true};
}

std::vector<share_recipient> recipients(soci::session& sql, const std::vector<share_recipient>& configured) {
    auto all = sql::all<share_recipient>(
        sql, "SELECT email, name FROM user_account WHERE role = 'owner' AND disabled_at IS NULL AND email <> '' ORDER BY id LIMIT 200");
    for (auto& each : all)
        if (auto address = email_addresses::check(each.email); address.accepted()) each.email = address.normalised;
    all.insert(all.end(), configured.begin(), configured.end());
    std::vector<share_recipient> out;
    for (auto& each : all) {
        auto same = std::find_if(out.begin(), out.end(), [&each](const auto& known) {
            return citizens::lower_ascii(known.email) == citizens::lower_ascii(each.email);
        });
        if (same == out.end())
            out.push_back(std::move(each));
        else if (each.is_configured)
            same->is_configured = true;
    }
    return out;
}

std::optional<unsent_share> unsent(soci::session& sql, sys_seconds since) {
    return sql::first<unsent_share>(sql,
                                    "SELECT id, week FROM weekly_share WHERE made_at > :since AND until_at > :again AND NOT EXISTS (SELECT "
                                    "1 FROM share_link WHERE share_link.share_id = weekly_share.id) ORDER BY from_at LIMIT 1",
                                    since, since - std::chrono::hours(24) * missed_days);
}

void send(soci::session& sql, std::int64_t share_id, const std::string& week, const share_recipient& to, std::string_view token_hash,
          int days, sys_seconds now) {
    auto known =
        sql::first<std::int64_t>(sql, "SELECT id FROM share_link WHERE share_id = :share AND recipient = :recipient", share_id, to.email);
    if (known) return;
    auto id = sql::insert(sql,
                          "INSERT INTO share_link (share_id, recipient, name, token_hash, created_at, expires_at, is_configured) VALUES "
                          "(:share, :recipient, :name, :hash, :now, :expires, :configured)",
                          share_id, to.email, to.name, token_hash, now, now + std::chrono::hours(24) * days, to.is_configured ? 1 : 0);
    outbox_entry mail;
    mail.unique_key = mail_key(id);
    mail.kind = "weekly_share", mail.recipient = to.email;
    mail.payload = {{"week", week}, {"share", share_id}};
    outbox::add(sql, mail, now);
}

bool is_sent(soci::session& sql, std::int64_t share_id, sys_seconds by) {
    std::vector<std::string> values = {std::to_string(seconds(by))};
    for (const auto& each : of_share(sql, share_id)) values.push_back(mail_key(each.id));
    auto links = values.size() - 1;
    if (links == 0) return false;
    auto left = sql::all_bulk<std::int64_t>(
        sql, "SELECT COUNT(*) FROM outbox WHERE sent_at < :v0 AND unique_key IN (" + sql::placeholders(links, 1) + ")", values);
    return left.front() == static_cast<std::int64_t>(links);
}

std::optional<share_link> find(soci::session& sql, std::string_view token_hash, sys_seconds now) {
    const std::string owners = "(SELECT 1 FROM user_account WHERE LOWER(user_account.email) = LOWER(recipient) AND role = 'owner' AND ";
    return sql::first<share_link>(sql,
                                  select +
                                      "WHERE token_hash = :hash AND revoked_at IS NULL AND expires_at > :now AND (is_configured = 1 OR "
                                      "EXISTS " +
                                      owners + "disabled_at IS NULL) OR NOT EXISTS " + owners + "disabled_at IS NOT NULL))",
                                  token_hash, now);
}

void mark_opened(soci::session& sql, std::int64_t id, sys_seconds now) {
    sql::change(sql, "UPDATE share_link SET opened_at = :now WHERE id = :id AND opened_at IS NULL", now, id);
}

void revoke(soci::session& sql, std::int64_t share_id, std::int64_t id, const actor& who, sys_seconds now) {
    auto known = sql::first<std::int64_t>(sql, "SELECT id FROM share_link WHERE id = :id AND share_id = :share", id, share_id);
    if (!known) throw not_found();
    if (sql::change(sql, "UPDATE share_link SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL", now, id) == 0) return;
    events::record(sql, who, "share.link_revoked", "weekly_share", share_id, {{"link", id}}, now);
}

std::vector<share_link> of_share(soci::session& sql, std::int64_t share_id) {
    return sql::all<share_link>(sql, select + "WHERE share_id = :share ORDER BY id LIMIT 500", share_id);
}

} // namespace relais::model::share_links
